"""The learned block classifier: what is body, what is boilerplate, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaners.cut import Cut, choose
from cleaners.document import Document, Engine, Mark, Verdict
from cleaners.features import FEATURES_VERSION, Scores, features
from cleaners.marks import dropped_blocks, hinted_reasons
from cleaners.model import Model, load_model
from cleaners.options import CleanOptions
from cleaners.trafilatura_engine import extracted_shares

Floats = NDArray[np.float64]
MODEL_FILE: Final = "html.npz"


def html_model(options: CleanOptions) -> Model:
    """The model to use: the one given, else the package's own. Raises ModelError."""
    path = options.model or str(files("cleaners.models").joinpath(MODEL_FILE))
    return load_model(path, FEATURES_VERSION)


def mark_boilerplate(document: Document, marks: Sequence[Mark], options: CleanOptions) -> Verdict:
    """Drop the blocks outside the set with the highest expected F1; ask trafilatura where that is low."""
    if options.engine == "trafilatura" or not document.blocks:
        return Verdict()
    model = html_model(options)
    dropped = dropped_blocks(marks)
    probabilities = predicted(document, model)
    weights = _word_counts(document)
    engine: Engine = "blocks"
    cut = _cut(probabilities, weights, dropped)
    if options.engine == "auto" and cut.expected_f1 < model.about["ask_below"]:
        shares = extracted_shares(document)
        if shares is not None:
            engine = "both"
            probabilities = with_second_opinion(probabilities, np.array(shares), model.about["second_opinion"])
            cut = _cut(probabilities, weights, dropped)
    confidence = calibrated(cut.expected_f1, model.about["calibration"])
    return Verdict(_marks(probabilities, cut, dropped, marks), engine, confidence)


def predicted(document: Document, model: Model) -> Floats:
    """Per block the probability that its words belong to the body."""
    matrix = features(document, Scores(model.about["class_tokens"], model.words))
    assert model.kinds is not None  # every HTML model has them: training writes both
    return model.forest.predict(with_kinds(matrix, model.kinds.predict_classes(page_row(matrix))))


def page_row(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """What tells the kind of a page: the mean of each column, (1, columns)."""
    return np.asarray(matrix.mean(axis=0, keepdims=True, dtype=np.float64), np.float32)


def with_kinds(matrix: NDArray[np.float32], kinds: Floats) -> NDArray[np.float32]:
    """The features of a page's blocks with the probabilities (1, kinds) of what kind of page it is."""
    return np.hstack([matrix, np.broadcast_to(kinds, (len(matrix), kinds.shape[1])).astype(np.float32)])


def with_second_opinion(probabilities: Floats, shares: Floats, weights: Sequence[float]) -> Floats:
    """Add trafilatura's decision on each block to the log odds: weights of the log odds, the share, and 1."""
    own, share, constant = weights
    odds = np.log(np.clip(probabilities, 1e-6, 1 - 1e-6) / np.clip(1 - probabilities, 1e-6, 1))
    return np.asarray(1 / (1 + np.exp(-(own * odds + share * shares + constant))))


def calibrated(expected_f1: float, table: Sequence[Sequence[float]]) -> float:
    """The real F1 that out-of-fold pages had at this expected F1, between the table's (expected, real) points."""
    expected, real = zip(*table, strict=True)
    return float(np.interp(expected_f1, expected, real))


def _word_counts(document: Document) -> Floats:
    return np.array([len(block.text.split()) + 0.01 for block in document.blocks])


def _cut(probabilities: Floats, weights: Floats, dropped: set[int]) -> Cut:
    """Choose among the blocks that no rule has dropped."""
    if not dropped:
        return choose(probabilities, weights)
    free = np.ones(len(probabilities), np.bool_)
    free[list(dropped)] = False
    cut = choose(probabilities[free], weights[free])
    kept = np.zeros(len(probabilities), np.bool_)
    kept[free] = cut.kept
    return Cut(kept, cut.expected_f1, cut.threshold)


def _marks(probabilities: Floats, cut: Cut, dropped: set[int], marks: Sequence[Mark]) -> list[Mark]:
    hints = hinted_reasons(marks)
    out: list[Mark] = []
    for i in np.flatnonzero(~cut.kept).tolist():
        if i not in dropped:
            evidence = f"probability {probabilities[i]:.2f} below {cut.threshold:.2f}"
            hint = hints.get(i)
            reason = hint.reason if hint else "boilerplate"
            out.append(Mark(i, "drop", reason, f"{hint.evidence}; {evidence}" if hint else evidence))
    return out


def about(options: CleanOptions) -> dict[str, Any]:
    """What a model says of itself, without its tables."""
    return {key: value for key, value in html_model(options).about.items() if key != "class_tokens"}
