"""Named columns of features, and the per-block numbers that several groups of features share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.char_counts import CharCounts, characters_of, count_kinds
from cleaners.document import Block
from cleaners.tree import Tree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LONG_WORDS: Final = 12.0  # a block of at least this many words, mostly unlinked, reads as a paragraph
_TERMINALS = tuple('.!?…。！？．؟۔।॥։"”’»」』):;：')


class Columns:
    """Named feature columns of n rows; a column is an array of n values, or one number for all rows."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.names: list[str] = []
        self.values: list[NDArray[np.generic] | float] = []

    def add(self, name: str, values: NDArray[np.generic] | float) -> None:
        """Add one column."""
        self.names.append(name)
        self.values.append(values)

    def column(self, name: str) -> Floats:
        """One column's values, by name."""
        return np.broadcast_to(np.asarray(self.values[self.names.index(name)], np.float64), (self.rows,))

    def matrix(self) -> NDArray[np.float32]:
        """All columns, (rows, columns), in order of addition."""
        out = np.empty((len(self.values), self.rows), np.float32)
        for row, values in zip(out, self.values, strict=True):
            row[:] = values
        return np.ascontiguousarray(out.T)


@dataclass(frozen=True)
class BlockTexts:
    """Per block: counts of characters, words, link density (0 to 1), whether it ends a sentence and is long."""

    counts: CharCounts
    words: Floats
    links: Floats
    terminal: Floats
    long: Floats
    sentence_words: Floats

    @staticmethod
    def of(blocks: tuple[Block, ...]) -> BlockTexts:
        """Count once, for all groups of features."""
        counts = count_kinds(characters_of([block.text for block in blocks]))
        chars = np.maximum(counts.chars, 1)
        links = np.array([block.link_chars for block in blocks]) / chars
        terminal = np.array([block.text.endswith(_TERMINALS) for block in blocks], np.float64)
        long = ((counts.words >= LONG_WORDS) & (links < 0.5)).astype(np.float64)
        return BlockTexts(counts, counts.words, links, terminal, long, counts.words * long * terminal)


@dataclass(frozen=True)
class Subtrees:
    """Sums over each element's blocks: words, linked words, blocks, long blocks, words of sentences."""

    words: Floats
    linked: Floats
    blocks: Floats
    long: Floats
    sentences: Floats

    @staticmethod
    def of(texts: BlockTexts, tree: Tree) -> Subtrees:
        """Differences of prefix sums: one look-up an element, however deep the page."""
        first, last = np.array(tree.first_block), np.array(tree.last_block)
        columns = np.stack([texts.words, texts.words * texts.links, texts.long, texts.sentence_words])
        sums = np.concatenate([np.zeros((4, 1)), np.cumsum(columns, axis=1)], axis=1)
        words, linked, long, sentences = sums[:, last] - sums[:, first]
        return Subtrees(words, linked, (last - first).astype(np.float64), long, sentences)


def window_mean(values: Floats, window: int) -> Floats:
    """Mean over the blocks up to `window` before and after."""
    rows = np.arange(len(values))
    sums = np.concatenate([[0.0], np.cumsum(values)])
    first, last = np.maximum(0, rows - window), np.minimum(len(values), rows + window + 1)
    return np.asarray((sums[last] - sums[first]) / (last - first))
