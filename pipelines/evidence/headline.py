"""Candidates for the headline: every place that states one, whole and cut at its separators."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from cleaners.document import Document
from cleaners.tree import Tree
from cleaners.words.addresses import host_name
from cleaners.words.remembering import remembered
from cleaners.words.scripts import one_line
from pipelines.evidence.headline_features import (
    SEPARATOR,
    HeadlineEntry,
    HeadlinePage,
    features,
    strong_places,
)
from pipelines.evidence.page.markup import Stated
from pipelines.evidence.page.surroundings import is_paragraph
from pipelines.evidence.page.terms import terms
from pipelines.evidence.ranking import Features, Ranked, rank
from pipelines.evidence.wide_headline import above_date_line

_WORD: Final = re.compile(r"[^\W_]+")
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_SHOWN: Final = frozenset(("h1", "text"))  # sources that a reader sees: "<br>" in their text is text
_PIECES: Final = 6  # a title with more separators is a list of keywords
_LONGEST_CHARS: Final = 400
_REMEMBERED: Final = 1024  # texts whose folded form is cached: a page states its title in several places
_MARKED: Final = 6
_SHORTEST_CHARS: Final = 8  # least length of a block with which the title begins: a shorter one is a section's name
_LIKELY: Final = 0.02  # a shown candidate below this probability does not decide where the headline is
_LONG_BLOCK_CHARS: Final = 120  # a paragraph of running text
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


@remembered(_REMEMBERED, _LONGEST_CHARS)
def fold(text: str) -> str:
    """Only letters and digits, in lower case, with single spaces. Texts with equal folds are the same headline.

    >>> fold("Ferry  runs again!")
    'ferry runs again'
    """
    return " ".join(_WORD.findall(text.lower()))


def tidy(text: str) -> str:
    """The text with entities resolved (twice, since feeds escape twice), and without tags and runs of white space.

    >>> tidy("Bread &amp;amp; <b>roses</b>")
    'Bread & roses'
    """
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub(" ", text)
    return one_line(text)


def headlines(document: Document, stated: Stated, site_names: Iterable[str]) -> Headlines:
    """All candidates of an HTML page, ranked."""
    page = _page(document, stated, tuple(fold(name) for name in site_names if name))
    entries = _entries(document, stated, page)
    listed = list(entries.items())
    strong = strong_places(entries)
    order: Ranked = rank("headline", [features(key, entry, page, strong) for key, entry in listed])
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
    if len(best.text) >= _SHORTEST_CHARS:
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
    parts = urlsplit(document.url or "") if _is_url(document.url) else urlsplit("")
    domain = "".join(_WORD.findall(host_name(document.url).rsplit(".", 1)[0]))
    words = [w for w in _WORD.findall(unquote(parts.path).lower().replace("_", "-")) if not _CODE.match(w)]
    # If blocks are equal, the first one counts, so it is put in last.
    blocks = {block.text: block.index for block in reversed(document.blocks) if len(block.text) <= _LONGEST_CHARS}
    first = next((b.index for b in document.blocks if is_paragraph(b)), len(document.blocks))
    title = fold(tree.title) if tree else ""
    return HeadlinePage(
        title, frozenset(words), site, domain, first, parts.path in ("", "/"), blocks, _lead(document, first),
        _kind(stated), frozenset(terms(title)),
    )  # fmt: skip


def _lead(document: Document, first: int) -> frozenset[str]:
    """The words of the first paragraphs."""
    texts = (block.text for block in document.blocks[first : first + 40] if is_paragraph(block))
    return frozenset(terms(" ".join(text[:600] for text, _ in zip(texts, range(3), strict=False)).lower()))


def _kind(stated: Stated) -> str:
    if stated.linked.articles or stated.other.get("og:type", "").lower() in ("article", "blog", "news"):
        return "article"
    return "dated" if "published" in stated.metas else "other"


def _is_url(url: str | None) -> bool:
    try:
        urlsplit(url or "")
    except ValueError:
        return False
    return True


def _entries(document: Document, stated: Stated, page: HeadlinePage) -> dict[str, HeadlineEntry]:
    entries: dict[str, HeadlineEntry] = {}
    for source, place, text, block in _places(document, stated):
        text = _as_read(text, source, entries)
        if not text or len(text) > _LONGEST_CHARS:
            continue
        _note(entries, text, source, place, text, block)
        if place in _CUT:
            for cut, how in _cuts(text):
                _note(entries, cut, source, f"{_CUT[place]} {how}", text, -1)
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


def _note(entries: dict[str, HeadlineEntry], text: str, source: str, place: str, raw: str, block: int) -> None:
    key = fold(text)
    if not key:
        return
    entry = entries.get(key)
    if entry is None:
        entry = entries[key] = HeadlineEntry(text, source, raw, block)
    elif _reads_better(text, entry.text) or (block >= 0 > entry.block):
        # The visible text is preferred to its copy in the code, but capitals throughout are not.
        entry.text = text if not text.isupper() or entry.text.isupper() else entry.text
        entry.block = block if block >= 0 else entry.block
    entry.places.add(place)


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


def _places(document: Document, stated: Stated) -> Iterator[tuple[str, str, str, int]]:
    """Every place that states a headline: (source of the record, place for the features, text, block or -1)."""
    tree = document.tree
    if tree is None:
        return
    yield from _headings(document)
    yield from _blocks_that_begin_title(document, tree.title)
    if above := above_date_line(document):
        yield "text", "above date line", above.text, above.index
    for meta in stated.metas.get("headline", ())[:8]:
        place = {"og:title": "og", "twitter:title": "twitter"}.get(meta.name, "meta")
        yield "meta", place, meta.content, -1
    for group, node in stated.linked.nodes():
        for text in stated.linked.strings(node, "headline")[:1]:
            yield "json_ld", f"ld_{group}", text, -1
        for text in stated.linked.strings(node, "name")[:1]:
            yield "json_ld", f"ld_{group} name", text, -1
    for kind in ("headline", "name"):
        marked = stated.marked.get(kind, [])
        for nth, one in enumerate(marked[:_MARKED]):
            how = f"{kind} {one.how}" if nth == 0 else f"{kind} {one.how} later"
            yield "text", how, _shown(document, one.element), tree.first_block[one.element]
    for meta in stated.metas.get("itemprop headline", [])[:2]:
        yield "microdata", "itemprop", meta.content, -1
    if tree.title:
        yield "title", "title", tree.title, -1


def _shown(document: Document, element: int) -> str:
    """The element's text as a reader sees it: no icon titles, a space where a line breaks, no link signs (¶)."""
    tree = document.tree
    if tree is None:
        return ""
    blocks = document.blocks[tree.first_block[element] : tree.last_block[element]]
    if not blocks:  # an inline element shares its block with other text
        return tree.text(element)
    return " ".join(block.text for block in blocks if not block.detached).rstrip("¶# ")


def _headings(document: Document) -> Iterator[tuple[str, str, str, int]]:
    tree = document.tree
    if tree is None:
        return
    h1s = tree.all("h1")
    for place, element in enumerate(h1s[:_MARKED]):
        name = "h1 only" if len(h1s) == 1 else ("h1 first" if place == 0 else "h1 later")
        whole = _shown(document, element)
        yield "h1", name, whole, tree.first_block[element]
        if rest := _without_kicker(tree, element, whole):
            yield "h1", f"{name} without kicker", rest, tree.first_block[element]
    for tag in ("h2", "h3"):
        for place, element in enumerate(tree.all(tag)[:3]):
            name = f"{tag} first" if place == 0 else f"{tag} later"
            yield "text", name, _shown(document, element), tree.first_block[element]


def _blocks_that_begin_title(document: Document, title: str) -> Iterator[tuple[str, str, str, int]]:
    """The first block with which the title begins: the headline, if the page does not mark it up as a heading."""
    title = " ".join(title.split())
    for block in document.blocks:
        if len(block.text) >= _SHORTEST_CHARS and title.startswith(block.text):
            yield "text", "begins title", block.text, block.index
            return


def _without_kicker(tree: Tree, heading: int, whole: str) -> str:
    """What is left of a heading without the element that begins it: "Opinion", "Premier League"."""
    first = heading + 1
    if first >= tree.ends[heading] or tree.parents[first] != heading:
        return ""
    kicker = tree.text(first)
    if not kicker or len(kicker) >= len(whole) or not whole.startswith(kicker):
        return ""
    return whole[len(kicker) :].strip(" :|–-")
