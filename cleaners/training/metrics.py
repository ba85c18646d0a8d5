"""Scores of a predicted body against its reference."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.words.alignment import words


def word_f1(predicted: str, reference: str) -> tuple[float, float, float]:
    """Precision, recall and F1 over bags of lower-cased words."""
    found, wanted = Counter(words(predicted)), Counter(words(reference))
    if not wanted or not found:
        same = float(not wanted and not found)
        return same, same, same
    shared = sum((found & wanted).values())
    if not shared:
        return 0.0, 0.0, 0.0
    precision, recall = shared / found.total(), shared / wanted.total()
    return precision, recall, 2 * precision * recall / (precision + recall)


# The ends of a calibration table's bins, as shares of the pages, least sure first. The first bins are small, because
# the few pages that a model is least sure of differ most from each other.
_BIN_ENDS: Final = (0.01, 0.02, 0.04, 0.08, 0.16, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.93)
_EQUAL_BINS: Final = 10  # of the calibration error


def calibration(expected: NDArray[np.float64], real: NDArray[np.float64]) -> list[tuple[float, float]]:
    """Points (expected F1, mean real F1) of bins of pages, real made non-decreasing (pool adjacent violators).

    The first point is (0, 0), so that a page expected to be worse than any page seen gets a lower F1 than those.
    """
    order = np.argsort(expected, kind="stable")
    ends = (np.array(_BIN_ENDS) * len(order)).astype(np.int64)
    groups = [group for group in np.split(order, ends) if len(group)]
    pooled: list[tuple[float, float, float]] = []  # weight, mean expected, mean real
    for group in groups:
        pooled.append((float(len(group)), float(expected[group].mean()), float(real[group].mean())))
        while len(pooled) > 1 and pooled[-1][2] < pooled[-2][2]:
            pooled[-2:] = [_merged(*pooled[-2:])]
    return [(0.0, 0.0)] + [(round(at, 4), round(mean, 4)) for _, at, mean in pooled]


def calibration_error(expected: NDArray[np.float64], real: NDArray[np.float64]) -> float:
    """Expected calibration error: how far mean expected and mean real F1 lie apart in ten bins of equal width."""
    place = np.minimum((expected * _EQUAL_BINS).astype(np.int64), _EQUAL_BINS - 1)
    gaps = [abs(float((expected - real)[place == b].sum())) for b in range(_EQUAL_BINS)]
    return sum(gaps) / max(1, len(expected))


def _merged(a: tuple[float, float, float], b: tuple[float, float, float]) -> tuple[float, float, float]:
    weight = a[0] + b[0]
    return weight, (a[0] * a[1] + b[0] * b[1]) / weight, (a[0] * a[2] + b[0] * b[2]) / weight
