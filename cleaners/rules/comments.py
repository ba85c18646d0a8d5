"""Readers' comments: the body of a thread, but not part of an article's body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.document import Mark
from cleaners.rules.page_forms import Form

REASON: Final = "comments"
REVIEW: Final = "review_container"
"""The beginning of the evidence on a reader's review, which exists only if comments go to a field of their own."""
# Measured with a model that saw none of the pages: on 77 news pages of 2018 and 2019 body F1 0.964 to 0.982, on 39
# threads of forums 0.883 to 0.883; threads lose 0.024 if a probability of 0.1 is needed instead of 0.05.
NEARLY_NO_THREAD: Final = 0.05
"""Below this probability of the kind `forum`, a page is not a thread, whatever its markup."""
PERHAPS_A_THREAD: Final = 0.5
"""Below this probability, a page is not a thread if an article comes before its first comment."""
ARTICLE_WORDS: Final = 500
"""A page that states no form is an article if so many words, times the probability of a thread, come before its first
comment. These are 250 words at most: with them, threads of wcxb lost 0.024 out of fold, with 150 words 0.034."""
FEW_WORDS: Final = 20
"""Words of an article kept before a comment: what comes earlier is no comment, whatever it is called."""
MAYBE_A_PRODUCT: Final = 0.5
"""From this probability of the kind `product` on, comments are reviews, which the references of shops hold."""


def comment_blocks(
    marks: Sequence[Mark],
    kinds: Mapping[str, float],
    words: NDArray[np.float64],
    kept: NDArray[np.bool_],
    stated: Form | None = None,
) -> list[int]:
    """Blocks that are readers' comments on an article; none on a thread, where the posts are the text.

    marks   made so far: a hint with the reason `comments` says that markup or words show a comment
    kinds   how likely each kind of page is
    words   the number of words of each block
    kept    for each block, whether the classifier keeps it
    stated  what the page says of itself (cleaners.rules.page_forms)
    """
    named = sorted({mark.block for mark in marks if mark.action == "hint" and mark.reason == REASON})
    if any(mark.action == "hint" and mark.evidence.startswith(REVIEW) for mark in marks):
        return named
    if not named or kinds.get("product", 0.0) >= MAYBE_A_PRODUCT:
        return []
    others = kept.copy()
    others[named] = False
    before = np.cumsum(words * others)
    under = [block for block in named if before[block] >= FEW_WORDS]
    first = next((block for block in under if kept[block]), len(kept) - 1)
    return under if _is_article(kinds.get("forum", 0.0), float(before[first]), stated) else []


def _is_article(thread: float, article: float, stated: Form | None) -> bool:
    """Whether a page is an article and no thread.

    thread   how likely the page is a thread
    article  the words kept before the first comment
    stated   what the page says of itself
    """
    if thread < NEARLY_NO_THREAD or stated == "article":
        return True
    return stated is None and thread < PERHAPS_A_THREAD and article >= ARTICLE_WORDS * thread
