"""Features of runs: like siblings (teasers, comments, rows), the main text, and where a block is, seen from both.

A list of teasers and a list of readers' comments are siblings of one form, each of several blocks. They differ
from paragraphs in what the members of the run have in common: sentences, links, pictures, dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.features.ancestors import Elements
from cleaners.features.columns import BlockTexts, Columns, Holders, Subtrees
from cleaners.tree import Tree, ints
from cleaners.words.array_types import Ints
from cleaners.words.characters import Kind

_MEMBERS: Final = 3  # this many siblings of one form are a run
_BLOCKS: Final = 1.5  # mean number of blocks of a member: a run of single paragraphs is plain text
# Elements that are members of no run, whatever they hold.
_SINGLE: Final = frozenset(("p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "html", "body", "head"))
_DATED_WORDS: Final = 12  # a shorter block with digits in it may be a date or a time
_PAUSE: Final = 4.0  # how many words of sentences one block without a sentence outweighs
_GRANDCHILD: Final = 0.5  # the weight of a sentence if its paragraph is a grandchild instead of a child
_NONE: Final = -1.0


def runs(columns: Columns, texts: BlockTexts, tree: Tree, subtrees: Subtrees, elements: Elements, holders: Holders,
         rows: Ints) -> None:  # fmt: skip
    """Add the columns."""
    steps = _steps_up(holders)
    _like_siblings(columns, texts, tree, subtrees, elements, holders, steps, rows)
    _main_parent(columns, texts, subtrees, holders, steps, rows)
    _main_run(columns, texts)


def _like_siblings(columns: Columns, texts: BlockTexts, tree: Tree, subtrees: Subtrees, elements: Elements,
                   holders: Holders, steps: Sequence[Ints], rows: Ints) -> None:  # fmt: skip
    """Add what the members have in common of the innermost run around each block, and of the outermost run."""
    siblings = (holders.parents + 1) * (int(elements.form.max()) + 1) + elements.form
    _, first, group = np.unique(siblings, return_index=True, return_inverse=True)
    size = np.bincount(group)
    dated = (texts.counts.kinds.T[Kind.DIGIT] > 0) & (texts.words < _DATED_WORDS)
    totals = np.array([
        subtrees.blocks, subtrees.words, subtrees.linked, subtrees.sentences > 0,
        _held(dated, holders) > 0, _pictures(tree, holders) > 0,
    ])  # fmt: skip
    sums = np.array([np.bincount(group, total) for total in totals])
    blocks, words, linked, sentences, dates, pictures = sums / size
    before = np.append(0.0, np.cumsum(texts.words)).take(holders.first_block.take(first))
    all_words = max(1.0, texts.total_words)
    said = np.array([
        size, blocks, words, words - linked, linked / np.maximum(words, 1), sentences, dates, pictures,
        words * size / all_words, before / all_words,
    ])  # fmt: skip
    tags = tree.tags
    whole = np.array([tags[e] not in _SINGLE for e in holders.elements])
    member = whole & ((size >= _MEMBERS) & (blocks >= _BLOCKS)).take(group)
    for where, found in (("inner", _nearest(member, steps)), ("outer", _farthest(member, steps))):
        own = found.take(rows)
        values = np.where(own >= 0, said.take(group.take(own), axis=1), _NONE)
        columns.add_all([f"{where}_run_{name}" for name in _SAID], values)


_SAID: Final = (
    "members", "blocks", "words", "unlinked", "links", "sentences", "dates", "pictures", "share", "before",
)  # fmt: skip


def _held(flags: NDArray[np.bool_], holders: Holders) -> Ints:
    """How many of the flagged blocks each holder holds."""
    sums = np.append(0, np.cumsum(flags))
    return np.asarray(sums.take(holders.last_block) - sums.take(holders.first_block))


def _pictures(tree: Tree, holders: Holders) -> Ints:
    """How many images each holder holds."""
    images, own = ints(tree.all("img")), ints(holders.elements)
    ends = ints(tree.ends).take(own)
    return np.asarray(images.searchsorted(ends) - images.searchsorted(own))


def _nearest(flags: NDArray[np.bool_], steps: Sequence[Ints]) -> Ints:
    """For each holder, the row of the nearest flagged holder, itself or above it; -1 if there is none.

    Rows are in document order, so the nearest of an element's ancestors has the greatest row.
    """
    found = np.append(np.where(flags, np.arange(len(flags)), -1), -1)
    for above in steps:
        found = np.maximum(found, found.take(above))
    return found[:-1]


def _farthest(flags: NDArray[np.bool_], steps: Sequence[Ints]) -> Ints:
    """For each holder, the row of the flagged holder nearest to the root, itself or above it; -1 if there is none."""
    none = len(flags)
    found = np.append(np.where(flags, np.arange(none), none), none)
    for above in steps:
        found = np.minimum(found, found.take(above))
    return np.where(found[:-1] < none, found[:-1], -1)


def _steps_up(holders: Holders) -> list[Ints]:
    """The ancestors one, two, four … levels above each holder; one past the last row where there is none."""
    nothing = len(holders.parents)
    above = np.append(np.where(holders.parents >= 0, holders.parents, nothing), nothing)
    steps, reach, deepest = [above], 1, int(holders.depths.max())
    while reach < deepest:
        steps.append(steps[-1].take(steps[-1]))
        reach *= 2
    return steps


def _main_parent(columns: Columns, texts: BlockTexts, subtrees: Subtrees, holders: Holders, steps: Sequence[Ints],
                 rows: Ints) -> None:  # fmt: skip
    """Add where a block is, seen from the element whose children and grandchildren hold the most sentences."""
    size = len(holders.parents)
    parents = np.maximum(holders.parents, 0)
    children = np.bincount(parents.take(rows), texts.sentence_words, size)
    best = int((children + _GRANDCHILD * np.bincount(parents, children, size)).argmax())
    chain = np.zeros(size, np.bool_)
    row = best
    while row >= 0:
        chain[row] = True
        row = int(holders.parents[row])
    meeting = _nearest(chain, steps).take(rows)
    order = np.arange(columns.rows)
    columns.add("main_parent_up", holders.depths[best] - holders.depths.take(meeting))
    columns.add("main_parent_down", holders.depths.take(rows) - holders.depths.take(meeting))
    columns.add("main_parent_after", order - holders.last_block[best])
    columns.add("main_parent_before", holders.first_block[best] - order)
    columns.add("main_parent_share", subtrees.sentences[best] / max(1.0, texts.total_sentence_words))


def _main_run(columns: Columns, texts: BlockTexts) -> None:
    """Add where a block is, seen from the stretch of the page with the most sentences and the fewest interruptions."""
    gain = texts.sentence_words - np.where(texts.sentence_words > 0, 0.0, _PAUSE) - texts.words * texts.links
    total = np.append(0.0, np.cumsum(gain))
    end = int((total - np.minimum.accumulate(total)).argmax())
    start = int(total[: end + 1].argmin())
    order = np.arange(columns.rows)
    words = float(texts.sentence_words[start:end].sum())
    columns.add("main_run_inside", (order >= start) & (order < end))
    columns.add("main_run_words", words)
    columns.add("main_run_share", words / max(1.0, texts.total_sentence_words))
