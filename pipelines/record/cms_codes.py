"""Tells codes under which content systems file pages from tags that people read, by a table of patterns."""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class CodeRow(NamedTuple):
    """One form of code: a pattern for the whole tag, the reason, a tag that matches and one that does not."""

    name: str
    pattern: re.Pattern[str]
    reason: str
    hit: str
    near_miss: str


def _row(name: str, pattern: str, reason: str, hit: str, near_miss: str) -> CodeRow:
    return CodeRow(name, re.compile(pattern), reason, hit, near_miss)


ROWS: Final[tuple[CodeRow, ...]] = (
    _row("number", r"\d{5,}|0\d+", "a number in the content system's table", "1048576", "2024"),
    _row("hexadecimal", r"(?=[0-9a-fA-F-]*\d)[0-9a-fA-F]{8,}(?:-[0-9a-fA-F]{4,}){0,4}", "a hash or a UUID",
         "9f86d081-884c", "facade"),
    _row("namespace", r"[\w.-]{2,}(?::[\w./-]+)+", "a key and a value for machines", "type:article", "Covid: what now"),
    _row("assignment", r"\S+=\S*", "a parameter of an advertisement", "kw=harbour", "a = b"),
    _row("snake", r"[a-z0-9]+(?:_[a-z0-9]+)+", "a name that a program uses", "no_ads_right_rail", "Night ferry"),
    _row("underscored", r"_\S*|\S*_", "a flag of the content system", "_hidden", "hidden places"),
    _row("camel", r"[a-z]+(?:[A-Z][a-z]+){2,}\d*", "a name that a program uses", "articleTypeNews", "iPhone"),
    _row("path", r"/?[\w-]+(?:/[\w-]+){2,}/?|/[\w-]+", "a folder of the site", "/news/uk/politics", "AC/DC"),
)  # fmt: skip


def is_cms_code(tag: str) -> bool:
    """Whether a tag is a code of a content system.

    >>> is_cms_code("no_ads_right_rail"), is_cms_code("harbour wall")
    (True, False)
    """
    return any(row.pattern.fullmatch(tag) for row in ROWS)
