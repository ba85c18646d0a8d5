"""Icon and menu labels made of words that name parts of an interface: "chevron_right", "search menu close"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from cleaners.words.toml_tables import read_toml

MIN_WORDS: Final = 6
"""The least words of a run of interface words."""
_DIFFERENT_SHARE = 0.85  # of the words of a run
# Parts of a word glued of interface words ("searchmenuclose"): how many there must be, and their lengths.
_MIN_PARTS, _SHORTEST_PART, _LONGEST_PART = 3, 3, 13
GLUED_CHARS: Final = 12
"""The least characters of a word that is glued of interface words."""

_TOKEN = re.compile(r"\S+")
LONG_WORD: Final = re.compile(rf"(?<!\S)[a-z]{{{GLUED_CHARS},400}}(?!\S)")
"""A word that may be glued of interface words."""
_LIGATURE = re.compile(r"(?<![\w/.@#`'\"-])[a-z]+(?:_[a-z0-9]+)+(?![\w/.(=`'\"-])")
_NAME_THEN_JOINT = re.compile(r"([^\W\d_]+)(?:[\s_-]?)([^\W\d_A-ZА-Я]{1,16})(?=\d|[A-ZА-Я])")


class Span(NamedTuple):
    """Characters start:end of a text are labels; the evidence says what was seen."""

    start: int
    end: int
    evidence: str


def leading_name(text: str) -> Iterator[Span]:
    """One icon's name before a joint with no space: "icon fm11 Apr", "icon-cameraThe minister"."""
    match = _NAME_THEN_JOINT.match(text)
    if match and match[1].lower() in interface_words("icon"):
        yield Span(0, match.end(), f"an icon's name {match.group()!r} glued to what follows")


def glyph_names(text: str) -> Iterator[Span]:
    """Glyph names with underscores, every part an interface word: keyboard_arrow_down."""
    if "_" not in text:
        return
    spans = [
        Span(*match.span(), f"glyph name {match.group()!r}")
        for match in _LIGATURE.finditer(text)
        if _names_glyph(match.group().split("_"))
    ]
    # A name in the middle of a sentence is part of the sentence; labels are at its ends, or next to each other.
    edges = {0, len(text), *(span.start - 1 for span in spans), *(span.end + 1 for span in spans)}
    yield from (span for span in spans if span.start in edges or span.end in edges)


def _names_glyph(parts: list[str]) -> bool:
    known = all(part in interface_words("glyph_parts") or part.isdigit() for part in parts)
    return known and not interface_words("glyph_shapes").isdisjoint(parts)


def word_runs(text: str) -> Iterator[Span]:
    """Interface words in a row, spaced or glued into one."""
    words = text.lower().split()
    if _longest_run(words) >= MIN_WORDS:
        yield from _separate_words(text)
    if LONG_WORD.search(text):
        for match in LONG_WORD.finditer(text):
            if is_glued_of_words(match.group()):
                yield Span(*match.span(), f"glued of interface words: {match.group()!r}")


def _separate_words(text: str) -> Iterator[Span]:
    run: list[re.Match[str]] = []
    for token in [*_TOKEN.finditer(text), None]:
        if token and _is_interface_word(token.group().lower()):
            run.append(token)
            continue
        if len(run) >= MIN_WORDS and len({word.group().lower() for word in run}) >= len(run) * _DIFFERENT_SHARE:
            yield Span(run[0].start(), run[-1].end(), f"{len(run)} interface words in a row")
        run = []


def _longest_run(words: list[str]) -> int:
    known = interface_words("glyph_parts")
    longest = run = 0
    for word in words:
        run = run + 1 if word in known or _is_interface_word(word) else 0
        longest = max(longest, run) if run else longest
    return longest


def _is_interface_word(token: str) -> bool:
    if "-" in token or "_" in token:
        return all(map(_is_interface_word, token.replace("_", "-").split("-")))
    return token in interface_words("glyph_parts") or token in interface_words("icon")


def is_glued_of_words(word: str) -> bool:
    """Whether a word is at least three interface words written as one, split into as few words as possible."""
    known = interface_words("glyph_parts")
    if word in known:
        return False
    fewest = {0: 0}  # by a place that whole interface words reach: how few of them
    for begin in range(len(word)):
        if begin in fewest:
            for end in range(begin + _SHORTEST_PART, min(begin + _LONGEST_PART, len(word)) + 1):
                if word[begin:end] in known:
                    fewest[end] = min(fewest[begin] + 1, fewest.get(end, len(word)))
    return fewest.get(len(word), 0) >= _MIN_PARTS


@cache
def interface_words(group: str) -> frozenset[str]:
    """One group of words of interface_words.toml: "icon", "glyph_parts" or "glyph_shapes"."""
    return frozenset(read_toml("cleaners.rules", "tables/interface_words.toml")[group]["words"].split())
