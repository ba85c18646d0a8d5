"""Candidates for the headline: every place that states one, whole and cut at its separators."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple
from urllib.parse import unquote

from cleaners.document import Document
from cleaners.words.addresses import host_name, path_of
from cleaners.words.scripts import one_line
from pipelines.evidence.headline_features import (
    SEPARATOR,
    HeadlineEntry,
    HeadlinePage,
    features,
    strong_places,
)
from pipelines.evidence.headline_places import SHORTEST_CHARS, HeadlineStatement, statements
from pipelines.evidence.page.markup import Stated
from pipelines.evidence.page.surroundings import is_paragraph
from pipelines.evidence.page.terms import terms
from pipelines.evidence.page.text_forms import fold, tidy
from pipelines.evidence.ranking import Features, rank

_WORD: Final = re.compile(r"[^\W_]+")
_SHOWN: Final = frozenset(("h1", "text"))  # sources that a reader sees: "<br>" in their text is text
_PIECES: Final = 6  # a title with more separators is a list of keywords
_LONGEST_CHARS: Final = 400
_LIKELY: Final = 0.02  # a shown candidate below this probability does not decide where the headline is
# The first paragraphs, whose words a headline shares: how many, how far they are searched for, and characters read.
_LEAD_PARAGRAPHS, _LEAD_BLOCKS, _LEAD_CHARS = 3, 40, 600
# Parts of a URL's path that are codes, not words.
_CODE: Final = re.compile(r"^\d+$|^(?:html?|php|aspx?|index|amp|www)$")


class HeadlineCandidate(NamedTuple):
    """A possible headline: its text, the place that states it, that place's whole text, and its block (-1: none)."""

    text: str
    source: str
    raw: str
    block: int


@dataclass(frozen=True)
class Headlines:
    """Candidates, best first, with the model's probability of each.

    `block` is where a reader sees the headline, around which dates and bylines are looked for; -1 if it is not shown.
    """

    candidates: tuple[HeadlineCandidate, ...] = ()
    probability: tuple[float, ...] = ()
    block: int = -1


def headlines(document: Document, stated: Stated, site_names: Iterable[str]) -> Headlines:
    """All candidates of an HTML page, ranked."""
    page = _page(document, stated, tuple(fold(name) for name in site_names if name))
    entries = _entries(document, stated, page)
    listed = list(entries.items())
    strong = strong_places(entries)
    order = rank("headline", [features(key, entry, page, strong) for key, entry in listed])
    entries_by_rank = [listed[i][1] for i in order.order]
    shown = _shown_piece(entries_by_rank)
    ranks = [shown, *(i for i in range(len(listed)) if i != shown)] if shown else range(len(listed))
    found = tuple(HeadlineCandidate(e.text, e.source, e.raw, e.block) for e in (entries_by_rank[i] for i in ranks))
    probability = tuple(order.probability[i] for i in ranks)
    return Headlines(found, probability, _block_of(document, found, probability))


def _block_of(document: Document, candidates: Sequence[HeadlineCandidate], probability: Sequence[float]) -> int:
    """The best candidate's block; else the block that holds its text beside a kicker; else the next likely one's."""
    if not candidates:
        return -1
    best = candidates[0]
    if best.block >= 0:
        return best.block
    if len(best.text) >= SHORTEST_CHARS:
        for block in document.blocks:
            if len(block.text) <= _LONGEST_CHARS and block.text.endswith(best.text):
                return block.index
    likely = zip(candidates, probability, strict=True)
    return next((one.block for one, share in likely if one.block >= 0 and share >= _LIKELY), -1)


def _shown_piece(entries: Sequence[HeadlineEntry]) -> int:
    """The rank of the likeliest piece of the title that is a block of the page, if the first is a title that is none.

    0 if there is no such piece. Pages without a heading show their headline like this. The reference sets have no such
    page, so the weights could not learn it.
    """
    first = entries[0] if entries else None
    if first is None or first.source != "title" or first.block >= 0:
        return 0
    pieces = (i for i, entry in enumerate(entries) if entry.raw == first.raw and entry.block >= 0)
    return next(pieces, 0)


def training_rows(document: Document, stated: Stated, site_names: Iterable[str]) -> list[tuple[str, Features]]:
    """Each candidate's text and features: what pipelines.training.evidence learns from."""
    page = _page(document, stated, tuple(fold(name) for name in site_names if name))
    entries = _entries(document, stated, page)
    strong = strong_places(entries)
    return [(entry.text, features(key, entry, page, strong)) for key, entry in entries.items()]


def _page(document: Document, stated: Stated, site: tuple[str, ...]) -> HeadlinePage:
    tree = document.tree
    path = path_of(document.url)
    domain = "".join(_WORD.findall(host_name(document.url).rsplit(".", 1)[0]))
    words = [w for w in _WORD.findall(unquote(path).lower().replace("_", "-")) if not _CODE.match(w)]
    # If blocks are equal, the first one counts, so it is put in last.
    blocks = {block.text: block.index for block in reversed(document.blocks) if len(block.text) <= _LONGEST_CHARS}
    first = next((b.index for b in document.blocks if is_paragraph(b)), len(document.blocks))
    title = fold(tree.title) if tree else ""
    return HeadlinePage(
        title, frozenset(words), site, domain, first, path in ("", "/"), blocks, _lead(document, first),
        _kind(stated), frozenset(terms(title)),
    )  # fmt: skip


def _lead(document: Document, first: int) -> frozenset[str]:
    """The words of the first paragraphs."""
    texts = (block.text for block in document.blocks[first : first + _LEAD_BLOCKS] if is_paragraph(block))
    return frozenset(terms(" ".join(text[:_LEAD_CHARS] for text in islice(texts, _LEAD_PARAGRAPHS)).lower()))


def _kind(stated: Stated) -> str:
    if stated.linked.articles or stated.other.get("og:type", "").lower() in ("article", "blog", "news"):
        return "article"
    return "dated" if "published" in stated.metas else "other"


def _entries(document: Document, stated: Stated, page: HeadlinePage) -> dict[str, HeadlineEntry]:
    entries: dict[str, HeadlineEntry] = {}
    for said in statements(document, stated):
        text = _as_read(said.text, said.source, entries)
        if not text or len(text) > _LONGEST_CHARS:
            continue
        _note(entries, said, text, text)
        if said.place in _CUT:
            for cut, how in _cuts(text):
                _note(entries, HeadlineStatement(said.source, f"{_CUT[said.place]} {how}", cut), cut, text)
    for entry in entries.values():
        if entry.block < 0:
            entry.block = page.blocks.get(entry.text, -1)
    return entries


def _as_read(text: str, source: str, entries: dict[str, HeadlineEntry]) -> str:
    """A place's text as a reader sees it. Tags in it are removed, unless the page shows the same tags as text."""
    if "<" not in text and "&" not in text:
        return one_line(text)
    plain = one_line(html.unescape(text))
    return plain if source in _SHOWN or ("<" in plain and fold(plain) in entries) else tidy(text)


# Places whose texts often include the site's name or the section. Their texts are cut at separators.
_CUT: Final = {"title": "title", "og": "og", "twitter": "og", "ld_article": "ld", "ld_page": "ld", "h1 only": "h1"}


def _note(entries: dict[str, HeadlineEntry], said: HeadlineStatement, text: str, raw: str) -> None:
    """Add a statement to the entry of its text as read; the first one creates the entry. `raw` is the text uncut."""
    key = fold(text)
    if not key:
        return
    entry = entries.get(key)
    if entry is None:
        entry = entries[key] = HeadlineEntry(text, said.source, raw, said.block)
    elif _reads_better(text, entry.text) or (said.block >= 0 > entry.block):
        # The visible text is preferred to its copy in the code, but capitals throughout are not.
        entry.text = text if not text.isupper() or entry.text.isupper() else entry.text
        entry.block = said.block if said.block >= 0 else entry.block
    entry.places.add(said.place)


def _reads_better(text: str, other: str) -> bool:
    return other.isupper() and not text.isupper()


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    """What is left of a title when its first or last pieces are cut off."""
    cuts = [hit.span() for hit in SEPARATOR.finditer(text)]
    if not 0 < len(cuts) <= _PIECES:
        return
    for place, (start, _) in enumerate(cuts):
        yield text[:start], "head" if place == len(cuts) - 1 else "head short"
    for place, (_, end) in enumerate(cuts):
        yield text[end:], "tail" if place == 0 else "tail short"
    if len(cuts) > 1:
        yield text[cuts[0][1] : cuts[-1][0]], "middle"
