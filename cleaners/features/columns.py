"""Named columns of features, and the per-block numbers that several groups of features share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaners.document import Block
from cleaners.tree import Tree, ints
from cleaners.words.array_types import Floats, Ints
from cleaners.words.characters import Characters, CharCounts, characters_of, count_kinds, word_starts
from cleaners.words.scripts import CLOSING_QUOTES, SENTENCE_ENDS

LONG_WORDS: Final = 12.0  # a block of at least this many words, mostly unlinked, reads as a paragraph
_TERMINALS: Final = SENTENCE_ENDS + CLOSING_QUOTES + "):;："
_PLANE: Final = 0x10000  # the basic plane's code points
_ROOM: Final = 256  # the most columns; HTML has 187, dumps 233


class Columns:
    """Named feature columns of n rows, written side by side into one array of single precision."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.names: list[str] = []
        self._values = np.empty((_ROOM, rows), np.float32)

    def add(self, name: str, values: NDArray[Any] | float) -> None:
        """Add one column: n values, or one number for all rows."""
        self._values[len(self.names)] = values
        self.names.append(name)

    def add_all(self, names: Sequence[str], values: NDArray[Any] | float) -> None:
        """Add columns: (columns, n) values, or (columns, 1) if all rows have the same values."""
        start = len(self.names)
        self.names += names
        self._values[start : len(self.names)] = values

    def add_each(self, columns: Mapping[str, NDArray[Any] | float]) -> None:
        """Add columns by name, in their order."""
        for name, values in columns.items():
            self.add(name, values)

    def matrix(self) -> NDArray[np.float32]:
        """All columns, (rows, columns), in order of addition."""
        return np.ascontiguousarray(self._values[: len(self.names)].T)


@dataclass(frozen=True)
class BlockTexts:
    """For each block: its element, characters, words, link density (0 to 1), and whether it ends a sentence or is long.

    `begins` says where among all the characters a word begins; the totals are sums over the page.
    """

    texts: Sequence[str]
    owners: Ints
    detached: NDArray[np.bool_]
    characters: Characters
    begins: NDArray[np.bool_]
    counts: CharCounts
    words: Floats
    links: Floats
    terminal: Floats
    long: Floats
    sentence_words: Floats
    total_words: float
    total_sentence_words: float

    @staticmethod
    def of(blocks: Sequence[Block]) -> BlockTexts:
        """Count once, for all groups of features."""
        _, texts, elements, link_chars, _, _, detached = zip(*blocks, strict=True)
        characters = characters_of(texts)
        begins = word_starts(characters)
        counts = count_kinds(characters, begins)
        words = counts.words
        links = np.array(link_chars, np.int64) / np.maximum(counts.chars, 1)
        terminal = _ends_sentence(characters)
        long = ((words >= LONG_WORDS) & (links < 0.5)).astype(np.float64)
        sentences = words * long * terminal
        return BlockTexts(
            texts=texts,
            owners=np.array(elements, np.int64),
            detached=np.array(detached, np.bool_),
            characters=characters,
            begins=begins,
            counts=counts,
            words=words,
            links=links,
            terminal=terminal,
            long=long,
            sentence_words=sentences,
            total_words=float(words.sum()),
            total_sentence_words=float(sentences.sum()),
        )


def _ends_sentence(characters: Characters) -> Floats:
    """1.0 for the texts whose last character ends a sentence."""
    if not len(characters.codes):
        return np.zeros(len(characters.lengths))
    last = characters.codes.take(np.cumsum(characters.lengths) - 1, mode="clip")
    return _terminal_table().take(last, mode="clip") * (characters.lengths > 0)


@cache
def _terminal_table() -> Floats:
    table = np.zeros(_PLANE + 1)  # the last entry is for all planes above
    table[[ord(character) for character in _TERMINALS]] = 1.0
    return table


@dataclass(frozen=True)
class Holders:
    """The elements that hold a block, in document order; the root comes first.

    Elements without a block (images, parts of drawings, empty frames) say nothing about any block; they are half of a
    page's elements. `rows` maps an element of the Tree to its row here; `parents` are rows, -1 for the root's.
    """

    rows: Ints
    elements: list[int]
    parents: Ints
    depths: Ints
    first_block: Ints
    last_block: Ints

    @staticmethod
    def of(tree: Tree) -> Holders:
        """Find the holders, and turn the tree's lists into arrays once for all groups of features."""
        first, last = tree.block_bounds
        held = np.flatnonzero(last > first)
        rows = np.full(len(tree.tags) + 1, -1, np.int64)  # the last one answers for -1, the parent of the root
        rows[held] = np.arange(len(held))
        parents = ints(tree.parents)
        return Holders(
            rows=rows,
            elements=held.tolist(),
            parents=rows.take(parents.take(held)),
            depths=tree.depths.take(held),
            first_block=first.take(held),
            last_block=last.take(held),
        )


@dataclass(frozen=True)
class Subtrees:
    """Sums over each holder's blocks: words, linked words, blocks, long blocks, words of sentences."""

    words: Floats
    linked: Floats
    blocks: Floats
    long: Floats
    sentences: Floats

    @staticmethod
    def of(texts: BlockTexts, holders: Holders) -> Subtrees:
        """Differences of prefix sums: one look-up an element, however deep the page."""
        first, last = holders.first_block, holders.last_block
        sums = np.zeros((4, len(texts.words) + 1))
        np.cumsum([texts.words, texts.words * texts.links, texts.long, texts.sentence_words], axis=1, out=sums[:, 1:])
        words, linked, long, sentences = sums.take(last, axis=1) - sums.take(first, axis=1)
        blocks = (last - first).astype(np.float64)
        return Subtrees(words=words, linked=linked, blocks=blocks, long=long, sentences=sentences)


def window_means(values: Floats, windows: Sequence[int]) -> Floats:
    """Means over the blocks up to each window before and after: (series, n) values give (series, windows, n)."""
    series, rows = values.shape
    sums = np.zeros((rows + 1, series))
    np.cumsum(values.T, axis=0, out=sums[1:])
    place, reach = np.arange(rows), np.array(windows)[:, None]
    first, last = np.maximum(0, place - reach), np.minimum(rows, place + reach + 1)
    means = (sums.take(last, axis=0) - sums.take(first, axis=0)) / (last - first)[:, :, None]
    return np.asarray(means.transpose(2, 0, 1))
