"""Features of a headline: the places that state it, and how its words agree with the rest of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cleaners.words.scripts import CJK
from pipelines.evidence.cjk_names import is_wide_organisation
from pipelines.evidence.page.terms import terms
from pipelines.evidence.ranking import Features, bucket

# A separator is any run of up to three signs between spaces, or a colon before a space: no list of dashes. Beside a
# Chinese or Japanese character it needs no spaces ("渡轮复航_新闻_港口网").
SEPARATOR: Final = re.compile(
    r"\s+[^\w\s\"'“”‘’„«»()\[\]&+#@$€£%?!.,…]{1,3}\s+|(?<=\w):\s+|\s*[|»·•｜]\s*"
    r"|(?<=\w)\s?[—–]\s?(?=\w)|(?<=\w{3})-\s|\s-(?=\w{3})"
    rf"|(?<=[{CJK}！？。…”）】])\s?[_－–~—-]{{1,3}}\s?(?=\S)|(?<=\S)\s?[_－–~—-]{{1,3}}\s?(?=[{CJK}])"
)
_BAR: Final = re.compile(r"\s[|»·•]\s")
_ELLIPSIS: Final = ("…", "...")
_TITLE_ENDS: Final = frozenset(("title head", "title head short", "title tail", "title tail short"))
_SITE_CHARS: Final = 10  # the longest name of a Chinese site
_WORD_EDGES: Final = (2, 3, 5, 9, 16, 26)


@dataclass
class HeadlineEntry:
    """A possible headline and every place that states it."""

    text: str
    source: str
    raw: str
    block: int = -1
    places: set[str] = field(default_factory=set)


class HeadlinePage(NamedTuple):
    """The facts of a page with which every candidate is compared."""

    title: str
    slug: frozenset[str]
    site: tuple[str, ...]
    domain: str
    first_paragraph: int
    is_home: bool
    blocks: dict[str, int]
    lead: frozenset[str]
    kind: str
    title_words: frozenset[str]


def features(key: str, entry: HeadlineEntry, page: HeadlinePage, strong: Mapping[str, float]) -> Features:
    """The features of a candidate by name; every value is 1 unless stated otherwise. `strong`: see strong_places."""
    words = terms(key)
    found: Features = {f"place {place}": 1.0 for place in entry.places}
    kinds = len({place.split()[0] for place in entry.places})
    found[bucket("kinds", kinds, (2, 3, 4, 5))] = 1.0
    found[bucket("words", len(words), _WORD_EDGES)] = 1.0
    found |= _by_position(key, entry, page)
    found |= _by_site(key, page)
    if not _TITLE_ENDS.isdisjoint(entry.places) and len(key) <= _SITE_CHARS and is_wide_organisation(key):
        found["tail names a site"] = 1.0
    found |= _by_words(frozenset(words), entry.text.isascii(), page)
    for place in entry.places:
        found[f"{place} @{page.kind}"] = 1.0
    found[bucket("words", len(words), _WORD_EDGES) + " @" + page.kind] = 1.0
    if SEPARATOR.search(entry.text):
        found["has separator"] = 1.0
        if _BAR.search(entry.text):
            found["has bar"] = 1.0
    found |= _against_others(key, entry.text.endswith(_ELLIPSIS), strong)
    if "cut short" in found and page.kind == "article":
        found["cut short @article"] = 1.0
    return found


def strong_places(entries: Mapping[str, HeadlineEntry]) -> dict[str, float]:
    """1 for each candidate from a place that mostly holds the headline, 0 for the others."""
    return {
        key: float(any(place.startswith("h1") or place in ("og", "ld_article") for place in entry.places))
        for key, entry in entries.items()
    }


def _by_position(key: str, entry: HeadlineEntry, page: HeadlinePage) -> Features:
    found: Features = {}
    visible = entry.block >= 0
    if visible:
        found["visible"] = 1.0
        found[bucket("to paragraph", page.first_paragraph - entry.block, (0, 1, 3, 8, 20, 60))] = 1.0
    if any(place.startswith("h1") for place in entry.places):
        starts = page.title.startswith(key)
        found["h1 begins title" if starts else "h1 in title" if key in page.title else "h1 not in title"] = 1.0
    if page.is_home:
        found["home visible" if visible else "home hidden"] = 1.0
    return found


def _by_site(key: str, page: HeadlinePage) -> Features:
    compact = "".join(key.split())
    if compact and (compact == page.domain or key in page.site):
        return {"is site": 1.0}
    if any(name and name in key for name in page.site):
        return {"holds site": 1.0}
    if page.domain and len(page.domain) > 3 and page.domain in compact:
        return {"holds domain": 1.0}
    return {}


def _by_words(words: frozenset[str], is_ascii: bool, page: HeadlinePage) -> Features:
    """How many words the candidate shares with the address, the first paragraphs and the title."""
    found: Features = {}
    if page.slug:
        shared = len(page.slug & words)
        found["slug share"] = shared / len(page.slug)
        found["words in slug"] = shared / len(words)
        if not shared and is_ascii:
            found["no slug word"] = 1.0
    if page.lead:
        found["words in lead"] = len(page.lead & words) / len(words)
    if page.title_words:
        found["alike title"] = len(page.title_words & words) / len(page.title_words | words)
    return found


def _against_others(key: str, is_cut_short: bool, strong: Mapping[str, float]) -> Features:
    """Features of a candidate that is part of others, or of which others are a part."""
    longer = shorter = 0
    found: Features = {}
    for other, weight in strong.items():
        if key in other:
            if other == key:
                continue
            longer += 1
            if is_cut_short and other.startswith(key):
                found["cut short"] = 1.0
            if weight:
                found["in a strong one"] = 1.0
                if other.endswith(key):
                    found["ends a strong one"] = 1.0
                elif other.startswith(key):
                    found["begins a strong one"] = 1.0
        elif other in key:
            shorter += 1
            if weight:
                found["holds a strong one"] = 1.0
                if key.endswith(other):
                    found["strong one at the end"] = 1.0
    return {**found, "in others": min(longer, 4) / 4, "holds others": min(shorter, 4) / 4}
