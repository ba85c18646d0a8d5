"""Features of a block's surroundings: subtrees, like blocks, the main container, and neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from cleaners.features.ancestors import Elements
from cleaners.features.columns import BlockTexts, Columns, Holders, Subtrees, window_means
from cleaners.words.array_types import Floats, Ints

_ANCESTOR_LEVELS: Final = (0, 1, 2, 4, 8)
_ANCESTOR_NAMES: Final = tuple(
    f"up{level}_{name}"
    for level in _ANCESTOR_LEVELS
    for name in ("words", "links", "blocks", "long", "sentences", "mean_words")
)
_ALIKE_NAMES: Final = tuple(
    f"{name}_{what}"
    for name in ("alike", "alike_pair", "alike_path")
    for what in ("share", "words", "links", "terminal")
)
_MAIN_SHARES: Final = (0.5, 0.8)
_NEIGHBOURS: Final = (-1, 1)
_ABSENT: Final = -1.0  # where there is no neighbour
_WINDOWS: Final = (3, 10, 25)
_NEIGHBOUR_NAMES: Final = tuple(
    f"{name}{offset:+d}" for name in ("word_score_mean", "name_decayed") for offset in _NEIGHBOURS
)
_AROUND_NAMES: Final = tuple(f"around{window}_{name}" for name in ("unlinked", "score", "name") for window in _WINDOWS)


def ancestors(columns: Columns, texts: BlockTexts, subtree: Subtrees, holders: Holders, rows: Ints) -> None:
    """Densities of the subtrees that hold the block, at several levels above it."""
    some_words, some_blocks = np.maximum(subtree.words, 1), np.maximum(subtree.blocks, 1)
    densities = np.array(
        [
            subtree.words / max(1.0, texts.total_words),
            subtree.linked / some_words,
            subtree.blocks,
            subtree.long / some_blocks,
            subtree.sentences / max(1.0, texts.total_sentence_words),
            subtree.words / some_blocks,
        ],
        np.float32,
    ).T.copy()
    parents = np.where(holders.parents >= 0, holders.parents, np.arange(len(holders.parents)))
    at = [rows]
    for _ in range(max(_ANCESTOR_LEVELS)):
        at.append(parents.take(at[-1]))
    levels = np.array([at[level] for level in _ANCESTOR_LEVELS])
    found = densities.take(levels, axis=0)  # (levels, blocks, densities)
    columns.add_all(_ANCESTOR_NAMES, found.transpose(0, 2, 1).reshape(len(_ANCESTOR_NAMES), columns.rows))


def repetition(columns: Columns, texts: BlockTexts, elements: Elements, rows: Ints) -> None:
    """Add figures of the blocks in like elements, and in like elements under like parents: number, length, links."""
    # The row after the last one means "no element": it is its own parent, and like no other.
    nothing = len(elements.parents)
    above = np.append(np.where(elements.parents >= 0, elements.parents, nothing), nothing)
    signature = np.append(elements.signature, -1)
    parent = above.take(rows)
    own, mother, grandmother = signature.take(rows), signature.take(parent), signature.take(above.take(parent))
    size = int(elements.signature.max()) + 2
    pair = own * size + mother
    group = np.concatenate(_apart((own, pair, pair * size + grandmother)))
    count = np.maximum(np.bincount(group), 1)
    sums = [np.bincount(group, np.concatenate([v] * 3)) for v in (texts.words, texts.links, texts.terminal)]
    means = np.array([count / columns.rows, *(total / count for total in sums)])
    alike = means.take(group, axis=1).reshape(4, 3, columns.rows)
    columns.add_all(_ALIKE_NAMES, alike.transpose(1, 0, 2).reshape(len(_ALIKE_NAMES), columns.rows))
    children = np.bincount(above, minlength=nothing + 1)
    children[nothing] = 0
    columns.add("siblings", children.take(parent))


def _apart(keys: Sequence[Ints]) -> list[Ints]:
    """Number the distinct values of each key; the numbers of one key follow those of the key before it."""
    out: list[Ints] = []
    start = 0
    for key in keys:
        order = key.argsort(kind="stable")
        ranked = key.take(order)
        group = np.empty_like(key)
        group[order] = np.cumsum(np.concatenate(([False], ranked[1:] != ranked[:-1])))
        out.append(group + start)
        start = int(out[-1].max()) + 1
    return out


def container(columns: Columns, texts: BlockTexts, subtree: Subtrees, holders: Holders) -> None:
    """Add where the block is, seen from the element that holds most of the page's sentences."""
    order = np.arange(columns.rows)
    for share in _MAIN_SHARES:
        enough = np.flatnonzero(subtree.sentences >= max(1.0, texts.total_sentence_words * share))
        best = int(enough[-1]) if len(enough) else 0
        first, last = int(holders.first_block[best]), int(holders.last_block[best])
        columns.add(f"main{share}_inside", (order >= first) & (order < last))
        columns.add(f"main{share}_from_start", order - first)
        columns.add(f"main{share}_to_end", last - order)
        columns.add(f"main{share}_depth", holders.depths[best])
        columns.add(f"main{share}_links", subtree.linked[best] / max(1.0, subtree.words[best]))
        columns.add(f"main{share}_words", subtree.words[best] / max(1.0, texts.total_words))
    sentence = np.flatnonzero(texts.sentence_words)
    columns.add("after_first_sentence", order - sentence[0] if len(sentence) else -999.0)


def neighbours(columns: Columns, texts: BlockTexts, word_score: Floats, name_score: Floats) -> None:
    """Add the same numbers for the blocks around, and their means over windows."""
    own = np.array([word_score, name_score])
    beside = np.full((len(own), len(_NEIGHBOURS), columns.rows), _ABSENT)
    beside[:, 0, 1:] = own[:, :-1]
    beside[:, 1, :-1] = own[:, 1:]
    columns.add_all(_NEIGHBOUR_NAMES, beside.reshape(len(_NEIGHBOUR_NAMES), columns.rows))
    series = np.array([texts.words * (1 - texts.links), word_score, name_score])
    columns.add_all(_AROUND_NAMES, window_means(series, _WINDOWS).reshape(len(_AROUND_NAMES), columns.rows))
