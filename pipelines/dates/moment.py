"""A point in time, exactly as precise as the evidence for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

# Local clocks run from 12 hours behind to 14 hours ahead of UTC (IANA time zone database, Pacific/Kiritimati).
_FURTHEST_AHEAD: Final = timedelta(hours=14)
# The oldest newspapers that are on the web today; a smaller number is not taken for a year.
EARLIEST_YEAR: Final = 1700
# The date that an empty field gives: the start of Unix time, as seen east or west of Greenwich.
_EMPTY: Final = ((1970, 1, 1), (1969, 12, 31))


class Moment(NamedTuple):
    """Year, then as many further parts as were stated. `offset` is minutes east of UTC, None where none was stated."""

    year: int
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    offset: int | None = None

    def iso(self) -> str:
        """ISO 8601 with the stated parts only: 2017, 2017-04, 2017-04-11, 2017-04-11T07:29, …+02:00."""
        text = f"{self.year:04d}"
        for sign, part in zip("--T::", self[1:6], strict=True):
            if part is None:
                break
            text += f"{sign}{part:02d}"
        if self.hour is None or self.offset is None:
            return text
        sign = "-" if self.offset < 0 else "+"
        return f"{text}{sign}{abs(self.offset) // 60:02d}:{abs(self.offset) % 60:02d}"

    @property
    def date(self) -> str | None:
        """YYYY-MM-DD, or None if the day is not stated."""
        return None if self.day is None else f"{self.year:04d}-{self.month:02d}-{self.day:02d}"

    def earliest(self) -> datetime:
        """The earliest instant that this can mean, in UTC."""
        local = datetime(self.year, self.month or 1, self.day or 1, self.hour or 0, self.minute or 0, self.second or 0)
        ahead = _FURTHEST_AHEAD if self.offset is None else timedelta(minutes=self.offset)
        try:
            return (local - ahead).replace(tzinfo=UTC)
        except OverflowError:
            return local.replace(tzinfo=UTC)

    def is_after(self, fetched_at: str | None) -> bool:
        """Whether this is later than `fetched_at` (UTC, ISO 8601) in every time zone."""
        limit = utc_instant(fetched_at)
        return limit is not None and self.earliest() > limit


def moment(
    year: int,
    month: int | None = None,
    day: int | None = None,
    hour: int | None = None,
    minute: int | None = None,
    second: int | None = None,
    offset: int | None = None,
) -> Moment | None:
    """A Moment, or None if the calendar has no such date. An impossible time of day is left out."""
    try:
        datetime(year, 1 if month is None else month, 1 if day is None else day)
    except (ValueError, OverflowError):
        return None
    if year < EARLIEST_YEAR or (year, month, day) in _EMPTY:
        return None
    if day is None or hour is None or not (0 <= hour < 24 and 0 <= (minute or 0) < 60):
        return Moment(year, month, day)
    if offset is not None and abs(offset) > 14 * 60:
        offset = None
    return Moment(year, month, day, hour, minute or 0, second if second is None or second < 60 else 59, offset)


def from_datetime(when: datetime, *, with_time: bool = True) -> Moment | None:
    """A datetime as a Moment, with its offset if it has one."""
    if not with_time:
        return moment(when.year, when.month, when.day)
    shift = when.utcoffset()
    offset = None if shift is None else int(shift.total_seconds() // 60)
    return moment(when.year, when.month, when.day, when.hour, when.minute, when.second, offset)


def from_epoch(number: int) -> Moment | None:
    """A Unix time as a Moment: seconds, or milliseconds if the number is too large for seconds."""
    seconds = number // 1000 if number > 100_000_000_000 else number
    try:
        return from_datetime(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def utc_instant(text: str | None) -> datetime | None:
    """An ISO 8601 time as an instant; UTC if it states no offset. None for any other text."""
    if not text:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
