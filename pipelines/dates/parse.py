"""Dates in running text, and dates stated in places made for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from dateutil import parser as dateutil_parser

from cleaners.words.scripts import CJK
from pipelines.dates.calendars import CalendarDate, dates_of_other_calendars
from pipelines.dates.clock import clock_after, clock_before, offset_minutes
from pipelines.dates.moment import Moment, from_datetime, from_epoch, moment
from pipelines.dates.names import month_number
from pipelines.dates.order import Order

# The rest of a date is this near to its year, in characters: "Wednesday, 28th of September, 2016 at 10:15 a.m. GMT+2".
_WINDOW: Final = 40
# A longer text is prose, not a stated date.
_STATED_CHARS: Final = 120
# Two-digit years: 69 and above belong to the last century (the POSIX convention, strptime's %y).
_PIVOT: Final = 69
_BUDDHIST_ERA: Final = 543
# Years of dates in text: a page with another year is about it, not from it.
_YEARS_IN_TEXT: Final = range(1800, 2100)
# Years that a number alone may mean.
_PLAIN_YEARS: Final = range(1900, 2100)

_DIGIT: Final = re.compile(r"\d")
_THREE_DIGITS: Final = re.compile(r"\d(?:\D*\d){2}")  # no shape of a date has fewer
_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_WORD: Final = r"[^\s\d.,;:/()|\[\]<>\"'’·•–—_@#=?!+*-]{2,24}"
_ORDINAL: Final = r"(?:st|nd|rd|th|er|re|º|ª|°|\.|(?<=\d)[ae](?=\s))?"
_FILLER: Final = r"(?:[^\W\d_]{1,4}[.'’]?\s{1,2})?"

# Markup may glue the time to the day: 2005-03-1210:22.
_YMD: Final = re.compile(
    r"(?<![\d.])(\d{4})\s?([-/.年년])\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2}(?!\d)|\d\d(?=\d\d:\d\d))(?:\s?[日号號일])?"
)
_YEAR_THEN_DAY: Final = re.compile(r"(?<!\d)(\d{4})(\s{1,2})(\d{1,2})\s?[/-]\s?(\d{1,2})(?![\d/-])")  # 2021 01/05
_NUMERIC: Final = re.compile(r"(?<![\d./-])(\d{1,2})\s?([./|-])\s?(\d{1,2})\s?\2\s?(\d{4}(?!:\d)|\d{2})(?!\d|[./-]\d)")
_VIETNAMESE: Final = re.compile(r"(?<!\d)(\d{1,2})\s?tháng\s?(\d{1,2})(?:,|\s?năm)?\s(\d{4})(?!\d)", re.IGNORECASE)
_THAI_MONTH: Final = r"(?:[ก-๙]{1,3}\.){2}"  # พ.ค.
_DAY_MONTH: Final = re.compile(
    rf"(?<![\d.,$€£])(?<!\d:)(\d{{1,2}}){_ORDINAL}[\s.,/-]{{0,3}}{_FILLER}({_THAI_MONTH}|{_WORD})[\s.,/'’-]{{0,3}}"
    rf"{_FILLER}(\d{{4}}|(?<=['’ /-])\d\d)(?![\d:%])"
)
_MONTH_DAY: Final = re.compile(
    rf"(?<!\w)({_WORD})[.,]?\s{{0,2}}(?<![^\W_])(\d{{1,2}})(?:st|nd|rd|th)?[\s.,/'’-]{{1,3}}"
    rf"{_FILLER}(\d{{4}}|(?<=['’ /,-])\d\d)(?![\d:%])"
)
_YEAR_MONTH: Final = re.compile(
    rf"(?<!\d)(\d{{4}})[.,]?\s?(?:[^\W\d_]{{1,4}}[.,]?\s)?[-\s/]?({_WORD})[-\s.,/]{{1,2}}(\d{{1,2}})(?![\d:])"
)
_MONTH_YEAR: Final = re.compile(rf"(?<!\w)(?<!\d\s)({_WORD})[.,]?\s(?:de\s)?(\d{{4}})(?!\d)")
_YEAR_MONTH_SIGNS: Final = re.compile(r"(?<!\d)(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]")
_YEAR_FIRST: Final = frozenset(("zh", "ja", "ko"))
_EAST_ASIAN: Final = re.compile(f"[{CJK}가-힣]")
_COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(?!\d)")


class DateFound(NamedTuple):
    """A date in a text: the Moment, its place (start:end), its shape, whether day and month could be swapped."""

    moment: Moment
    start: int
    end: int
    shape: str
    ambiguous: bool = False


def find_dates(
    text: str, language: str | None = None, order: Order = Order.DAY_FIRST, *, short_years: bool = False
) -> list[DateFound]:
    """Every date in a text, in reading order. Cost is linear in its length.

    Only dates with a four-digit year are seen, unless `short_years` (meant for short strings such as "11.4.17").
    """
    found = [_of_other_calendar(text, one) for one in dates_of_other_calendars(text, language)]
    if found or not _THREE_DIGITS.search(text):  # most lines searched for a short date have no digit
        return sorted(found, key=lambda date: date.start)
    if short_years and len(text) <= _STATED_CHARS:
        hit = _search(text, 0, len(text), language, order, None)
        return [hit] if hit else []
    done = 0
    for year in _YEAR.finditer(text):
        if year.start() < done:
            continue
        lo, hi = max(done, year.start() - _WINDOW), year.end() + _WINDOW
        hit = _search(text, lo, hi, language, order, year.span())
        if hit:
            found.append(hit)
            done = hit.end
    return found


def _of_other_calendar(text: str, date: CalendarDate) -> DateFound:
    timed, start, end = _with_clock(date.moment, text, date.start, date.end)
    return DateFound(timed, start, end, "ymd")


def parse_stated(text: str, language: str | None = None, order: Order = Order.DAY_FIRST) -> Moment | None:
    """The date in a place made for one: ISO 8601, Unix time, a shape of running text, else what dateutil reads."""
    text = text.strip()[:_STATED_CHARS]
    if len(text) < 4 or not any(c.isdigit() or c == "年" for c in text):
        return None
    return _iso(text) or _number(text) or _first(text, language, order) or _by_dateutil(text, order)


def _iso(text: str) -> Moment | None:
    if len(text) < 10 or text[4] != "-" or text[7] != "-":
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) == 10:
        return from_datetime(when, with_time=False)
    found = from_datetime(when)
    # 07:29 states no seconds. Fractions of a second are left out.
    if found and found.second is not None and text.count(":") - text[16:].count(":") == 1 and text[16:17] != ":":
        return found._replace(second=None)
    return found


def _number(text: str) -> Moment | None:
    if text.isascii() and text.isdigit():
        if len(text) in (10, 13):
            return from_epoch(int(text))
        if len(text) == 4:
            return moment(int(text)) if int(text) in _PLAIN_YEARS else None
    hit = _COMPACT.match(text)
    if hit and int(hit[1]) in _PLAIN_YEARS:
        h, mi, s = (int(part) if part else None for part in hit.group(4, 5, 6))
        return moment(int(hit[1]), int(hit[2]), int(hit[3]), h, mi, s, offset_minutes(text[hit.end() : hit.end() + 10]))
    if re.fullmatch(r"\d{4}-\d\d", text):
        return moment(int(text[:4]), int(text[5:]))
    return None


def _first(text: str, language: str | None, order: Order) -> Moment | None:
    found = find_dates(text, language, order) or find_dates(text, language, order, short_years=True)
    return found[0].moment if found else None


def _by_dateutil(text: str, order: Order) -> Moment | None:
    """The date that dateutil reads without guessing: two different defaults must lead to the same day."""
    read = []
    for default in (datetime(2001, 1, 1), datetime(2002, 2, 2)):
        try:
            read.append(dateutil_parser.parse(text, default=default, dayfirst=order is Order.DAY_FIRST, ignoretz=True))
        except (ValueError, OverflowError, TypeError, AttributeError, ArithmeticError):
            return None
    if read[0].date() != read[1].date():
        return None
    found = from_datetime(read[0], with_time=":" in text)
    offset = offset_minutes(text.split(":")[-1][2:])
    return found._replace(offset=offset) if found and found.hour is not None else found


def _read_ymd(hit: re.Match[str], language: str | None, order: Order) -> Moment | None:
    return moment(_year(hit[1]), int(hit[3]), int(hit[4]))


def _read_numeric(hit: re.Match[str], language: str | None, order: Order) -> Moment | None:
    a, b, year = int(hit[1]), int(hit[3]), _year(hit[4])
    if _puts_year_first(hit, language):
        return moment(_year(hit[1].zfill(2)), b, int(hit[4]))
    # With dots, the day comes first everywhere (CLDR: no locale writes month.day.year).
    day_first = order is Order.DAY_FIRST or hit[2] == "."
    return moment(year, b, a) if a > 12 or (day_first and b <= 12) else moment(year, a, b)


def _puts_year_first(hit: re.Match[str], language: str | None) -> bool:
    """Whether 10-05-12 is a day of 2010, as in Chinese, Japanese and Korean."""
    if len(hit[4]) > 2:
        return False
    return (language or "")[:2].lower() in _YEAR_FIRST or _EAST_ASIAN.search(hit.string) is not None


def _could_be_swapped(hit: re.Match[str], language: str | None) -> bool:
    """Whether day and month of a numeric date could be the other way round."""
    if hit[2] == "." or _puts_year_first(hit, language):
        return False
    a, b = int(hit[1]), int(hit[3])
    return a != b and max(a, b) <= 12


def _read_day_month(hit: re.Match[str], language: str | None, order: Order) -> Moment | None:
    return _with_month(hit[3], hit[2], hit[1], language)


def _read_month_day(hit: re.Match[str], language: str | None, order: Order) -> Moment | None:
    return _with_month(hit[3], hit[1], hit[2], language)


def _read_year_month(hit: re.Match[str], language: str | None, order: Order) -> Moment | None:
    return _with_month(hit[1], hit[2], hit[3], language)


def _with_month(year: str, name: str, day: str, language: str | None) -> Moment | None:
    month = month_number(name, language)
    return moment(_year(year), month, int(day)) if month else None


def _read_vietnamese(hit: re.Match[str], language: str | None, order: Order) -> Moment | None:
    return moment(_year(hit[3]), int(hit[2]), int(hit[1]))


def _read_month_year(hit: re.Match[str], language: str | None, order: Order) -> Moment | None:
    month = month_number(hit[1], language)
    return moment(_year(hit[2]), month) if month else None


def _read_year_month_signs(hit: re.Match[str], language: str | None, order: Order) -> Moment | None:
    return moment(_year(hit[1]), int(hit[2]))


class _Shape(NamedTuple):
    """A shape of dates: its name, its pattern, and what a match means; None if there is no such month or day."""

    name: str
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], str | None, Order], Moment | None]


# The shapes of a month alone. For a year with no other digit near it, as most have none, no other shape is tried.
_SHAPES_WITHOUT_DAY: Final = (
    _Shape("month_year", _MONTH_YEAR, _read_month_year),
    _Shape("month_year", _YEAR_MONTH_SIGNS, _read_year_month_signs),
)
# All shapes, most certain first.
_SHAPES: Final = (
    _Shape("ymd", _YMD, _read_ymd),
    _Shape("ymd", _YEAR_THEN_DAY, _read_ymd),
    _Shape("numeric", _NUMERIC, _read_numeric),
    _Shape("day_month", _DAY_MONTH, _read_day_month),
    _Shape("day_month", _VIETNAMESE, _read_vietnamese),
    _Shape("month_day", _MONTH_DAY, _read_month_day),
    _Shape("year_month", _YEAR_MONTH, _read_year_month),
    *_SHAPES_WITHOUT_DAY,
)


def _search(
    text: str,
    lo: int,
    hi: int,
    language: str | None,
    order: Order,
    year: tuple[int, int] | None,
) -> DateFound | None:
    """The first shape that fits in text[lo:hi] and holds the year's span."""
    has_day = year is None or _DIGIT.search(text, lo, year[0]) or _DIGIT.search(text, year[1], hi)
    for found in _fits(_SHAPES if has_day else _SHAPES_WITHOUT_DAY, text, lo, hi, language, order):
        if year is None or (found.start <= year[0] and year[1] <= found.end):
            timed, start, end = _with_clock(found.moment, text, found.start, found.end)
            return found._replace(moment=timed, start=start, end=end)
    return None


def _fits(
    shapes: Sequence[_Shape], text: str, lo: int, hi: int, language: str | None, order: Order
) -> Iterator[DateFound]:
    for shape in shapes:
        for hit in shape.pattern.finditer(text, lo, hi):
            when = shape.read(hit, language, order)
            if when and when.year in _YEARS_IN_TEXT:
                is_ambiguous = shape.pattern is _NUMERIC and _could_be_swapped(hit, language)
                yield DateFound(when, hit.start(), hit.end(), shape.name, is_ambiguous)


def _with_clock(when: Moment, text: str, start: int, end: int) -> tuple[Moment, int, int]:
    if when.day is None:
        return when, start, end
    after = clock_after(text, end)
    if after:
        clock, end = after
    else:
        before = clock_before(text, start)
        if not before:
            return when, start, end
        clock, start = before
    timed = moment(when.year, when.month, when.day, clock.hour, clock.minute, clock.second, clock.offset)
    return timed or when, start, end


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 2:
        return year + (1900 if year >= _PIVOT else 2000)
    return year - _BUDDHIST_ERA if 2400 < year < 2700 else year
