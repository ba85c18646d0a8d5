"""Times of day next to a date, and offsets from UTC where one is stated."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pipelines.dates.names import is_afternoon

# Abbreviations that mean one offset wherever they are used (IANA time zone database); IST, BST, AST and the like mean
# several and are no evidence.
_ZONES: Final = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "eet": 120, "eest": 180,
    "msk": 180, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480, "wib": 420, "aest": 600, "aedt": 660, "nzst": 720,
    "nzdt": 780, "est": -300, "edt": -240, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip
_ZONE: Final = r"(?:(?:utc|gmt)?\s?[+\-−]\d{1,2}(?::?\d\d)?(?!\d)|[a-z]{1,4}(?![^\W\d_]))"
_HALF: Final = r"(?:[ap]\.?\s?m\b\.?|오전|오후|上午|下午|午前|午後)"
_CLOCK: Final = (
    rf"(?:(?P<lead>오전|오후|上午|下午|午前|午後)\s?)?(?P<h>\d{{1,2}})"
    rf"(?:(?:[:時时시h]|(?P<dot>\.))\s?(?P<m>\d\d)(?:[:.](?P<s>\d\d)(?:[.,]\d+)?)?분?(?!\d)\s?(?P<half>{_HALF})?"
    rf"|\s?(?P<half2>{_HALF}))"
    rf"(?P<tail>\s?(?:uhr|hrs|hs|ч)\b)?\s?\(?(?P<zone>{_ZONE})?"
)
# Between a date and its time there may be a comma, a bar, "at", "um", "a las", a weekday …, never a digit.
_AFTER: Final = re.compile(rf"[^\d\n]{{0,16}}?(?<![\d.,$€£]){_CLOCK}", re.IGNORECASE)
_GLUED: Final = re.compile(_CLOCK, re.IGNORECASE)  # 2005-03-1210:22, where markup parted the two
_BEFORE: Final = re.compile(rf"(?<![\d:.]){_CLOCK}[^\d\n]{{0,16}}$", re.IGNORECASE)
_BEFORE_CHARS: Final = 40


class Clock(NamedTuple):
    """A time of day; `offset` in minutes east of UTC where stated."""

    hour: int
    minute: int
    second: int | None
    offset: int | None


def clock_after(text: str, end: int) -> tuple[Clock, int] | None:
    """The time that follows a date ending at `end`, and where it ends."""
    hit = (_GLUED if text[end : end + 1].isdigit() else _AFTER).match(text, end, end + 50)
    clock = _read(hit) if hit else None
    return (clock, hit.end()) if hit and clock else None


def clock_before(text: str, start: int) -> tuple[Clock, int] | None:
    """The time before a date that starts at `start`, and where the time starts."""
    hit = _BEFORE.search(text, max(0, start - _BEFORE_CHARS), start)
    clock = _read(hit) if hit else None
    return (clock, hit.start()) if hit and clock else None


def offset_minutes(zone: str | None) -> int | None:
    """Minutes east of UTC of "+02:00", "GMT+2", "Z" or an abbreviation with one meaning; else None."""
    if not zone:
        return None
    name = zone.strip(" ()").lower().replace("−", "-")
    if name in _ZONES:
        return _ZONES[name]
    hit = re.match(r"(?:utc|gmt)?\s?([+-])(\d{1,2}):?(\d\d)?(?!\d)", name)
    if not hit:
        return None
    minutes = int(hit[2]) * 60 + int(hit[3] or 0)
    return -minutes if hit[1] == "-" else minutes


def _read(hit: re.Match[str]) -> Clock | None:
    hour, minute = int(hit["h"]), int(hit["m"] or 0)
    half = hit["half"] or hit["half2"] or hit["lead"]
    # "7.29" is a time only if a word or an offset shows it: most numbers with a point are not times.
    if hit["dot"] and not (half or hit["tail"]):
        return None
    if half:
        hour = _full_day(hour, half)
    if hour > 23 or minute > 59:
        return None
    return Clock(hour, minute, int(hit["s"]) if hit["s"] else None, offset_minutes(hit["zone"]))


def _full_day(hour: int, half: str) -> int:
    afternoon = is_afternoon(half.replace(" ", ""))
    if afternoon and hour < 12:
        return hour + 12
    return 0 if afternoon is False and hour == 12 else hour
