"""Dates of other calendars and in Chinese numerals: 令和6年5月3日, 民國99年, 二〇〇五年三月, ۲۰ اردیبهشت ۱۴۰۱."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from pipelines.dates.moment import Moment, moment

# The year before the first one of each era, by its name (the Japanese eras since 1912; the Republic of China).
_ERAS: Final = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "民國": 1911, "民国": 1911}
_ERA_DATE: Final = re.compile(
    rf"(?P<era>{'|'.join(_ERAS)})\s?(?P<year>元|\d{{1,3}})\s?年\s?(?P<month>\d{{1,2}})\s?月\s?(?P<day>\d{{1,2}})\s?日"
)
_DIGITS: Final = {sign: str(place) for place, signs in enumerate(("〇○零ＯO", *"一二三四五六七八九")) for sign in signs}
_NUMERAL: Final = f"[{''.join(_DIGITS)}]"
_NUMERAL_DATE: Final = re.compile(
    rf"(?P<year>{_NUMERAL}{{4}})年(?P<month>[一二三四五六七八九十]{{1,2}})月(?P<day>[一二三四五六七八九十]{{1,3}})日"
)
OTHER_YEARS: Final = rf"{_NUMERAL}{{4}}年|{'|'.join(_ERAS)}"
"""A pattern for years that have no four digits."""
# The months of the Jalali calendar, in Persian spelling.
_JALALI_MONTHS: Final = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split()
_CENTURY: Final = "[1۱١][34۳۴٣٤]"
_MONTH: Final = "|".join(_JALALI_MONTHS)
_JALALI_DATE: Final = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})\s*(?P<name>{_MONTH})\s*(?:ماه\s*)?(?P<year>{_CENTURY}\d\d)(?!\d)"
    rf"|(?<!\d)(?P<year2>{_CENTURY}\d\d)\s?[/.-]\s?(?P<month>\d{{1,2}})\s?[/.-]\s?(?P<day2>\d{{1,2}})(?!\d)"
)
_PERSIAN: Final = re.compile("[پچژگیک]")  # letters that Arabic does not use
# Days from the beginning of the calendar's cycles to the first day of the year 1.
_BEFORE_YEAR_1: Final = 356_033


class CalendarDate(NamedTuple):
    """A date, and its place in the text (start:end)."""

    moment: Moment
    start: int
    end: int


def dates_of_other_calendars(text: str, language: str | None) -> Iterator[CalendarDate]:
    """Every such date of a text. The language counts for Jalali dates without month names.

    >>> [date.moment.iso() for date in dates_of_other_calendars("平成22年5月12日, 二〇一〇年五月十二日", "ja")]
    ['2010-05-12', '2010-05-12']
    """
    if text.isascii():
        return
    if "年" in text:
        yield from _in_eras(text)
        yield from _in_numerals(text)
    if (language or "").startswith("fa") or _PERSIAN.search(text):
        yield from _in_jalali(text)


def _in_eras(text: str) -> Iterator[CalendarDate]:
    for hit in _ERA_DATE.finditer(text):
        year = _ERAS[hit["era"]] + (1 if hit["year"] == "元" else int(hit["year"]))
        if when := moment(year, int(hit["month"]), int(hit["day"])):
            yield CalendarDate(when, hit.start(), hit.end())


def _in_numerals(text: str) -> Iterator[CalendarDate]:
    for hit in _NUMERAL_DATE.finditer(text):
        year = int("".join(_DIGITS[sign] for sign in hit["year"]))
        if when := moment(year, _below_hundred(hit["month"]), _below_hundred(hit["day"])):
            yield CalendarDate(when, hit.start(), hit.end())


def _below_hundred(numeral: str) -> int:
    """The number that a Chinese numeral up to 99 writes: 十二 is 12, 三十 is 30."""
    tens, ten, ones = numeral.rpartition("十")
    return (int(_DIGITS.get(tens[:1], "1")) * 10 if ten else 0) + int(_DIGITS.get(ones[:1], "0"))


def _in_jalali(text: str) -> Iterator[CalendarDate]:
    for hit in _JALALI_DATE.finditer(text):
        month = _JALALI_MONTHS.index(hit["name"]) + 1 if hit["name"] else int(hit["month"])
        when = _from_jalali(int(hit["year"] or hit["year2"]), month, int(hit["day"] or hit["day2"]))
        if when:
            yield CalendarDate(when, hit.start(), hit.end())


def _from_jalali(year: int, month: int, day: int) -> Moment | None:
    """The Gregorian day, by the arithmetic calendar of 33-year cycles, which is exact from 1178 to 1633."""
    if not (1 <= month <= 12 and 1 <= day <= (31 if month <= 6 else 30)):
        return None
    year += 1595
    days = 365 * year + year // 33 * 8 + (year % 33 + 3) // 4 + day
    days += (month - 1) * 31 if month < 7 else (month - 7) * 30 + 186
    gregorian = date.fromordinal(days - _BEFORE_YEAR_1)
    return moment(gregorian.year, gregorian.month, gregorian.day)
