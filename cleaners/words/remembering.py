"""A bounded cache for pure functions of one text: the pages of a site call them with the same texts again and again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

R = TypeVar("R")


def remembered(entries: int, longest: int) -> Callable[[Callable[[str], R]], Callable[[str], R]]:
    """Cache a pure function's results for its last `entries` texts, except for texts of more than `longest` characters.

    Pages may hold values of megabytes: their results are computed each time, and not kept.
    """

    def decorate(function: Callable[[str], R]) -> Callable[[str], R]:
        kept = lru_cache(entries)(function)

        @wraps(function)
        def call(text: str) -> R:
            return kept(text) if len(text) <= longest else function(text)

        return call

    return decorate
