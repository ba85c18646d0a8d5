"""The learned text model: which blocks of a dump are body, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.cut import Cut, choose
from cleaners.document import Document, Mark, Verdict
from cleaners.marks import dropped_blocks, hinted_reasons
from cleaners.model import Model, load_model
from cleaners.options import CleanOptions
from cleaners.text_features import TEXT_FEATURES_VERSION, Tables, text_features

Floats = NDArray[np.float64]
MODEL_FILE: Final = "text.npz"


def text_model(path: str | None = None) -> Model:
    """The model at a path, else the package's own. Raises ModelError."""
    return load_model(path or str(files("cleaners.models").joinpath(MODEL_FILE)), TEXT_FEATURES_VERSION)


def mark_text_boilerplate(document: Document, marks: Sequence[Mark], options: CleanOptions) -> Verdict:
    """Drop the blocks outside the set with the highest expected F1, and say how high it is."""
    words = np.array([len(block.text.split()) for block in document.blocks], np.float64)
    if words.sum() < 1:
        return Verdict()
    model = text_model()
    probabilities = predicted(document, model)
    dropped = dropped_blocks(marks)
    free = np.array([block.index not in dropped for block in document.blocks], np.bool_)
    cut = _cut(probabilities, words + 0.01, free)
    confidence = calibrated(cut.expected_f1, model.about["calibration"])
    return Verdict(_marks(probabilities, cut, free, marks), "text", confidence)


def predicted(document: Document, model: Model) -> Floats:
    """Per block the probability that its words belong to the body."""
    return model.forest.predict(text_features(document, Tables(*model.words)))


def calibrated(expected_f1: float, table: Sequence[Sequence[float]]) -> float:
    """The real F1 that out-of-fold dumps had at this expected F1, between the table's (expected, real) points."""
    expected, real = zip(*table, strict=True)
    return float(np.interp(expected_f1, expected, real))


def _cut(probabilities: Floats, weights: Floats, free: NDArray[np.bool_]) -> Cut:
    """Choose among the blocks that no rule has dropped."""
    cut = choose(probabilities[free], weights[free])
    kept = np.zeros(len(probabilities), np.bool_)
    kept[free] = cut.kept
    return Cut(kept, cut.expected_f1, cut.threshold)


def _marks(probabilities: Floats, cut: Cut, free: NDArray[np.bool_], marks: Sequence[Mark]) -> list[Mark]:
    hints = hinted_reasons(marks)
    out: list[Mark] = []
    for i in np.flatnonzero(free & ~cut.kept).tolist():
        evidence = f"probability {probabilities[i]:.2f} below {cut.threshold:.2f}"
        hint = hints.get(i)
        reason = hint.reason if hint else "boilerplate"
        out.append(Mark(i, "drop", reason, f"{hint.evidence}; {evidence}" if hint else evidence))
    return out
