"""Moments as UTC text that sorts by time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from time import struct_time


def utc_text(text: str | None) -> str | None:
    """A sitemap's date as UTC text that sorts by time: `2024-05-31` stays a day, a time gets `Z`. None if unreadable.

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
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # the second where an offset leads out of the calendar
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_of(moment: struct_time) -> str | None:
    """A parsed UTC time as text. None where its offset leads out of the calendar."""
    try:
        return datetime(*moment[:6], tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:  # an offset that leads out of the calendar
        return None
