"""The forms that the facts in a site's entry must have: a table of tests, each with the words of its message."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from pipelines.evidence.language import language_tag
from pipelines.evidence.site_rules import is_selector

SELECTED: Final = ("headline", "published", "author")
LINKS: Final = ("next_page", "single_page")
PLACE: Final = re.compile(r"(meta|class|id):([\w.:@/-]+)")
_OFFSET: Final = re.compile(r"[+-](?:0\d|1[0-4]):[0-5]\d")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_domain(value: object) -> bool:
    return isinstance(value, str) and "." in value


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_language(value: object) -> bool:
    return isinstance(value, str) and (value == "" or language_tag(value) == value)


def _is_date_order(value: object) -> bool:
    return value in ("", "dmy", "mdy")


def _is_offset(value: object) -> bool:
    return value == "" or (isinstance(value, str) and bool(_OFFSET.fullmatch(value)))


def _is_place(value: object) -> bool:
    return value == "" or _is_rule(value) or (isinstance(value, str) and bool(PLACE.fullmatch(value)))


def _is_rule(value: object) -> bool:
    return isinstance(value, str) and is_selector(value)


def _is_rule_or_empty(value: object) -> bool:
    return value == "" or _is_rule(value)


def _are_rules(value: object) -> bool:
    return isinstance(value, list | tuple) and all(map(_is_rule, value))


# The form of each fact: its name, the test of its value, and the words of the message if the test fails.
FORMS: Final[tuple[tuple[str, Callable[[object], bool], str], ...]] = (
    ("domain", _is_text, "a text"),
    ("reason", _is_text, "a text"),
    ("language", _is_language, "a tag such as en-GB"),
    ("domain", _is_domain, "one such as example.org"),
    ("valid_until", _is_day, "a date such as 2027-06-30"),
    ("date_order", _is_date_order, '"dmy" or "mdy"'),
    ("time_zone", _is_offset, "an offset such as +01:00"),
    *((name, _is_place, "meta:NAME, class:NAME, id:NAME, css:SELECTOR or xpath:EXPRESSION") for name in SELECTED),
    *((name, _is_rule_or_empty, "css:SELECTOR or xpath:EXPRESSION") for name in ("body", *LINKS)),
    ("drop", _are_rules, "a list of css:SELECTOR or xpath:EXPRESSION"),
)
