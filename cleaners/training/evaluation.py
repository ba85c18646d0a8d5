"""How well a model does on pages it has not seen: scores, calibration, and whether a second opinion pays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaners.classifier.cut import choose
from cleaners.classifier.html import with_second_opinion
from cleaners.training.metrics import calibration, word_f1
from cleaners.training.pages import LabelledPage
from cleaners.training.second_opinion import ASKED_SHARE, opinion_weights, opinions, pages_worth_asking

Floats = NDArray[np.float64]


@dataclass
class Report:
    """What cross-validation found. `scores` maps a set's name to mean precision, recall and F1, and F1 by kind.

    `passages` is the share of passages known to be in or out of a body that are, on pages that have no other truth.
    """

    pages: int
    scores: dict[str, dict[str, Any]] = field(default_factory=dict)
    calibration: list[tuple[float, float]] = field(default_factory=list)
    second_opinion: dict[str, Any] = field(default_factory=dict)
    passages: float | None = None


def judge(
    pages: Sequence[LabelledPage], predictions: Sequence[Floats], say: Callable[[str], None]
) -> tuple[Report, dict[str, Any]]:
    """Scores out of fold, the calibration of the confidence, and what a second opinion adds where it is low."""
    cuts = [choose(p, page.words + 0.01) for page, p in zip(pages, predictions, strict=True)]
    results = [word_f1(_body_of(page, cut.kept), page.reference) for page, cut in zip(pages, cuts, strict=True)]
    expected = np.array([cut.expected_f1 for cut in cuts])
    order = np.argsort(expected, kind="stable")[: int(len(pages) * ASKED_SHARE)].tolist()
    shares = opinions([pages[i] for i in order], say)
    weights = opinion_weights([pages[i] for i in order], [predictions[i] for i in order], shares)
    after = [_asked(pages[i], predictions[i], share, weights) for i, share in zip(order, shares, strict=True)]
    gains = [second[0][2] - results[i][2] if second else 0.0 for i, second in zip(order, after, strict=True)]
    worth = pages_worth_asking(gains)
    ask_below = float(expected[order[worth - 1]]) + 1e-6 if worth else 0.0
    final = list(results)
    for i, second in zip(order[:worth], after, strict=False):
        if second:
            final[i], expected[i] = second
    real = np.array([result[2] for result in final])
    table = calibration(expected, real)
    report = Report(len(pages), _by_set(pages, final), table)
    report.second_opinion = {
        "tried_on": len(order),
        "f1_alone": round(float(np.mean([results[i][2] for i in order] or [0.0])), 4),
        "f1_with": round(
            float(np.mean([results[i][2] + gain for i, gain in zip(order, gains, strict=True)] or [0.0])), 4
        ),
        "asked_from_now_on": worth,
    }
    return report, {"calibration": table, "ask_below": ask_below, "second_opinion": weights}


def _asked(
    page: LabelledPage, prediction: Floats, share: Floats | None, weights: tuple[float, float, float]
) -> tuple[tuple[float, float, float], float] | None:
    """The scores and the expected F1 of a page with trafilatura's opinion; None where it has none."""
    if share is None:
        return None
    cut = choose(with_second_opinion(prediction, share, weights), page.words + 0.01)
    return word_f1(_body_of(page, cut.kept), page.reference), cut.expected_f1


def _body_of(page: LabelledPage, kept: NDArray[np.bool_]) -> str:
    """The text of the kept blocks."""
    return "\n".join(block.text for block, keep in zip(page.document.blocks, kept, strict=True) if keep)


def _by_set(pages: Sequence[LabelledPage], results: Sequence[tuple[float, float, float]]) -> dict[str, dict[str, Any]]:
    out: dict[str, dict[str, Any]] = {}
    for source in dict.fromkeys(page.source for page in pages):
        own = [(page.kind, r) for page, r in zip(pages, results, strict=True) if page.source == source]
        mean = np.mean([r for _, r in own], axis=0)
        kinds = {kind: [r[2] for k, r in own if k == kind] for kind in sorted({kind for kind, _ in own})}
        out[source] = {
            "precision": round(float(mean[0]), 4),
            "recall": round(float(mean[1]), 4),
            "f1": round(float(mean[2]), 4),
            "f1_by_kind": {kind: round(float(np.mean(values)), 4) for kind, values in kinds.items()},
        }
    return out
