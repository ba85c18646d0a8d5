"""Drops boxes with linked titles under a heading that announces other pages: "Similar ads", "More videos".

This holds on pages of one thing of any kind (a video, a product, an event), whose own text may be shorter than the
boxes. On listings and collections such boxes are the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.document import Block, Document, Mark
from cleaners.rules.boxes import blocks_of, is_linked, is_teaser, is_unlinked, like_siblings, teasers_of
from cleaners.rules.by_kind import is_prose
from cleaners.rules.page_forms import stated_types
from cleaners.tree import Tree

REASON: Final = "related_links"
# The rows of wording for headings over other pages.
_HEADINGS: Final = ("related_heading", "other_pages_heading", "more_from_author")
# The kinds of pages of one thing, and from which probability on a page is one.
_KINDS: Final = ("article", "service", "product")
_LIKELY: Final = 0.5
# Types of schema.org and OpenGraph that pages of one thing state.
_STATED: Final = frozenset("videoobject video.other podcastepisode event jobposting hotel restaurant".split())
# A run has at least so many boxes, and a box that the heading itself begins at most so many blocks.
_BOXES: Final = 2
_BLOCKS: Final = 5
# A heading is at most so many blocks before its first box: a link to all of them may be between.
_REACH: Final = 2
# If none of so many blocks after a heading is kept, nothing below it is looked at.
_LOOKED_AT: Final = 12
# The page has text of its own before the heading, in a line with at least so many words.
_OWN_WORDS: Final = 8


def announced_marks(
    document: Document, marks: Sequence[Mark], kinds: Mapping[str, float], kept: NDArray[np.bool_]
) -> list[Mark]:
    """Drops of the kept boxes under headings that announce other pages, and of those headings.

    marks  made so far, among them the hints that name such headings
    kinds  how likely each kind of page is
    kept   for each block, whether it would be kept otherwise
    """
    tree, blocks = document.tree, document.blocks
    if tree is None:
        return []
    named = {mark.block for mark in marks if mark.evidence.startswith(_HEADINGS)}
    headings = {i for i in named if _is_followed(kept, i) and not _is_sentence(blocks[i].text)}
    own = next((i for i in np.flatnonzero(kept).tolist() if is_unlinked(blocks[i], _OWN_WORDS)), len(blocks))
    headings = {block for block in headings if own < block}
    if not headings or not (is_prose(kinds) or _is_of_one_thing(tree, kinds)):
        return []
    found = [*_boxes(tree, blocks, headings), *_links_below(blocks, sorted(headings))]
    found += [(heading, _box_of(tree, blocks, heading)) for heading in headings]
    found = [(heading, below) for heading, below in found if any(kept[i] for i in below)]
    under = {i: blocks[heading].text for heading, below in found for i in (heading, *below) if kept[i]}
    return [Mark(i, "drop", REASON, f"below “{text}”") for i, text in sorted(under.items())]


def _is_sentence(text: str) -> bool:
    """Whether a line is a sentence of the text, such as "Other mills are shown below."."""
    return text.endswith((".", "!", "。")) and not text.endswith("...")


def _is_followed(kept: NDArray[np.bool_], heading: int) -> bool:
    """Whether anything is kept soon after a heading. After most of them the classifier keeps nothing."""
    return bool(kept[heading + 1 : heading + 1 + _LOOKED_AT].any())


def _is_of_one_thing(tree: Tree, kinds: Mapping[str, float]) -> bool:
    """Whether a page is likely of one thing, or states that it is."""
    if sum(kinds.get(kind, 0.0) for kind in _KINDS) >= _LIKELY:
        return True
    return not _STATED.isdisjoint(stated_types(tree))


def _boxes(tree: Tree, blocks: Sequence[Block], headings: set[int]) -> Iterator[tuple[int, range]]:
    """The blocks of each box below one of the headings, with the heading."""
    for siblings in like_siblings(tree, _BOXES):
        boxes = blocks_of(tree, siblings)
        heading = next((i for i in range(boxes[0].start - 1, boxes[0].start - 1 - _REACH, -1) if i in headings), None)
        if heading is not None and teasers_of(boxes, blocks, _BOXES):
            yield from ((heading, box) for box in boxes)


def _links_below(blocks: Sequence[Block], headings: Sequence[int]) -> Iterator[tuple[int, range]]:
    """The lines after each heading that are links, apart from bullets, to the first that is not.

    A heading among the lines below an earlier one is one of them, so that each line is looked at once.
    """
    end = 0
    for heading in headings:
        if heading >= end:
            end = heading + 1
            while end < len(blocks) and is_linked(blocks[end]):
                end += 1
            yield heading, range(heading + 1, end)


def _box_of(tree: Tree, blocks: Sequence[Block], heading: int) -> range:
    """The blocks of the small element that a heading begins, if a teaser is in it; else none."""
    box = range(heading, heading)
    for element in tree.ancestors(blocks[heading].element):
        if tree.first_block[element] != heading or tree.last_block[element] - heading > _BLOCKS:
            break
        box = range(heading, tree.last_block[element])
    return box if is_teaser([blocks[i] for i in box[1:]]) else box[:0]
