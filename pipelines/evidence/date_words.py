"""What the words before a date say about it: that it is of a publication, of a change, or of something else."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from pipelines.dates.names import fold_accents
from pipelines.evidence.page.words import words

_WORDS: Final = re.compile(r"[^\W\d_]+|©|\(c\)")


@cache
def _words_by_text() -> dict[str, str]:
    return {fold_accents(word): kind for kind, listed in words("text").items() for word in listed}


@cache
def _phrases_by_text() -> tuple[tuple[str, str], ...]:
    """The phrases of other scripts, which may be part of a run of letters."""
    return tuple((phrase, kind) for phrase, kind in _words_by_text().items() if not phrase.isascii())


def said_of(text: str) -> str:
    """What the words before a date say about it: "published", "modified", "other", "unclear" or "nothing"."""
    if not text.strip():
        return "nothing"
    kinds = _words_by_text()
    folded = fold_accents(text)
    for word in reversed(_WORDS.findall(folded)):
        if kind := kinds.get(word):
            return kind
    if folded.isascii():
        return "unclear"
    return next((kind for phrase, kind in _phrases_by_text() if phrase in folded), "unclear")


def tells_change_of(text: str, said: str) -> bool:
    """Whether the words before a date speak of a change. Words that lead to any date are skipped: "last edited on"."""
    if said != "published":
        return said == "modified"
    kinds, leading = _words_by_text(), _leading_words()
    said_before = (
        kinds[word] for word in reversed(_WORDS.findall(fold_accents(text))) if word in kinds and word not in leading
    )
    return next(said_before, said) == "modified"


@cache
def _leading_words() -> frozenset[str]:
    return frozenset(map(fold_accents, words("leading")["published"]))
