"""Dates: each form is read as precisely as it is stated, and not more precisely."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from pipelines.dates.names import names
from pipelines.dates.order import Order, order_of
from pipelines.dates.parse import find_dates, parse_stated
from pipelines.dates.relative import relative_moment

CASES = tomllib.loads(Path(__file__).with_name("date_cases.toml").read_text(encoding="utf-8"))


def iso(text: str, language: str | None = None, order: Order = Order.DAY_FIRST) -> str:
    found = parse_stated(text, language, order)
    return found.iso() if found else ""


@pytest.mark.parametrize(("text", "expected"), CASES["stated"].items())
def test_a_stated_date_is_read_as_precisely_as_it_is_written(text: str, expected: str) -> None:
    assert iso(text) == expected


@pytest.mark.parametrize(("text", "language", "order", "expected"), CASES["order"]["rows"])
def test_language_and_order_decide_what_a_short_date_means(text: str, language: str, order: str, expected: str) -> None:
    assert iso(text, language, Order(order)) == expected


@pytest.mark.parametrize(
    ("language", "url", "texts", "expected"),
    [
        (None, "https://news.example.de/a", [], Order.DAY_FIRST),
        ("en", "https://news.example.co.uk/a", [], Order.DAY_FIRST),
        ("en", "https://news.example.com/a", [], Order.MONTH_FIRST),
        ("en-AU", "https://news.example.com/a", [], Order.DAY_FIRST),
        ("en", "https://news.example.com/a", ["Posted 23/4/2021"], Order.DAY_FIRST),
        ("de", "https://news.example.de/a", ["4/23/2021"], Order.MONTH_FIRST),
        ("en", "https://example.io/a", [], Order.MONTH_FIRST),
    ],
)
def test_the_pages_other_dates_then_its_country_then_its_language_order_day_and_month(
    language: str | None, url: str, texts: list[str], expected: Order
) -> None:
    assert order_of(language, url, texts) is expected


def test_dates_in_a_text_are_found_with_their_place() -> None:
    text = "Opened on 3 May 1999 and closed, after a fire, on June 7, 2004 at noon."
    assert [(text[f.start : f.end], f.moment.iso()) for f in find_dates(text)] == [
        ("3 May 1999", "1999-05-03"),
        ("June 7, 2004", "2004-06-07"),
    ]


@pytest.mark.parametrize(
    ("text", "language", "month"),
    [
        ("Published in May 2021", None, "2021-05"),
        ("The mill was sold in May 2021 to its tenant.", None, "2021-05"),
        ("Mai 2021", "de", "2021-05"),
        ("2021年5月", "zh", "2021-05"),
        ("In 2021 the mill was sold.", None, ""),
    ],
)
def test_a_month_alone_is_found_if_no_other_digit_is_near_it(text: str, language: str | None, month: str) -> None:
    assert [found.moment.iso() for found in find_dates(text, language)] == [month] * bool(month)


def test_the_shortest_date_has_three_digits() -> None:
    assert [date.moment.iso() for date in find_dates("4 May '21", short_years=True)] == ["2021-05-04"]
    assert find_dates("4 May, 7 days", short_years=True) == []


def test_a_date_whose_day_and_month_could_be_swapped_says_so() -> None:
    assert find_dates("04/11/2017")[0].ambiguous
    assert not find_dates("04/13/2017")[0].ambiguous
    assert not find_dates("04/04/2017")[0].ambiguous


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 hours ago", "2024-05-01"),
        ("vor 2 Tagen", "2024-04-29"),
        ("il y a 1 semaine", "2024-04-24"),
        ("5 минут назад", "2024-05-01"),
        ("4 months ago", None),
        ("3 hours of work", None),
    ],
)
def test_a_relative_time_is_a_date_only_if_the_time_of_fetching_is_known(text: str, expected: str | None) -> None:
    found = relative_moment(text, "2024-05-01T12:00:00+00:00")
    assert (found.iso() if found else None) == expected
    assert relative_moment(text, None) is None


def test_the_table_of_names_knows_at_least_thirty_languages_and_is_the_one_that_babel_makes() -> None:
    pytest.importorskip("babel")
    from tools.date_names import LOCALES, table

    assert len({name.split("_")[0] for name in LOCALES}) >= 30
    made = json.loads(json.dumps(table()))
    # Another version of Babel may have more names, but it must agree about ours.
    assert {name for name in names()["months"] if name not in made["months"]} == set()


def test_a_long_text_of_digits_costs_no_more_than_its_length() -> None:
    import time

    start = time.process_time()
    find_dates("12 3 45 2017 " * 4000)
    find_dates("1" * 100_000)
    find_dates("a " * 50_000 + "2017")
    assert time.process_time() - start < 5
