"""Blocks whose names say what they are if the page is an article: captions, tooltips, appeals.

On shops, services and in manuals the same names are given to text that belongs to the body.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.document import Mark
from cleaners.rules.rows import STRUCTURE_TABLES, WORDING_TABLES, StructureRow, WordingRow, load_rows

LIKELY_AN_ARTICLE: Final = 0.7
"""From this probability of the kind `article` on, rows of the strength `article` drop what they name. With 0.5, the
calls to act of two services were lost (out of fold, 1,060 pages)."""


def parts_left_out(marks: Sequence[Mark], kinds: Mapping[str, float], words: NDArray[np.float64]) -> dict[int, Mark]:
    """For each block that a row of the strength `article` names, the hint that names it; none on other pages.

    marks  made so far
    kinds  how likely each kind of page is
    words  the number of words of each block
    """
    if kinds.get("article", 0.0) < LIKELY_AN_ARTICLE:
        return {}
    rows = _most_words()
    named = ((mark, rows.get(mark.evidence.partition(":")[0])) for mark in marks if mark.action == "hint")
    return {mark.block: mark for mark, most in named if most is not None and words[mark.block] <= most}


@cache
def _most_words() -> dict[str, float]:
    """For each row of the strength `article`, the length from which on a block is left alone."""
    rows: tuple[StructureRow | WordingRow, ...] = load_rows(StructureRow, STRUCTURE_TABLES)
    rows += load_rows(WordingRow, WORDING_TABLES)
    return {row.concept: row.max_words or float("inf") for row in rows if row.strength == "article"}
