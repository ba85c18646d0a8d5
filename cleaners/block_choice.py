"""From probabilities to marks: what the HTML and the text classifier have in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cleaners.cut import Cut, choose
from cleaners.document import Mark
from cleaners.marks import hinted_reasons

Floats = NDArray[np.float64]
_SLIGHT = 0.01  # words: a block of punctuation weighs next to nothing, but not nothing


def choose_among(probabilities: Floats, words: Floats, dropped: set[int]) -> Cut:
    """Choose among the blocks that no rule has dropped the set with the highest expected F1."""
    free = np.ones(len(probabilities), np.bool_)
    free[list(dropped)] = False
    cut = choose(probabilities[free], words[free] + _SLIGHT)
    kept = np.zeros(len(probabilities), np.bool_)
    kept[free] = cut.kept
    return Cut(kept, cut.expected_f1, cut.threshold)


def calibrated(expected_f1: float, table: Sequence[Sequence[float]]) -> float:
    """The real F1 that out-of-fold pages had at this expected F1, between the table's (expected, real) points."""
    expected, real = zip(*table, strict=True)
    return float(np.interp(expected_f1, expected, real))


def marks_of(probabilities: Floats, cut: Cut, dropped: set[int], marks: Sequence[Mark]) -> list[Mark]:
    """Drop what was not chosen, under the reason that a rule hinted at, else as boilerplate."""
    hints = hinted_reasons(marks)
    likely = probabilities.tolist()
    return [
        _drop(i, f"probability {likely[i]:.2f} below {cut.threshold:.2f}", hints.get(i))
        for i in np.flatnonzero(~cut.kept).tolist()
        if i not in dropped
    ]


def _drop(block: int, evidence: str, hint: Mark | None) -> Mark:
    if hint is None:
        return Mark(block, "drop", "boilerplate", evidence)
    return Mark(block, "drop", hint.reason, f"{hint.evidence}; {evidence}")
