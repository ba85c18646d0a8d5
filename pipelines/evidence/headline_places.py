"""Every place that states a headline: headings, blocks, meta elements, JSON-LD, marked elements, the title."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from cleaners.document import Document
from cleaners.tree import Tree
from cleaners.words.scripts import one_line
from pipelines.evidence.page.markup import Stated
from pipelines.evidence.wide_headline import above_date_line

_HEADINGS: Final = 6  # h1 elements that are read
_SUBHEADINGS: Final = 3  # h2 and h3 elements that are read, of each
_MARKED: Final = 6  # elements marked as a headline, or as a name, that are read
_METAS: Final = 8
_PLACE_OF_META: Final = {"og:title": "og", "twitter:title": "twitter"}
SHORTEST_CHARS: Final = 8
"""Least length of a block with which the title begins or ends: a shorter one is a section's name."""


class HeadlineStatement(NamedTuple):
    """A headline as one place states it.

    source  the name of the source in the record
    place   the name of the place among the features
    block   the block at which it is shown; -1 if it is in the page's code
    """

    source: str
    place: str
    text: str
    block: int = -1


def statements(document: Document, stated: Stated) -> Iterator[HeadlineStatement]:
    """Every headline that a page states, place by place; none for a dump."""
    tree = document.tree
    if tree is None:
        return
    yield from _from_headings(document, tree)
    yield from _from_block_that_begins_title(document, tree.title)
    if above := above_date_line(document):
        yield HeadlineStatement("text", "above date line", above.text, above.index)
    yield from _from_code(stated)
    yield from _from_marked_elements(document, tree, stated)
    for meta in stated.metas.get("itemprop headline", [])[:2]:
        yield HeadlineStatement("microdata", "itemprop", meta.content)
    if tree.title:
        yield HeadlineStatement("title", "title", tree.title)


def _from_headings(document: Document, tree: Tree) -> Iterator[HeadlineStatement]:
    h1s = tree.all("h1")
    for nth, element in enumerate(h1s[:_HEADINGS]):
        place = "h1 only" if len(h1s) == 1 else "h1 first" if nth == 0 else "h1 later"
        whole, block = _shown(document, tree, element), tree.first_block[element]
        yield HeadlineStatement("h1", place, whole, block)
        if rest := _without_kicker(tree, element, whole):
            yield HeadlineStatement("h1", f"{place} without kicker", rest, block)
    for tag in ("h2", "h3"):
        for nth, element in enumerate(tree.all(tag)[:_SUBHEADINGS]):
            place = f"{tag} first" if nth == 0 else f"{tag} later"
            yield HeadlineStatement("text", place, _shown(document, tree, element), tree.first_block[element])


def _from_block_that_begins_title(document: Document, title: str) -> Iterator[HeadlineStatement]:
    """The first block with which the title begins: the headline, if the page does not mark it up as a heading."""
    title = one_line(title)
    for block in document.blocks:
        if len(block.text) >= SHORTEST_CHARS and title.startswith(block.text):
            yield HeadlineStatement("text", "begins title", block.text, block.index)
            return


def _from_code(stated: Stated) -> Iterator[HeadlineStatement]:
    """Headlines in meta elements and in JSON-LD."""
    for meta in stated.metas.get("headline", ())[:_METAS]:
        yield HeadlineStatement("meta", _PLACE_OF_META.get(meta.name, "meta"), meta.content)
    for group, node in stated.linked.nodes():
        for key, place in (("headline", f"ld_{group}"), ("name", f"ld_{group} name")):
            for text in stated.linked.strings(node, key)[:1]:
                yield HeadlineStatement("json_ld", place, text)


def _from_marked_elements(document: Document, tree: Tree, stated: Stated) -> Iterator[HeadlineStatement]:
    for kind in ("headline", "name"):
        for nth, one in enumerate(stated.marked.get(kind, [])[:_MARKED]):
            place = f"{kind} {one.how}" if nth == 0 else f"{kind} {one.how} later"
            yield HeadlineStatement("text", place, _shown(document, tree, one.element), tree.first_block[one.element])


def _shown(document: Document, tree: Tree, element: int) -> str:
    """The element's text as a reader sees it: no icon titles, a space where a line breaks, no link signs (¶)."""
    blocks = document.blocks[tree.first_block[element] : tree.last_block[element]]
    if not blocks:  # an inline element shares its block with other text
        return tree.text(element)
    return " ".join(block.text for block in blocks if not block.detached).rstrip("¶# ")


def _without_kicker(tree: Tree, heading: int, whole: str) -> str:
    """What is left of a heading without the element that begins it: "Opinion", "Premier League"."""
    first = heading + 1
    if first >= tree.ends[heading] or tree.parents[first] != heading:
        return ""
    kicker = tree.text(first)
    if not kicker or len(kicker) >= len(whole) or not whole.startswith(kicker):
        return ""
    return whole[len(kicker) :].strip(" :|–-")
