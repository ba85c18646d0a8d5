"""A bounded memory of what a function gave: pages of one site ask the same of it again and again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

R = TypeVar("R")


def remembered(entries: int, longest: int) -> Callable[[Callable[[str], R]], Callable[[str], R]]:
    """Remember what a pure function gives for its last `entries` texts, but for none of more than `longest` characters.

    Pages may hold values of megabytes: these are worked out each time, and not kept.
    """

    def decorate(function: Callable[[str], R]) -> Callable[[str], R]:
        kept = lru_cache(entries)(function)

        @wraps(function)
        def call(text: str) -> R:
            return kept(text) if len(text) <= longest else function(text)

        return call

    return decorate
