"""Writes times as UTC text that sorts by time: 2024-05-31T08:00:00Z. No other module writes this form."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from time import struct_time


def utc_stamp(moment: datetime) -> str:
    """A time as UTC text, to the second. A time without a zone is read as UTC."""
    return _in_utc(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def utc_now() -> str:
    """Now, as UTC text."""
    return utc_stamp(datetime.now(UTC))


def utc_text(text: str | None) -> str | None:
    """An ISO 8601 date or time as UTC text: a day stays a day, a time gets `Z`. None if unreadable.

    >>> utc_text("2024-05-31T10:00:00+02:00")
    '2024-05-31T08:00:00Z'
    >>> utc_text("2024-05-31")
    '2024-05-31'
    >>> utc_text("yesterday") is None
    True
    """
    text = (text or "").strip()
    try:
        if len(text) <= 10:
            return date.fromisoformat(text).isoformat()
        return utc_stamp(datetime.fromisoformat(text))
    except (ValueError, OverflowError):  # OverflowError if an offset leads out of the calendar
        return None


def utc_beginning(text: str | None) -> str | None:
    """An ISO 8601 date or time as a time in UTC: a day as its beginning. None if unreadable.

    >>> utc_beginning("2024-05-31"), utc_beginning("2024-05-31T10:00:00+02:00")
    ('2024-05-31T00:00:00Z', '2024-05-31T08:00:00Z')
    """
    stated = utc_text(text)
    return stated if stated is None or "T" in stated else f"{stated}T00:00:00Z"


def http_time(text: str | None) -> datetime | None:
    """The time of an HTTP header in any of its three forms (RFC 9110, section 5.6.7), in UTC; None if unreadable.

    >>> http_time("Sun, 06 Nov 1994 08:49:37 GMT") == http_time("Sun Nov  6 08:49:37 1994")
    True
    >>> http_time("soon") is None
    True
    """
    try:
        return _in_utc(parsedate_to_datetime((text or "").strip()))  # the form without a zone is in UTC too
    except (TypeError, ValueError, OverflowError):
        return None


def utc_of(moment: struct_time) -> str | None:
    """A parsed UTC time (feedparser's form) as text. None if its offset led out of the calendar."""
    try:
        return utc_stamp(datetime(*moment[:6], tzinfo=UTC))
    except ValueError:
        return None
