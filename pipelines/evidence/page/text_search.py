"""Searches many short texts in one call: joined by line breaks, with each find traced back to its text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from itertools import accumulate


def texts_at(places: Collection[int], texts: Sequence[str]) -> list[int]:
    """The indices, in order and each once, of the texts in which these places of `"\\n".join(texts)` lie.

    >>> texts_at([5, 0, 1], ["ab", "c", "def"])
    [0, 2]
    """
    if not places:
        return []
    starts = list(accumulate([len(text) + 1 for text in texts], initial=0))
    return sorted({bisect_right(starts, place) - 1 for place in places})
