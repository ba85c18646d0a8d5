"""The learned block classifier: what is body, what is boilerplate, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.classifier.choice import calibrated, choose_among, free_blocks, marks_of
from cleaners.classifier.layouts import apply_layout, layout_of
from cleaners.classifier.model import Model, load_model, packaged
from cleaners.classifier.trafilatura import extracted_shares
from cleaners.document import CleanerResult, Document, Engine, Mark, dropped_blocks
from cleaners.features.html import FEATURES_VERSION, Scores, features
from cleaners.options import CleanOptions
from cleaners.rules.announced_boxes import announced_marks
from cleaners.rules.by_kind import is_prose, parts_left_out, strength_on
from cleaners.rules.comment_containers import container_hints
from cleaners.rules.comments import NEARLY_NO_THREAD, REASON, comment_blocks
from cleaners.rules.page_forms import stated_form
from cleaners.rules.teasers import teaser_marks
from cleaners.words.array_types import Floats, Matrix

MODEL_FILE: Final = "html.npz"
# trafilatura's time grows faster than the page: a page above this many characters gets no second opinion.
_MAX_ASKED_CHARS: Final = 2_000_000


def html_model(path: str | None = None) -> Model:
    """The model at a path, else the package's own. Raises ModelError."""
    return load_model(path or packaged(MODEL_FILE), FEATURES_VERSION)


@lru_cache(maxsize=8)
def html_scores(path: str | None = None) -> Scores:
    """The tables of log odds that the model's features need, with a cache of the names looked up in them."""
    model = html_model(path)
    return Scores(model.about["class_tokens"], model.words)


def mark_boilerplate(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
    """Drop the blocks outside the set with the highest expected F1; ask trafilatura where that is low."""
    if options.engine == "trafilatura" or not document.blocks:
        return CleanerResult()
    model = html_model(options.model)
    matrix = features(document, html_scores(options.model))
    words = matrix[:, 0].astype(np.float64)  # the first column counts the block's words
    kinds = page_kinds(matrix, model)
    free = free_blocks(len(matrix), dropped_blocks(marks))
    probabilities = np.zeros(len(matrix))  # blocks that a rule has dropped, a quarter of all, are not scored
    probabilities[free] = model.forest.predict(with_kinds(matrix.take(free, axis=0), kinds))
    layout = layout_of(document, model.about)
    if layout:
        probabilities, hints = apply_layout(document, probabilities, layout)
        marks = [*marks, *hints]
    if options.comments == "field" and document.tree:
        marks = [*marks, *container_hints(document.tree)]
    found = dict(zip(model.about["kinds"], kinds[0].tolist(), strict=False))
    engine: Engine = "blocks"
    made, expected = mark_by_probability(document, marks, words, probabilities, found, options)
    if options.engine == "auto" and expected < model.about["ask_below"]:
        shares = _second_opinion(document)
        if shares is not None:
            engine = "both"
            probabilities = with_second_opinion(probabilities, np.array(shares), model.about["second_opinion"])
            made, expected = mark_by_probability(document, marks, words, probabilities, found, options)
    return CleanerResult(made, engine, calibrated(expected, model.about["calibration"]), kinds=found)


def mark_by_probability(
    document: Document,
    marks: Sequence[Mark],
    words: Floats,
    probabilities: Floats,
    kinds: Mapping[str, float],
    options: CleanOptions,
) -> tuple[list[Mark], float]:
    """The marks that leave the set of blocks with the highest expected F1, and that F1.

    marks          made so far: a block that a rule has dropped is not chosen
    words          the number of words of each block
    probabilities  for each block, the probability that its words are body
    kinds          the probability of each kind of page: on an article, readers' comments, runs of teasers beside it,
                   and what rows for this kind of page name, are not chosen either
    """
    strength = strength_on(document, kinds)
    left_out = parts_left_out(marks, words, probabilities, strength)
    made = [Mark(i, "drop", m.reason, f"{m.evidence}; the page is a likely {strength}") for i, m in left_out.items()]
    dropped = dropped_blocks(marks) | left_out.keys()
    cut = choose_among(probabilities, words, dropped)
    comments = [i for i in _comments(document, marks, kinds, words, cut.kept) if i not in dropped]
    if comments and options.comments == "keep":
        made += [Mark(i, "keep", REASON, "comments are wanted") for i in comments]
        cut = cut._replace(kept=cut.kept | np.isin(np.arange(len(words)), comments))
    elif comments:
        said = _comment_evidence(marks)
        made += [Mark(i, "drop", REASON, f"{said[i]}; the page is an article") for i in comments]
        dropped |= set(comments)
        cut = choose_among(probabilities, words, dropped)
    made += marks_of(probabilities, cut, dropped, marks)
    if strength == "article" or is_prose(kinds):
        made += teaser_marks(document, cut.kept, kinds.get("article", 0.0))
    made += announced_marks(document, marks, kinds, cut.kept)
    return made, cut.expected_f1


def _comments(
    document: Document, marks: Sequence[Mark], kinds: Mapping[str, float], words: Floats, kept: NDArray[np.bool_]
) -> list[int]:
    """The comments on an article. What the page states is read only if the page may be a thread."""
    asked = kinds.get("forum", 0.0) >= NEARLY_NO_THREAD and any(mark.reason == REASON for mark in marks)
    return comment_blocks(marks, kinds, words, kept, stated_form(document) if asked else None)


def _comment_evidence(marks: Sequence[Mark]) -> dict[int, str]:
    """For each block that a rule names as a comment, the first rule's evidence."""
    return {mark.block: mark.evidence for mark in reversed(marks) if mark.reason == REASON}


def _second_opinion(document: Document) -> list[float] | None:
    return extracted_shares(document) if len(document.decoded.text) <= _MAX_ASKED_CHARS else None


def page_kinds(matrix: Matrix, model: Model) -> Floats:
    """The probability of each kind of page, (1, kinds), in the order of the model's list of kinds."""
    assert model.kinds is not None  # every HTML model has them: training writes both
    return model.kinds.predict_classes(page_row(matrix))


def page_row(matrix: Matrix) -> Matrix:
    """The features that predict a page's kind: the mean of each column, (1, columns)."""
    return np.asarray(matrix.mean(axis=0, keepdims=True, dtype=np.float64), np.float32)


def with_kinds(matrix: Matrix, kinds: Floats) -> Matrix:
    """The features of a page's blocks, with the probabilities (1, kinds) of the page's kind added to every row."""
    rows, width = matrix.shape
    joined = np.empty((rows, width + kinds.shape[1]), np.float32)
    joined[:, :width] = matrix
    joined[:, width:] = kinds
    return joined


def with_second_opinion(probabilities: Floats, shares: Floats, weights: Sequence[float]) -> Floats:
    """Probabilities that also count trafilatura's shares; `weights` are for the log odds, the share, and a constant."""
    own, share, constant = weights
    odds = np.log(np.clip(probabilities, 1e-6, 1 - 1e-6) / np.clip(1 - probabilities, 1e-6, 1))
    return np.asarray(1 / (1 + np.exp(-(own * odds + share * shares + constant))))
