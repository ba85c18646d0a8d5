"""The learned text model: which blocks of a dump are body, and how sure that is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np

from cleaners.classifier.choice import calibrated, choose_among, free_blocks, marks_of
from cleaners.classifier.model import Model, load_model, packaged
from cleaners.document import CleanerResult, Document, Mark, dropped_blocks
from cleaners.features.text import TEXT_FEATURES_VERSION, text_columns
from cleaners.features.text_lines import read_lines
from cleaners.features.text_tables import Tables
from cleaners.options import CleanOptions
from cleaners.words.array_types import Floats

MODEL_FILE: Final = "text.npz"


def text_model(path: str | None = None) -> Model:
    """The model at a path, else the package's own. Raises ModelError."""
    return load_model(path or packaged(MODEL_FILE), TEXT_FEATURES_VERSION)


def mark_text_boilerplate(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
    """Drop the blocks outside the set with the highest expected F1, and say how high it is."""
    return mark_dumps([document], [marks], options)[0]


def mark_dumps(
    documents: Sequence[Document], marks: Sequence[Sequence[Mark]], options: CleanOptions
) -> list[CleanerResult]:
    """Do what `mark_text_boilerplate` does for several dumps, given the marks of each.

    The results are the same. It is faster, since a stack of dumps shares NumPy's calls.
    """
    results = [CleanerResult()] * len(documents)
    filled = [i for i, document in enumerate(documents) if document.blocks]
    if not filled:
        return results
    model = text_model(options.text_model)
    lines = read_lines([documents[i] for i in filled])
    spans = lines.stack.spans()
    dropped = [dropped_blocks(marks[i]) for i in filled]
    free = [free_blocks(last - first, gone) for (first, last), gone in zip(spans, dropped, strict=True)]
    rows = np.concatenate([places + first for places, (first, _) in zip(free, spans, strict=True)])
    matrix = text_columns(lines, Tables(model.words)).matrix().take(rows, axis=0)
    probabilities = np.zeros(len(lines.texts))  # 0 for blocks that a rule has dropped: they are not scored
    probabilities[rows] = model.forest.predict(matrix, model.about["log_odds_shift"])
    for i, (first, last), gone in zip(filled, spans, dropped, strict=True):
        if lines.words[first:last].sum() >= 1:
            results[i] = _result(model, probabilities[first:last], lines.words[first:last], gone, marks[i])
    return results


def _result(
    model: Model, probabilities: Floats, words: Floats, dropped: Collection[int], marks: Sequence[Mark]
) -> CleanerResult:
    cut = choose_among(probabilities, words, dropped)
    confidence = calibrated(cut.expected_f1, model.about["calibration"])
    return CleanerResult(marks_of(probabilities, cut, dropped, marks), "text", confidence)
