"""Scores of a predicted body against its reference."""

from __future__ import annotations

from collections import Counter

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


def calibration(expected: NDArray[np.float64], real: NDArray[np.float64], bins: int = 12) -> list[tuple[float, float]]:
    """Points (expected F1, mean real F1) of bins of equal size, real made non-decreasing (pool adjacent violators)."""
    order = np.argsort(expected, kind="stable")
    groups = [group for group in np.array_split(order, bins) if len(group)]
    pooled: list[tuple[float, float, float]] = []  # weight, mean expected, mean real
    for group in groups:
        pooled.append((float(len(group)), float(expected[group].mean()), float(real[group].mean())))
        while len(pooled) > 1 and pooled[-1][2] < pooled[-2][2]:
            pooled[-2:] = [_merged(*pooled[-2:])]
    return [(round(at, 4), round(mean, 4)) for _, at, mean in pooled]


def _merged(a: tuple[float, float, float], b: tuple[float, float, float]) -> tuple[float, float, float]:
    weight = a[0] + b[0]
    return weight, (a[0] * a[1] + b[0] * b[1]) / weight, (a[0] * a[2] + b[0] * b[2]) / weight
