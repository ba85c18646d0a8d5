"""Several dumps in one array: where the blocks of each lie, so that no block looks past its own dump.

What is counted of many small arrays costs a call for each, and a dump of 75 blocks is small. Every number is the same
whether a dump is alone or in a stack: sums are taken of each dump by itself, in the order of its blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaners.tree import Ints

Floats = NDArray[np.float64]


class Stack(NamedTuple):
    """The blocks of dumps, one dump after another; none is empty.

    starts  first block of each dump, and the number of all blocks
    dump    of each block: the number of its dump
    first   of each block: the first block of its dump
    last    of each block: one past the last block of its dump
    """

    starts: Ints
    dump: Ints
    first: Ints
    last: Ints

    @staticmethod
    def of(sizes: Sequence[int]) -> Stack:
        """Dumps of so many blocks each."""
        starts = np.concatenate(([0], np.cumsum(np.array(sizes, np.int64))))
        dump = np.repeat(np.arange(len(sizes)), sizes)
        return Stack(starts, dump, starts.take(dump), starts.take(dump + 1))

    @property
    def sizes(self) -> Ints:
        """Blocks of each dump."""
        return np.diff(self.starts)

    def spans(self) -> list[tuple[int, int]]:
        """First block and one past the last of each dump."""
        return list(pairwise(self.starts.tolist()))

    def totals(self, values: NDArray[Any]) -> Floats:
        """The sum of the blocks' values, for each dump."""
        return np.asarray(np.bincount(self.dump, weights=values, minlength=len(self.starts) - 1), np.float64)

    def of_blocks(self, values: Floats) -> Floats:
        """A value for each dump as one for each block."""
        return values.take(self.dump)

    def sums(self, rows: Floats) -> Floats:
        """Running sums of (rows, blocks), each dump's from 0 on: (rows, blocks + dumps).

        `sums_at` says where a dump's sum before a block is.
        """
        sums = np.zeros((len(rows), rows.shape[1] + len(self.starts) - 1))
        for number, (first, last) in enumerate(self.spans()):
            np.cumsum(rows[:, first:last], axis=1, out=sums[:, first + number + 1 : last + number + 1])
        return sums

    def sums_at(self, blocks: Ints) -> Ints:
        """Places in `sums` of the sums before these blocks, one for each block of the stack and of its own dump."""
        return blocks + self.dump

    def laid_out(self, rows: Floats, gap: int, between: float) -> Floats:
        """(rows, blocks) with a gap of this value before each dump and after the last; `places` says where blocks are.

        A block may look so far ahead and back without meeting another dump.
        """
        out = np.full((len(rows), rows.shape[1] + gap * len(self.starts)), between)
        out[:, self.places(gap)] = rows
        return out

    def places(self, gap: int) -> Ints:
        """Of each block its place in what `laid_out` gives."""
        return np.arange(len(self.dump)) + gap * (self.dump + 1)
