"""Decides whether 4/11 is the fourth of November or the eleventh of April: by the page, its country, its language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from typing import Final

from cleaners.words.addresses import host_name
from pipelines.dates.names import names

# The look-behind comes after the first digit, so that places without a digit are skipped at once.
_NUMERIC: Final = re.compile(r"(\d(?<![\d./-]\d)\d?)([./-])(\d{1,2})\2(?:\d{4}|\d{2})(?![\d./-]\d)")


class Order(Enum):
    """Says which of two numbers is the day."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


def order_of(language: str | None, url: str | None, texts: Iterable[str] = ()) -> Order:
    """The order of day and month: the page's other dates, else the country of its domain, else its language.

    `texts` are passages with dates; a number above 12 in one settles it for the page.
    """
    return order_in(texts) or _of_country(url, language) or _of_language(language)


def order_in(texts: Iterable[str]) -> Order | None:
    """The order of day and month in most of the dates that allow only one; None if there is no majority."""
    first = second = 0
    for text in texts:
        for a, _, b in _NUMERIC.findall(text):
            first += int(a) > 12 >= int(b)
            second += int(b) > 12 >= int(a)
    if first == second:
        return None
    return Order.DAY_FIRST if first > second else Order.MONTH_FIRST


def _of_country(url: str | None, language: str | None) -> Order | None:
    region = (language or "").replace("_", "-").lower().split("-")[-1]
    if len(region) == 2 and "-" in (language or "").replace("_", "-"):
        return _of_territory(region)
    ending = host_name(url).rsplit(".", 1)[-1]
    if len(ending) != 2 or ending in _NOT_A_PLACE:
        return None
    return _of_territory("gb" if ending == "uk" else ending)


# Country domains that are sold as ordinary words (IANA root zone; each is advertised worldwide by its registry).
_NOT_A_PLACE: Final = frozenset("ai cc co fm gg io ly me tv to vc ws".split())


def _of_territory(territory: str) -> Order:
    month_first = names()["month_first"]["territories"]
    return Order.MONTH_FIRST if territory in month_first else Order.DAY_FIRST


def _of_language(language: str | None) -> Order:
    primary = (language or "en").replace("_", "-").split("-")[0].lower()
    month_first = names()["month_first"]["languages"]
    return Order.MONTH_FIRST if primary in month_first else Order.DAY_FIRST
