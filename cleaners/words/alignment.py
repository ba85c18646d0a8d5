"""What share of each block another text of the page holds: a reference body, or another extractor's output."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from cleaners.words.scripts import words_of

# The alignment keeps one bit for each pair of words. Above this size (500 MB) the order of words is ignored.
_MAX_CELLS = 4_000_000_000


def words(text: str) -> list[str]:
    """Lower-cased words; each Chinese or Japanese character is one."""
    return words_of(text.lower())


def aligned_shares(texts: Sequence[str], reference: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share of each text's words that align, in order, with the reference's; and each text's number of words.

    Alignment is the longest common subsequence of words (rapidfuzz).
    """
    ids: dict[str, int] = {}
    wanted = [ids.setdefault(word, len(ids)) for word in words(reference)]
    known = len(ids)
    page: list[int] = []
    owner: list[int] = []
    counts = np.zeros(len(texts))
    for i, text in enumerate(texts):
        own = words(text)
        counts[i] = len(own)
        for word in own:
            word_id = ids.get(word, known)
            if word_id < known:  # words that the reference lacks cannot align; leaving them out saves most of the time
                page.append(word_id)
                owner.append(i)
    matched = np.zeros(len(texts))
    np.add.at(matched, _aligned(page, wanted, owner), 1)
    return matched / np.maximum(counts, 1), counts


def _aligned(page: Sequence[int], wanted: Sequence[int], owner: list[int]) -> list[int]:
    """The owner of each of the page's words that aligns with a wanted one; of every word if there are too many."""
    if len(page) * len(wanted) > _MAX_CELLS:
        return owner
    steps = (step for step in LCSseq.opcodes(page, wanted) if step.tag == "equal")
    return [one for step in steps for one in owner[step.src_start : step.src_end]]
