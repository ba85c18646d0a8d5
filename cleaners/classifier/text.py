"""The learned text model: which blocks of a dump are body, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from cleaners.classifier.choice import calibrated, choose_among, free_blocks, marks_of
from cleaners.classifier.model import Model, load_model, packaged
from cleaners.document import CleanerResult, Document, Mark, dropped_blocks
from cleaners.features.text import TEXT_FEATURES_VERSION, read_lines, text_features
from cleaners.features.text_tables import Tables
from cleaners.options import CleanOptions

MODEL_FILE: Final = "text.npz"


def text_model(path: str | None = None) -> Model:
    """The model at a path, else the package's own. Raises ModelError."""
    return load_model(path or packaged(MODEL_FILE), TEXT_FEATURES_VERSION)


def mark_text_boilerplate(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
    """Drop the blocks outside the set with the highest expected F1, and say how high it is."""
    lines = read_lines([block.text for block in document.blocks])
    words = lines.words
    if words.sum() < 1:
        return CleanerResult()
    model = text_model(options.text_model)
    dropped = dropped_blocks(marks)
    free = free_blocks(len(words), dropped)
    probabilities = np.zeros(len(words))  # 0 for blocks that a rule has dropped: they are not scored
    matrix = text_features(document, Tables(model.words), lines).take(free, axis=0)
    probabilities[free] = model.forest.predict(matrix, model.about["log_odds_shift"])
    cut = choose_among(probabilities, words, dropped)
    confidence = calibrated(cut.expected_f1, model.about["calibration"])
    return CleanerResult(marks_of(probabilities, cut, dropped, marks), "text", confidence)
