"""Blocks whose names say what they are on pages of one kind: captions on articles, details of members on threads.

On shops, services and in manuals the same names and words are given to text that belongs to the body.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.document import Document, Mark
from cleaners.rules.comments import PERHAPS_A_THREAD
from cleaners.rules.rows import STRUCTURE_TABLES, WORDING_TABLES, Strength, StructureRow, WordingRow, load_rows

LIKELY_AN_ARTICLE: Final = 0.7
"""From this probability of the kind `article` on, a page is treated as one. With 0.5, captions and offers of services
were lost (out of fold, 1,060 pages)."""
MAYBE_AN_ARTICLE: Final = 0.3
"""The same for pages whose OpenGraph tags state an article: a short one beside much else looks less like an article."""
MOST_OF_BODY: Final = 0.7
"""Above this share of the words expected in the body, nothing is left out: the captions of a gallery are its text."""
_PROSE: Final = ("article", "documentation", "forum")
MOSTLY_PROSE: Final = 0.75
"""From this probability of all kinds with running text on, boxes with teasers are not taken for the text. With 0.5,
entries of listings and services were lost (out of fold, 10 pages worse and 3 better)."""
_PUBLISHED: Final = "article:published_time"


def is_likely_article(document: Document, kinds: Mapping[str, float]) -> bool:
    """Whether a page is an article rather than anything else.

    kinds  how likely each kind of page is
    """
    likely = kinds.get("article", 0.0)
    return likely >= LIKELY_AN_ARTICLE or (likely >= MAYBE_AN_ARTICLE and states_an_article(document))


def is_prose(kinds: Mapping[str, float]) -> bool:
    """Whether a page has running text, whatever its kind: old pages and pages in other scripts are often uncertain."""
    return sum(kinds.get(kind, 0.0) for kind in _PROSE) >= MOSTLY_PROSE


def strength_on(document: Document, kinds: Mapping[str, float]) -> Strength | None:
    """Which rows drop on such a page besides those that always do: those for articles, those for threads, or none."""
    if is_likely_article(document, kinds):
        return "article"
    return "thread" if kinds.get("forum", 0.0) >= PERHAPS_A_THREAD else None


def parts_left_out(
    marks: Sequence[Mark],
    words: NDArray[np.float64],
    probabilities: NDArray[np.float64],
    strength: Strength | None,
) -> dict[int, Mark]:
    """For each block that a row of this strength names, the hint that names it; none if they are most of the body.

    marks          made so far
    words          the number of words of each block
    probabilities  for each block, the probability that its words are body
    """
    rows = _most_words(strength)
    named = ((mark, rows.get(mark.evidence.partition(":")[0])) for mark in marks if rows and mark.action == "hint")
    found = {mark.block: mark for mark, most in named if most is not None and words[mark.block] <= most}
    expected = words * probabilities
    return found if expected[list(found)].sum() <= MOST_OF_BODY * expected.sum() else {}


def states_an_article(document: Document) -> bool:
    """Whether OpenGraph's tags call the page an article, or say when the article was published."""
    tree = document.tree
    if tree is None:
        return False
    types = tree.properties("og:type")
    return bool(tree.properties(_PUBLISHED) or (types and types[-1].lower() == "article"))


@cache
def _most_words(strength: Strength | None) -> dict[str, float]:
    """For each row of this strength, the length up to which a block is left out."""
    rows: tuple[StructureRow | WordingRow, ...] = load_rows(StructureRow, STRUCTURE_TABLES)
    rows += load_rows(WordingRow, WORDING_TABLES)
    return {row.concept: row.max_words or float("inf") for row in rows if row.strength == strength}
