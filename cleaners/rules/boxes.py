"""Like boxes: small elements with the same parent, as lists of other pages are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from cleaners.document import Block
from cleaners.rules.wording import has_more_words
from cleaners.tree import Tree

# A box has at most this many blocks: a section, a title, a summary, a byline, a date, a button.
_BLOCKS: Final = 6
# How many of the like boxes have to be teasers.
_SHARE: Final = 0.7
# A longer block is more than a summary.
_SUMMARY_WORDS: Final = 60
# So many words make a title, and so many a summary.
_TITLE_WORDS: Final = 2
_SENTENCE_WORDS: Final = 6
# How much of a title is linked.
_LINKED: Final = 0.8
# Elements that may be boxes, besides elements with names of the site's own ("story-card").
_BOX_TAGS: Final = frozenset({"div", "li", "article", "section", "aside", "figure", "dd", "a", "tr", "table"})


def like_siblings(tree: Tree, least: int) -> Iterator[list[int]]:
    """Lists of at least so many small elements with the same parent, tag and first class (without digits)."""
    alike: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    first, last = tree.block_bounds
    small = np.flatnonzero((last - first > 1) & (last - first <= _BLOCKS)).tolist()
    for element in small:
        if (tag := tree.tags[element]) in _BOX_TAGS or "-" in tag:
            name = tree.get(element, "class").partition(" ")[0].rstrip("0123456789")
            alike[tree.parents[element], tag, name].append(element)
    return (siblings for siblings in alike.values() if len(siblings) >= least)


def blocks_of(tree: Tree, boxes: Sequence[int]) -> list[range]:
    """The blocks of each box."""
    return [range(tree.first_block[box], tree.last_block[box]) for box in boxes]


def teasers_of(boxes: Sequence[range], blocks: Sequence[Block], least: int) -> list[range]:
    """The boxes that are teasers, if most of the boxes and at least so many are; else none."""
    teasers = [box for box in boxes if is_teaser([blocks[i] for i in box])]
    return teasers if len(teasers) >= max(least, _SHARE * len(boxes)) else []


def is_teaser(box: Sequence[Block]) -> bool:
    """Whether a box has a linked title, and no block that is longer than a summary."""
    shown = [block for block in box if not block.detached]
    return any(map(is_linked, shown)) and not any(has_more_words(block.text, _SUMMARY_WORDS) for block in shown)


def has_summary(box: Sequence[Block]) -> bool:
    """Whether a block besides the linked title has the length of a sentence; the link may hold the whole box."""
    titles = [block for block in box if is_linked(block)]
    return any(block is not titles[0] and has_more_words(block.text, _SENTENCE_WORDS - 1) for block in box)


def is_linked(block: Block) -> bool:
    """Whether a block is a linked title."""
    return block.link_chars >= _LINKED * len(block.text) and has_more_words(block.text, _TITLE_WORDS - 1)


def is_unlinked(block: Block, words: int) -> bool:
    """Whether a block is no linked title and has at least so many words."""
    return block.link_chars < _LINKED * len(block.text) and has_more_words(block.text, words - 1)
