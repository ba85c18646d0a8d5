"""Drops teasers that read like sentences: a run of like boxes, each with a linked title and a short summary.

A classifier that looks at one block at a time keeps the summaries if they are in full sentences. What tells them from
the text is the run: the same small box several times, each with a link to another page, beside or below an article.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaners.document import Block, Document, Mark
from cleaners.rules.boxes import blocks_of, has_summary, is_unlinked, like_siblings, teasers_of
from cleaners.rules.by_kind import LIKELY_AN_ARTICLE, states_an_article
from cleaners.rules.wording import word_count
from cleaners.tree import Tree
from cleaners.words.addresses import host_name

REASON: Final = "related_links"
# Boxes that make a run, and boxes with a summary: lists of titles are the classifier's.
_BOXES: Final = 3
_SUMMARIES: Final = 2
# A paragraph of the text, and the words of text that a page with an article has at least.
_PARAGRAPH_WORDS: Final = 20
_TEXT_WORDS: Final = 80
# The words of a text that is shorter than its teasers, and how likely the page must be an article, which it must also
# state. With 0.7, a listing of articles lost its entries.
_SHORT_TEXT_WORDS: Final = 30
_SURELY_AN_ARTICLE: Final = 0.8
# The words of a text that may have a run in its own element, after its last paragraph. With fewer, the boxes of
# manuals ("what to read next") were lost.
_LONG_TEXT_WORDS: Final = 200
# How many times as many words that text has as the run: the entries of a list with an introduction are the text.
_TIMES_THE_TEASERS: Final = 2


class _Run(NamedTuple):
    """A box's place in a run: its blocks (`first` to `last`), how many boxes there are, and the run's elements."""

    first: int
    last: int
    boxes: int
    start: int
    end: int


class _Teaser(NamedTuple):
    """A kept block of a run."""

    block: Block
    run: _Run


def teaser_marks(document: Document, kept: NDArray[np.bool_], article: float) -> list[Mark]:
    """Drops of the kept runs of teasers before and after the paragraphs of an article.

    kept     for each block, whether it would be kept otherwise
    article  how likely the page is an article: on a likely one, a run in the element with all its paragraphs, after the
             last of them, is no part of it either
    """
    tree = document.tree
    if tree is None:
        return []
    runs = {i: run for run in _runs(tree, document.blocks) for i in range(run.first, run.last)}
    blocks = [document.blocks[i] for i in np.flatnonzero(kept).tolist()]
    text = [block for block in blocks if block.index not in runs]
    paragraphs = [block for block in text if is_unlinked(block, _PARAGRAPH_WORDS)]
    if len(text) == len(blocks) or not paragraphs:
        return []
    words = _words(text)
    teasers = [_Teaser(block, runs[block.index]) for block in blocks if block.index in runs]
    place = _Place(tree, paragraphs, document.url)
    outside = _outside(teasers, place, words, _is_short_news(document, words, article))
    closing = _closing(teasers, place, words) if article >= LIKELY_AN_ARTICLE else []
    return [_mark(teaser) for teaser in (*outside, *closing)]


def _outside(teasers: Sequence[_Teaser], place: _Place, words: int, is_short_news: bool) -> list[_Teaser]:
    """The teasers outside the article, if they are not most of the page."""
    found = [teaser for teaser in teasers if place.is_outside(teaser.run)]
    if words >= max(_TEXT_WORDS, _words([teaser.block for teaser in found])):
        return found
    return [teaser for teaser in found if is_short_news and place.stays_on_site(teaser.run)]


def _closing(teasers: Sequence[_Teaser], place: _Place, words: int) -> list[_Teaser]:
    """The teasers in the article's own element after its last paragraph, if the text is much longer."""
    found = [teaser for teaser in teasers if place.is_closing(teaser.run)]
    least = max(_LONG_TEXT_WORDS, _TIMES_THE_TEASERS * _words([teaser.block for teaser in found]))
    return found if words >= least else []


def _words(blocks: Sequence[Block]) -> int:
    return sum(word_count(block.text) for block in blocks)


def _is_short_news(document: Document, words: int, article: float) -> bool:
    """Whether a page is an article beyond doubt, though it may have less text than teasers."""
    return article >= _SURELY_AN_ARTICLE and words >= _SHORT_TEXT_WORDS and states_an_article(document)


class _Place:
    """Where the paragraphs of an article are, and where a run is then."""

    def __init__(self, tree: Tree, paragraphs: Sequence[Block], url: str | None) -> None:
        self._tree = tree
        self._article, self._last = _around(tree, paragraphs), paragraphs[-1].index
        self._own = ("", host_name(url))
        self._staying: dict[tuple[int, int], bool] = {}

    def is_outside(self, run: _Run) -> bool:
        """Whether a run is outside the element with all paragraphs."""
        return run.first not in self._article

    def is_closing(self, run: _Run) -> bool:
        """Whether a run in that element follows the last paragraph and leads to other pages of the same site."""
        return run.first in self._article and run.first > self._last and self.stays_on_site(run)

    def stays_on_site(self, run: _Run) -> bool:
        """Whether every link of a run leads to another page of the same site; lists of goods lead to shops."""
        span = run.start, run.end
        if span not in self._staying:
            links = self._tree.all("a")
            addresses = (self._tree.get(link, "href") for link in links[slice(*(bisect_left(links, e) for e in span))])
            self._staying[span] = all(not a.startswith("#") and host_name(a) in self._own for a in addresses)
        return self._staying[span]


def _around(tree: Tree, paragraphs: Sequence[Block]) -> range:
    """The blocks of the innermost element that holds all the paragraphs; a paragraph alone is no such element."""
    first, last = paragraphs[0], paragraphs[-1]
    holders = (
        element for element in tree.ancestors(tree.parents[first.element]) if last.index < tree.last_block[element]
    )
    element = next(holders, 0)
    return range(tree.first_block[element], tree.last_block[element])


def _mark(teaser: _Teaser) -> Mark:
    evidence = f"in a run of {teaser.run.boxes} like boxes with a linked title each"
    return Mark(teaser.block.index, "drop", REASON, evidence)


def _runs(tree: Tree, blocks: Sequence[Block]) -> Iterator[_Run]:
    """The boxes of all runs of teasers."""
    for siblings in like_siblings(tree, _BOXES):
        teasers = teasers_of(blocks_of(tree, siblings), blocks, _BOXES)
        if sum(has_summary([blocks[i] for i in box]) for box in teasers) >= _SUMMARIES:
            ends = siblings[0], tree.ends[siblings[-1]]
            yield from (_Run(box.start, box.stop, len(teasers), *ends) for box in teasers)
