"""Splits a text into words that two texts can share, also in scripts that put no spaces between words."""

from __future__ import annotations

import re
from typing import Final

from cleaners.words.scripts import CJK

_RUN: Final = re.compile(f"(?P<wide>[{CJK}]+)|[^\\W_{CJK}]+")
_WORD: Final = re.compile(r"[^\W_]+")
_CJK_CHARACTER: Final = re.compile(f"[{CJK}]")


def is_wide(text: str) -> bool:
    """Whether a text has Chinese or Japanese characters."""
    return not text.isascii() and _CJK_CHARACTER.search(text) is not None


def terms(text: str) -> list[str]:
    """The words of a lower-cased text; of a run of Chinese or Japanese characters, each pair of neighbours.

    >>> terms("ferry runs again")
    ['ferry', 'runs', 'again']
    >>> terms("渡轮复航 2005")
    ['渡轮', '轮复', '复航', '2005']
    """
    if not is_wide(text):
        return _WORD.findall(text)
    found: list[str] = []
    for hit in _RUN.finditer(text):
        found += _pairs(hit[0]) if hit["wide"] else [hit[0]]
    return found


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]
