"""Judges a link before it is fetched: article, listing, or not worth fetching. The rules are in link_kinds.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from cleaners.words.toml_tables import read_toml

LinkKind = Literal["article", "listing", "skip"]

ARTICLE_POINTS = 3
"""Points from which a link counts as an article's: the precision on the reference addresses is then over 0.95."""
LOOKED_AT = 300
"""Characters of a path or query the rules look at; longer ones are generated."""
ANCHOR_CHARS = 200
"""Characters of a link's words the rules look at."""
CACHED = 1 << 14
"""Addresses, and words of links, whose points are kept at hand: a site's menu is on all its pages. About 5 MB."""

_EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?|jsp)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LinkRule:
    """One row of the table."""

    name: str
    looks_at: str
    pattern: re.Pattern[str]
    points: int
    skip: bool
    reason: str
    source: str
    hit: str
    near_miss: str


@cache
def link_rules() -> tuple[LinkRule, ...]:
    """The table's rows, in its order."""
    return tuple(_rule(row) for row in read_toml(__package__, "link_kinds.toml")["rule"])


def link_points(url: str, anchor: str = "", place: str = "") -> int | None:
    """Add up the rules that fire on a link; None if one of them says skip."""
    of_address, of_words = _address_points(url), _word_points(anchor[:ANCHOR_CHARS].strip(), place)
    return None if of_address is None or of_words is None else of_address + of_words


@lru_cache(maxsize=CACHED)
def _address_points(url: str) -> int | None:
    """The points of an address alone: most rules look at nothing else, and a page links to it several times."""
    return _points(_parts_of(url))


@lru_cache(maxsize=CACHED)
def _word_points(anchor: str, place: str) -> int | None:
    return _points({"anchor": anchor, "place": place})


def _points(seen: Mapping[str, str]) -> int | None:
    total = 0
    for rule in link_rules():
        text = seen.get(rule.looks_at)
        if text and rule.pattern.search(text):
            if rule.skip:
                return None
            total += rule.points
    return total


def fires(name: str, url: str) -> bool:
    """Whether one rule of the table about addresses, by its name, fires on one."""
    seen = _parts_of(url)
    return any(rule.pattern.search(seen[rule.looks_at]) for rule in link_rules() if rule.name == name)


def link_kind(url: str, anchor: str = "", place: str = "") -> LinkKind:
    """Say what a link leads to, from its address, its words and its place on the page."""
    points = link_points(url, anchor, place)
    if points is None:
        return "skip"
    return "article" if points >= ARTICLE_POINTS else "listing"


def _rule(row: dict[str, Any]) -> LinkRule:
    return LinkRule(
        name=row["name"],
        looks_at=row["looks_at"],
        pattern=re.compile(row["pattern"], re.IGNORECASE),
        points=row.get("points", 0),
        skip=row.get("skip", False),
        reason=row["reason"],
        source=row["source"],
        hit=row["hit"],
        near_miss=row["near_miss"],
    )


def _parts_of(url: str) -> dict[str, str]:
    """What the rules about addresses look at."""
    parts = urlsplit(url)
    path = unquote(parts.path)[:LOOKED_AT]
    before, _, last = path.rstrip("/").rpartition("/")
    last = _EXTENSION.sub("", last)
    return {
        "path": path,
        "query": parts.query[:LOOKED_AT],
        "last": last,
        "tail": f"{before.rpartition('/')[2]}/{last}",
    }
