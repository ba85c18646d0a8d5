"""Relative times ("3 hours ago"): they give a date only if the time of the fetch is known."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from pipelines.dates.moment import Moment, from_datetime, utc_instant
from pipelines.dates.names import fold_accents, names

_NUMBER: Final = re.compile(r"\d{1,3}")
_LONGEST_CHARS: Final = 40  # "vor 3 Stunden", with room for "Published:"
_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}


def relative_moment(text: str, fetched_at: str | None) -> Moment | None:
    """The day that a phrase names, counted from fetched_at; also for hours and less, because pages round them.

    None without fetched_at, for months and years (too coarse for a day), and for any other text.
    """
    now = utc_instant(fetched_at)
    number = _NUMBER.search(text) if now and len(text) <= _LONGEST_CHARS else None
    if now is None or number is None:
        return None
    unit = names()["ago"].get(fold_accents(text[: number.start()] + "#" + text[number.end() :]))
    if unit not in _SECONDS:
        return None
    try:
        then = now - timedelta(seconds=int(number[0]) * _SECONDS[unit])
    except OverflowError:  # before the first day of the calendar
        return None
    return from_datetime(then, with_time=False)
