"""Scores a body against its reference: F1 over bags of words, and over shingles of four words pooled over pages.

Words are lower-cased runs of letters and digits; each Chinese or Japanese character is a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from cleaners.words.alignment import words

# Words of a shingle, as the article-extraction benchmark counts them.
_SHINGLE_WORDS = 4
_RESAMPLES = 2000
_SEED = 20_240_229


class Score(NamedTuple):
    """Shares between 0 and 1."""

    precision: float
    recall: float
    f1: float


class Interval(NamedTuple):
    """A mean over pages with the 95 % interval of its bootstrap."""

    mean: float
    low: float
    high: float
    pages: int


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Every run of four words, with its count; a shorter text is one shingle."""
    found = words(text)
    if not found:
        return Counter()
    last = max(1, len(found) - _SHINGLE_WORDS + 1)
    return Counter(tuple(found[i : i + _SHINGLE_WORDS]) for i in range(last))


def word_score(body: str, reference: str) -> Score:
    """Precision, recall and F1 over bags of words. Two empty texts match."""
    return _score(Counter(words(body)), Counter(words(reference)))


def pooled_shingle_score(pairs: Iterable[tuple[str, str]]) -> Score:
    """F1 over shingles: the hits, surplus and misses of each page as shares of their sum, added up over all pages."""
    totals = np.zeros(3)
    for body, reference in pairs:
        ours, theirs = shingles(body), shingles(reference)
        hits = (ours & theirs).total()
        counts = np.array([hits, ours.total() - hits, theirs.total() - hits], float)
        if counts.sum():
            totals += counts / counts.sum()
    hit, surplus, missed = totals
    precision, recall = _share(hit, hit + surplus), _share(hit, hit + missed)
    return Score(precision, recall, _share(2 * precision * recall, precision + recall))


def snippet_score(body: str, present: Sequence[str], absent: Sequence[str]) -> float:
    """Share of the snippets that are rightly in the body, or rightly out of it."""
    low = body.lower()
    right = sum(snippet.lower() in low for snippet in present) + sum(snippet.lower() not in low for snippet in absent)
    return _share(right, len(present) + len(absent))


def interval(values: Sequence[float]) -> Interval:
    """The mean, and the interval with 95 % of the means of resampled pages. The same values give the same interval."""
    sample = np.array(values, float)
    picks = np.random.default_rng(_SEED).integers(0, len(sample), (_RESAMPLES, len(sample)))
    low, high = np.percentile(sample[picks].mean(axis=1), (2.5, 97.5))
    return Interval(float(sample.mean()), float(low), float(high), len(sample))


def _score(ours: Counter[Hashable], theirs: Counter[Hashable]) -> Score:
    if not theirs:
        return Score(0.0, 0.0, 0.0) if ours else Score(1.0, 1.0, 1.0)
    shared = (ours & theirs).total()
    precision, recall = _share(shared, ours.total()), _share(shared, theirs.total())
    return Score(precision, recall, _share(2 * precision * recall, precision + recall))


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0
