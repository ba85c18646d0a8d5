"""Icon and menu labels glued together, recognised by their pattern and not by a list of names.

Two patterns: a short affix repeated between short names ("icon homeicon search", "fa-user fa-bell",
"CloseIcon MenuIcon"), and a run of words that name parts of an interface ("chevron_right", "search menu close").
Pure functions on text, for dumps and for markup alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from cleaners.rules.label_affixes import (
    CAMEL_JOINT,
    MIN_REPEATS,
    NAME_CHARS,
    SHORTEST_AFFIX,
    affix_runs,
)
from cleaners.rules.label_words import (
    GLUED_CHARS,
    LONG_WORD,
    MIN_WORDS,
    Span,
    glyph_names,
    interface_words,
    is_glued_of_words,
    leading_name,
    word_runs,
)

# A run of labels is looked for in texts up to this length; longer lines are split first.
_LONGEST_TEXT = 20_000


def label_spans_of(texts: Sequence[str]) -> list[list[Span]]:
    """For each text of a page, the passages that are icon labels: in order, without overlaps.

    Linear in the length of the texts; a quick check skips nearly all prose.
    """
    joined = "\n".join(texts)
    lowered_page = joined.lower()
    icons = [word for word in interface_words("icon") if word in lowered_page]
    words = set(lowered_page.split())
    glued = [word for word in words if len(word) >= GLUED_CHARS and _may_be_glued(word)]
    signs = _PageSigns(
        words=[*icons, *glued],
        has_underscores="_" in joined,
        has_camel_case=_camel_joints(joined) >= MIN_REPEATS,
        glyph_parts=words & interface_words("glyph_parts"),
    )
    lines = lowered_page.split("\n")
    if len(lines) != len(texts):  # a line break inside a text
        lines = [text.lower() for text in texts]
    pairs = zip(texts, lines, strict=True)
    return [_search(text) if _is_suspicious(text, lowered, signs) else [] for text, lowered in pairs]


class _PageSigns(NamedTuple):
    """Which signs of labels a page as a whole holds: its texts are not searched for signs that it lacks.

    words        its words for icons, and its words glued of interface words
    glyph_parts  its words that are parts of glyph names
    """

    words: Sequence[str]
    has_underscores: bool
    has_camel_case: bool
    glyph_parts: set[str]


def _camel_joints(text: str) -> int:
    """How often a small Latin letter is followed by a capital. Ten times as fast on a page as a pattern."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    small, capital = codes[:-1] - np.uint32(ord("a")) < 26, codes[1:] - np.uint32(ord("A")) < 26
    return int(np.count_nonzero(small & capital))


def _may_be_glued(word: str) -> bool:
    return LONG_WORD.fullmatch(word) is not None and is_glued_of_words(word)


def _is_suspicious(text: str, lowered: str, signs: _PageSigns) -> bool:
    """Whether a closer look may find labels: false for nearly all prose, true for all that the patterns find."""
    if signs.has_underscores and "_" in text:
        return True
    for word in signs.words:
        if word in lowered:
            return True
    if text.count(" ") < MIN_REPEATS - 1:
        return False
    if text.count("-") + text.count(":") >= MIN_REPEATS:
        return True
    if signs.has_camel_case and len(CAMEL_JOINT.findall(text)) >= MIN_REPEATS:
        return True
    for end in (lowered.split(None, 1)[0].strip("-_:"), lowered.rsplit(None, 1)[-1].strip("-_:")):
        if len(end) >= SHORTEST_AFFIX and lowered.count(end) >= MIN_REPEATS and _is_crowded(lowered, end):
            return True
    least = MIN_WORDS - 1
    return len(signs.glyph_parts) >= least and len(signs.glyph_parts.intersection(lowered.split())) >= least


def _is_crowded(lowered: str, affix: str) -> bool:
    """Whether an affix is repeated often enough with short names between; "the" hardly ever is."""
    places = [match.start() for match in re.finditer(re.escape(affix), lowered)]
    gaps = MIN_REPEATS - 1
    reach = gaps * (len(affix) + NAME_CHARS)
    return any(last - first <= reach for first, last in zip(places, places[gaps:], strict=False))


def _search(text: str) -> list[Span]:
    if len(text) > _LONGEST_TEXT:
        return []
    found = [*affix_runs(text), *leading_name(text), *glyph_names(text), *word_runs(text)]
    return list(_merged(text, sorted(found)))


def _merged(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Overlapping and touching spans as one."""
    last: Span | None = None
    for span in spans:
        if last and not text[last.end : span.start].strip():
            last = Span(last.start, max(last.end, span.end), last.evidence)
            continue
        if last:
            yield last
        last = span
    if last:
        yield last
