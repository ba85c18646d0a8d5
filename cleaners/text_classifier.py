"""The learned text model: which blocks of a dump are body, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cleaners.block_choice import Floats, calibrated, choose_among, marks_of
from cleaners.document import Document, Mark, Verdict
from cleaners.marks import dropped_blocks
from cleaners.model import Model, load_model, packaged
from cleaners.options import CleanOptions
from cleaners.text_features import TEXT_FEATURES_VERSION, Lines, Tables, read_lines, text_features

MODEL_FILE: Final = "text.npz"


def text_model(path: str | None = None) -> Model:
    """The model at a path, else the package's own. Raises ModelError."""
    return load_model(path or packaged(MODEL_FILE), TEXT_FEATURES_VERSION)


def mark_text_boilerplate(document: Document, marks: Sequence[Mark], options: CleanOptions) -> Verdict:
    """Drop the blocks outside the set with the highest expected F1, and say how high it is."""
    lines = read_lines([block.text for block in document.blocks])
    words = lines.words
    if words.sum() < 1:
        return Verdict()
    model = text_model(options.text_model)
    probabilities = predicted(document, model, lines)
    dropped = dropped_blocks(marks)
    cut = choose_among(probabilities, words, dropped)
    confidence = calibrated(cut.expected_f1, model.about["calibration"])
    return Verdict(marks_of(probabilities, cut, dropped, marks), "text", confidence)


def predicted(document: Document, model: Model, lines: Lines | None = None) -> Floats:
    """Per block the probability that its words belong to the body."""
    return model.forest.predict(text_features(document, Tables(*model.words), lines))
