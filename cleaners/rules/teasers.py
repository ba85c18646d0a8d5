"""Drops teasers that read like sentences: a run of like boxes, each with a linked title and a short summary.

A classifier that looks at one block at a time keeps the summaries if they are in full sentences. What tells them from
the text is the run: the same small box several times, each with a link to another page, beside or below an article.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from cleaners.document import Block, Document, Mark
from cleaners.rules.boxes import are_teasers, blocks_of, has_summary, is_teaser, is_unlinked, like_siblings
from cleaners.rules.wording import word_count
from cleaners.tree import Tree

REASON: Final = "related_links"
# Boxes that make a run, and boxes with a summary: lists of titles are the classifier's.
_BOXES: Final = 3
_SUMMARIES: Final = 2
# A paragraph of the text, and the words of text that a page with an article has at least.
_PARAGRAPH_WORDS: Final = 20
_TEXT_WORDS: Final = 80
# The words of a text that may have a run in its own element, after its last paragraph. With fewer, the boxes of
# manuals ("what to read next") were lost.
_LONG_TEXT_WORDS: Final = 200


class _Run(NamedTuple):
    """A box's place in a run: its blocks (`first` to `last`), how many boxes there are, and the run's elements."""

    first: int
    last: int
    boxes: int
    start: int
    end: int


def teaser_marks(document: Document, kept: NDArray[np.bool_], likely: bool = True) -> list[Mark]:
    """Drops of the kept runs of teasers before and after the paragraphs of an article.

    kept    for each block, whether it would be kept otherwise
    likely  whether the page is so likely an article that also a run in the element with all its paragraphs, after the
            last of them, is no part of it
    """
    tree = document.tree
    if tree is None:
        return []
    runs = {i: run for run in _runs(tree, document.blocks) for i in range(run.first, run.last)}
    blocks = [document.blocks[i] for i in np.flatnonzero(kept).tolist()]
    text = [block for block in blocks if block.index not in runs]
    if len(text) == len(blocks):
        return []
    paragraphs = [block for block in text if is_unlinked(block, _PARAGRAPH_WORDS)]
    if not paragraphs:
        return []
    text_words = sum(word_count(block.text) for block in text)
    outside = _Outside(tree, paragraphs, document.url, likely and text_words >= _LONG_TEXT_WORDS)
    teasers = [block for block in blocks if block.index in runs and outside.has(runs[block.index])]
    if text_words < max(_TEXT_WORDS, sum(word_count(block.text) for block in teasers)):
        return []
    return [_mark(block, runs[block.index].boxes) for block in teasers]


class _Outside:
    """What is outside the article: outside the element with all paragraphs or, if wanted, after the last of them."""

    def __init__(self, tree: Tree, paragraphs: Sequence[Block], url: str | None, closing: bool) -> None:
        self._tree, self._closing = tree, closing
        self._article, self._last = _around(tree, paragraphs), paragraphs[-1].index
        self._site = urlsplit(url or "").hostname

    def has(self, run: _Run) -> bool:
        """Whether a run is outside. One in the article's element must lead to other pages of the same site."""
        if run.first not in self._article:
            return True
        return self._closing and run.first > self._last and self._stays_on_site(run)

    def _stays_on_site(self, run: _Run) -> bool:
        links = (self._tree.get(link, "href") for link in self._tree.all("a") if run.start <= link < run.end)
        return all(not link.startswith("#") and urlsplit(link).hostname in (None, self._site) for link in links)


def _around(tree: Tree, paragraphs: Sequence[Block]) -> range:
    """The blocks of the innermost element that holds all the paragraphs."""
    first, last = paragraphs[0], paragraphs[-1]
    holders = (element for element in tree.ancestors(first.element) if last.index < tree.last_block[element])
    element = next(holders, 0)
    return range(tree.first_block[element], tree.last_block[element])


def _mark(block: Block, boxes: int) -> Mark:
    return Mark(block.index, "drop", REASON, f"in a run of {boxes} like boxes with a linked title each")


def _runs(tree: Tree, blocks: Sequence[Block]) -> Iterator[_Run]:
    """The boxes of all runs of teasers."""
    for siblings in like_siblings(tree, _BOXES):
        boxes = blocks_of(tree, siblings)
        if not are_teasers(boxes, blocks, _BOXES):
            continue
        teasers = [box for box in boxes if is_teaser([blocks[i] for i in box])]
        if sum(has_summary([blocks[i] for i in box]) for box in teasers) >= _SUMMARIES:
            ends = siblings[0], tree.ends[siblings[-1]]
            yield from (_Run(box.start, box.stop, len(teasers), *ends) for box in teasers)
