"""From probabilities to marks: what the HTML and the text classifier have in common."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from cleaners.classifier.cut import Cut, choose
from cleaners.document import Mark, hinted_reasons
from cleaners.words.array_types import Floats, Ints

_SLIGHT = 0.01  # words: a block of punctuation weighs next to nothing, but not nothing


def free_blocks(blocks: int, dropped: Collection[int]) -> Ints:
    """Indices of the blocks that no rule has dropped."""
    free = np.ones(blocks, np.bool_)
    free[np.fromiter(dropped, np.int64, len(dropped))] = False
    return np.flatnonzero(free)


def choose_among(probabilities: Floats, words: Floats, dropped: Collection[int]) -> Cut:
    """Among the blocks that no rule has dropped, choose the set with the highest expected F1."""
    free = free_blocks(len(probabilities), dropped)
    cut = choose(probabilities.take(free), words.take(free) + _SLIGHT)
    kept = np.zeros(len(probabilities), np.bool_)
    kept[free] = cut.kept
    return Cut(kept, cut.expected_f1, cut.threshold)


def calibrated(expected_f1: float, table: Sequence[Sequence[float]]) -> float:
    """The real F1 of pages with this expected F1, interpolated in a table of (expected, real) points."""
    expected, real = zip(*table, strict=True)
    return float(np.interp(expected_f1, expected, real))


def marks_of(probabilities: Floats, cut: Cut, dropped: Collection[int], marks: Sequence[Mark]) -> list[Mark]:
    """Drop the blocks that were not chosen. The reason is the one that a rule hinted at, else boilerplate."""
    hints = hinted_reasons(marks)
    left = [i for i in np.flatnonzero(~cut.kept).tolist() if i not in dropped]
    likely = probabilities[left].tolist()
    return [
        _drop(i, f"probability {p:.2f} below {cut.threshold:.2f}", hints.get(i))
        for i, p in zip(left, likely, strict=True)
    ]


def _drop(block: int, evidence: str, hint: Mark | None) -> Mark:
    if hint is None:
        return Mark(block, "drop", "boilerplate", evidence)
    return Mark(block, "drop", hint.reason, f"{hint.evidence}; {evidence}")
