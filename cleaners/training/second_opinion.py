"""How much trafilatura's decision on a block should count, and on which pages it is worth asking for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from cleaners.classifier.trafilatura import extracted_shares
from cleaners.training.pages import LabelledPage
from cleaners.words.amounts import amount
from cleaners.words.array_types import Floats

# The share of pages, least sure first, on which trafilatura's opinion is tried in training.
ASKED_SHARE: Final = 0.15
# Mean gain in F1 for each page asked that is worth trafilatura's time, twenty times our own.
_WORTH: Final = 0.01
# A gain on fewer pages proves nothing, and neither does a mean gain below so many standard errors.
_FEW: Final = 20
_ERRORS: Final = 2.0
_STEPS: Final = 25  # Newton's method on three weights converges well before


def opinions(pages: Sequence[LabelledPage], say: Callable[[str], None]) -> list[Floats | None]:
    """Per page, per block the share of its words that trafilatura extracted."""
    found = [extracted_shares(page.document) for page in pages]
    say(f"trafilatura asked on {amount(len(pages), 'page')}")
    return [None if shares is None else np.array(shares) for shares in found]


def opinion_weights(
    pages: Sequence[LabelledPage], predictions: Sequence[Floats], shares: Sequence[Floats | None]
) -> tuple[float, float, float]:
    """Weights of the classifier's log odds, trafilatura's share, and 1, by logistic regression over the blocks."""
    rows, targets, weights = [], [], []
    for page, probability, share in zip(pages, predictions, shares, strict=True):
        if share is not None:
            clipped = np.clip(probability, 1e-6, 1 - 1e-6)
            rows.append(np.stack([np.log(clipped / (1 - clipped)), share, np.ones(len(share))], axis=1))
            targets.append(page.shares)
            weights.append(page.words / max(1.0, page.words.sum()))
    if not rows:
        return 1.0, 0.0, 0.0
    own, share_weight, constant = _logistic(np.vstack(rows), np.concatenate(targets), np.concatenate(weights))
    return round(own, 4), round(share_weight, 4), round(constant, 4)


def pages_worth_asking(gains: Sequence[float]) -> int:
    """On how many pages, least sure first, to ask trafilatura: the most whose mean gain pays; 0 if none does."""
    counts = 1 + np.arange(len(gains))
    means = np.cumsum(gains) / counts
    variances = np.maximum(np.cumsum(np.square(gains)) / counts - np.square(means), 0.0)
    beyond_chance = means > _ERRORS * np.sqrt(variances / counts)
    paying = counts[(means >= _WORTH) & beyond_chance & (counts > _FEW)]
    return int(paying[-1]) if len(paying) else 0


def _logistic(rows: Floats, targets: Floats, weights: Floats) -> tuple[float, float, float]:
    found = np.array([1.0, 0.0, 0.0])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-rows @ found))
        slope = rows.T @ (weights * (targets - p))
        curve = (rows * (weights * p * (1 - p))[:, None]).T @ rows + 1e-6 * np.eye(3)
        found = found + np.linalg.solve(curve, slope)
    return float(found[0]), float(found[1]), float(found[2])
