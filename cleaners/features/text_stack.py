"""The blocks of several dumps in one array, and where each dump begins and ends in it.

NumPy needs most of its time per call and not per number, and the arrays of a dump of 75 blocks are small. A stack gives
every dump the same numbers as it has alone: each sum is computed for one dump by itself, in the order of its blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaners.words.array_types import Floats, Ints


class Stack(NamedTuple):
    """The blocks of dumps, one dump after another; no dump is empty.

    starts  the first block of each dump, then the number of all blocks: (dumps + 1,)
    dump    for each block, the number of its dump
    first   for each block, the first block of its dump
    last    for each block, one past the last block of its dump
    """

    starts: Ints
    dump: Ints
    first: Ints
    last: Ints

    @staticmethod
    def of(sizes: Sequence[int]) -> Stack:
        """The stack of dumps with these numbers of blocks."""
        starts = np.concatenate(([0], np.cumsum(np.array(sizes, np.int64))))
        dump = np.repeat(np.arange(len(sizes)), sizes)
        return Stack(starts, dump, starts.take(dump), starts.take(dump + 1))

    @property
    def sizes(self) -> Ints:
        """The number of blocks of each dump."""
        return np.diff(self.starts)

    def spans(self) -> list[tuple[int, int]]:
        """The first block of each dump, and one past its last."""
        return list(pairwise(self.starts.tolist()))

    def totals(self, values: NDArray[Any]) -> Floats:
        """For each dump, the sum of its blocks' values."""
        return np.asarray(np.bincount(self.dump, weights=values, minlength=len(self.starts) - 1), np.float64)

    def of_blocks(self, values: Floats) -> Floats:
        """For each block, the value of its dump."""
        return values.take(self.dump)

    def sums(self, rows: Floats) -> Floats:
        """Running sums of (rows, blocks), which begin at 0 in each dump: (rows, blocks + dumps).

        `sums_at` gives the places of the sums.
        """
        sums = np.zeros((len(rows), rows.shape[1] + len(self.starts) - 1))
        for number, (first, last) in enumerate(self.spans()):
            np.cumsum(rows[:, first:last], axis=1, out=sums[:, first + number + 1 : last + number + 1])
        return sums

    def sums_at(self, blocks: Ints) -> Ints:
        """Where `sums` has the sums before these blocks: one for each block of the stack, in its dump."""
        return blocks + self.dump

    def laid_out(self, rows: Floats, gap: int, between: float) -> Floats:
        """(rows, blocks) with a gap, filled with `between`, before each dump and after the last.

        No block finds another dump within the gap. `places` gives the places of the blocks.
        """
        out = np.full((len(rows), rows.shape[1] + gap * len(self.starts)), between)
        out[:, self.places(gap)] = rows
        return out

    def places(self, gap: int) -> Ints:
        """Where `laid_out` puts each block."""
        return np.arange(len(self.dump)) + gap * (self.dump + 1)
