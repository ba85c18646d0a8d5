"""Drops teasers that read like sentences: a run of like boxes, each with a linked title and a short summary.

A classifier that looks at one block at a time keeps the summaries if they are in full sentences. What tells them from
the text is the run: the same small box several times, each with a link to another page, beside or below an article.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.document import Block, Document, Mark
from cleaners.rules.wording import has_more_words, word_count
from cleaners.tree import Tree

REASON: Final = "related_links"
# Boxes that make a run, and how many of the like siblings have to be such boxes.
_BOXES: Final = 3
_SHARE: Final = 0.7
# A box has at most this many blocks: a section, a title, a summary, a byline, a date, a button.
_BLOCKS: Final = 6
# A longer block is more than a summary.
_SUMMARY_WORDS: Final = 60
# So many words make a title, and so many, at least in two boxes, a summary: lists of titles are the classifier's.
_TITLE_WORDS: Final = 2
_SENTENCE_WORDS: Final = 6
# How much of a title is linked.
_LINKED: Final = 0.8
# A paragraph of the text, and the words of text that a page with an article has at least.
_PARAGRAPH_WORDS: Final = 20
_TEXT_WORDS: Final = 80
_BOX_TAGS: Final = frozenset({"div", "li", "article", "section", "aside", "figure", "dd"})


def teaser_marks(document: Document, kept: NDArray[np.bool_]) -> list[Mark]:
    """Drops of the kept runs of teasers outside the element with all paragraphs of an article.

    kept  for each block, whether it would be kept otherwise
    """
    tree = document.tree
    if tree is None:
        return []
    runs = {i: size for first, last, size in _runs(tree, document.blocks) for i in range(first, last)}
    blocks = [document.blocks[i] for i in np.flatnonzero(kept).tolist()]
    text = [block for block in blocks if block.index not in runs]
    if len(text) == len(blocks):
        return []
    paragraphs = [block for block in text if _is_unlinked(block, _PARAGRAPH_WORDS)]
    if not paragraphs:
        return []
    article = _around(tree, paragraphs)
    teasers = [block for block in blocks if block.index in runs and block.index not in article]
    words = sum(word_count(block.text) for block in text)
    if words < max(_TEXT_WORDS, sum(word_count(block.text) for block in teasers)):
        return []
    return [_mark(block, runs[block.index]) for block in teasers]


def _around(tree: Tree, paragraphs: Sequence[Block]) -> range:
    """The blocks of the innermost element that holds all the paragraphs."""
    first, last = paragraphs[0], paragraphs[-1]
    holders = (element for element in tree.ancestors(first.element) if last.index < tree.last_block[element])
    element = next(holders, 0)
    return range(tree.first_block[element], tree.last_block[element])


def _mark(block: Block, boxes: int) -> Mark:
    return Mark(block.index, "drop", REASON, f"in a run of {boxes} like boxes with a linked title each")


def _runs(tree: Tree, blocks: Sequence[Block]) -> Iterator[tuple[int, int, int]]:
    """For each box in a run of teasers, its first block, the one after its last, and the boxes of the run."""
    for siblings in _like_siblings(tree):
        spans = [range(tree.first_block[box], tree.last_block[box]) for box in siblings]
        boxes = [span for span in spans if _is_teaser([blocks[i] for i in span])]
        if len(boxes) < max(_BOXES, _SHARE * len(siblings)):
            continue
        if sum(any(_is_unlinked(blocks[i], _SENTENCE_WORDS) for i in span) for span in boxes) > 1:
            yield from ((span.start, span.stop, len(boxes)) for span in boxes)


def _like_siblings(tree: Tree) -> Iterator[list[int]]:
    """Small elements with the same parent, tag and first class (without digits)."""
    alike: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    first, last = tree.block_bounds
    small = np.flatnonzero((last - first > 1) & (last - first <= _BLOCKS)).tolist()
    for element in small:
        if (tag := tree.tags[element]) in _BOX_TAGS:
            name = tree.get(element, "class").partition(" ")[0].rstrip("0123456789")
            alike[tree.parents[element], tag, name].append(element)
    return (siblings for siblings in alike.values() if len(siblings) >= _BOXES)


def _is_teaser(box: Sequence[Block]) -> bool:
    """Whether a box has a linked title, and no block that is longer than a summary."""
    shown = [block for block in box if not block.detached]
    linked = any(_is_linked(block) and has_more_words(block.text, _TITLE_WORDS - 1) for block in shown)
    return linked and not any(has_more_words(block.text, _SUMMARY_WORDS) for block in shown)


def _is_unlinked(block: Block, words: int) -> bool:
    """Whether a block is no linked title and has at least so many words."""
    return not _is_linked(block) and has_more_words(block.text, words - 1)


def _is_linked(block: Block) -> bool:
    return block.link_chars >= _LINKED * len(block.text)
