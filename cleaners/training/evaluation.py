"""How well a model does on pages it has not seen: scores, calibration, and whether a second opinion pays."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np

from cleaners.classifier.html import mark_boilerplate, mark_by_probability, with_second_opinion
from cleaners.document import Cleaned, CleanerResult, Document, Mark
from cleaners.options import DEFAULT, CleanOptions
from cleaners.plan import PLAN, apply_plan
from cleaners.training.metrics import calibration, calibration_error, word_f1
from cleaners.training.pages import LabelledPage
from cleaners.training.second_opinion import ASKED_SHARE, opinion_weights, opinions, pages_worth_asking
from cleaners.words.alignment import words
from cleaners.words.array_types import Floats

# Words of a reference body below which it is short, and above which it is long.
SHORT_BODY: Final = 150
LONG_BODY: Final = 3000


class Prediction(NamedTuple):
    """A model's prediction for an unseen page: how likely each block is body, and how likely each kind of page is."""

    blocks: Floats
    kinds: Mapping[str, float]


NOTHING: Final = Prediction(np.zeros(0), {})


class Outcome(NamedTuple):
    """Precision, recall and F1 of a page's body, and its expected F1 before calibration."""

    precision: float
    recall: float
    f1: float
    expected: float


@dataclass
class Report:
    """What cross-validation found, with the whole plan of cleaners.

    `scores` maps a set's name to mean precision, recall and F1, F1 by kind, of short bodies (under 150 words) and of
    long ones (over 3,000), each with the number of pages, and the calibration error of the confidence. `passages` is
    the share of known passages that are rightly in or out of the body, on pages that have no other truth.
    """

    pages: int
    scores: dict[str, dict[str, Any]] = field(default_factory=dict)
    calibration: list[tuple[float, float]] = field(default_factory=list)
    second_opinion: dict[str, Any] = field(default_factory=dict)
    passages: float | None = None


def judge(
    pages: Sequence[LabelledPage], predictions: Sequence[Prediction], say: Callable[[str], None]
) -> tuple[Report, dict[str, Any]]:
    """Scores out of fold, the calibration of the confidence, and what a second opinion adds where it is low."""
    results = [outcome_of(page, found) for page, found in zip(pages, predictions, strict=True)]
    order = np.argsort([result.expected for result in results], kind="stable")[: int(len(pages) * ASKED_SHARE)].tolist()
    shares = opinions([pages[i] for i in order], say)
    weights = opinion_weights([pages[i] for i in order], [predictions[i].blocks for i in order], shares)
    after = [_asked(pages[i], predictions[i], share, weights) for i, share in zip(order, shares, strict=True)]
    gains = [second.f1 - results[i].f1 if second else 0.0 for i, second in zip(order, after, strict=True)]
    worth = pages_worth_asking(gains)
    ask_below = results[order[worth - 1]].expected + 1e-6 if worth else 0.0
    alone = [results[i].f1 for i in order]
    for i, second in zip(order[:worth], after, strict=False):
        results[i] = second or results[i]
    table = calibration(*expected_and_real(results))
    report = Report(len(pages), scores_by_set(pages, results, table), table)
    report.second_opinion = {
        "tried_on": len(order),
        "f1_alone": round(float(np.mean(alone or [0.0])), 4),
        "f1_with": round(float(np.mean(np.add(alone, gains) if alone else [0.0])), 4),
        "asked_from_now_on": worth,
    }
    return report, {"calibration": table, "ask_below": ask_below, "second_opinion": weights}


def outcome_of(page: LabelledPage, prediction: Prediction) -> Outcome:
    """The scores of the body that the whole plan leaves with these probabilities."""
    cleaned = cleaned_by(page, prediction)
    return Outcome(*word_f1(cleaned.text, page.reference), cleaned.confidence)


def cleaned_by(page: LabelledPage, prediction: Prediction) -> Cleaned:
    """The plan's result for a page if the classifier predicts this. The confidence is the uncalibrated expected F1."""

    def mark(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
        made, expected = mark_by_probability(document, marks, page.words, prediction.blocks, prediction.kinds, options)
        return CleanerResult(made, "blocks", expected, kinds=prediction.kinds)

    plan = tuple(row._replace(mark=mark) if row.mark is mark_boilerplate else row for row in PLAN)
    return apply_plan(page.document, "html", dataclasses.replace(DEFAULT, plan=plan))


def _asked(
    page: LabelledPage, prediction: Prediction, share: Floats | None, weights: tuple[float, float, float]
) -> Outcome | None:
    """The scores and the expected F1 of a page with trafilatura's opinion; None if trafilatura has none."""
    if share is None:
        return None
    return outcome_of(page, prediction._replace(blocks=with_second_opinion(prediction.blocks, share, weights)))


def expected_and_real(results: Sequence[Outcome]) -> tuple[Floats, Floats]:
    """The expected F1 of each page, and the real one."""
    return np.array([r.expected for r in results]), np.array([r.f1 for r in results])


def scores_by_set(
    pages: Sequence[LabelledPage], results: Sequence[Outcome], table: Sequence[tuple[float, float]]
) -> dict[str, dict[str, Any]]:
    """For each set its scores, with the confidence that this table of calibration gives."""
    out: dict[str, dict[str, Any]] = {}
    for source in dict.fromkeys(page.source for page in pages):
        own = [(page, result) for page, result in zip(pages, results, strict=True) if page.source == source]
        out[source] = _scores([page for page, _ in own], [result for _, result in own], table)
    return out


def _scores(
    pages: Sequence[LabelledPage], results: Sequence[Outcome], table: Sequence[tuple[float, float]]
) -> dict[str, Any]:
    mean = np.mean(results, axis=0)
    f1 = np.array([result.f1 for result in results])
    kinds = np.array([page.kind for page in pages])
    length = np.array([len(words(page.reference)) for page in pages])
    expected, real = zip(*table, strict=True)
    confidence = np.interp([result.expected for result in results], expected, real)
    return {
        "pages": len(pages),
        "precision": round(float(mean[0]), 4),
        "recall": round(float(mean[1]), 4),
        "f1": round(float(mean[2]), 4),
        "f1_by_kind": {kind: _mean(f1[kinds == kind]) for kind in sorted(set(kinds.tolist()))},
        "short_bodies": {"pages": int((length < SHORT_BODY).sum()), "f1": _mean(f1[length < SHORT_BODY])},
        "long_bodies": {"pages": int((length > LONG_BODY).sum()), "f1": _mean(f1[length > LONG_BODY])},
        "calibration_error": round(calibration_error(confidence, f1), 4),
    }


def _mean(values: Floats) -> float | None:
    return round(float(values.mean()), 4) if len(values) else None
