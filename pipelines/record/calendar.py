"""Converts a record's date to the two forms that programs compare: a day, and an instant in UTC."""

from __future__ import annotations

from pipelines.dates.utc import utc_text


def day_of(date: str | None) -> str | None:
    """The day of a record's date, YYYY-MM-DD; None if it is less precise.

    >>> day_of("2017-04-11T07:29"), day_of("2017-04")
    ('2017-04-11', None)
    """
    return date[:10] if date and len(date) >= 10 else None


def instant_of(date: str | None) -> str | None:
    """The instant of a record's date in UTC; None if it states no time or no offset.

    >>> instant_of("2017-04-11T07:29:00+02:00"), instant_of("2017-04-11T07:29")
    ('2017-04-11T05:29:00Z', None)
    """
    return utc_text(date) if date and len(date) > 16 and date[-6] in "+-" else None
