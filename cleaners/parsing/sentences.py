"""Splits a giant line back into sentences and labels, at the joints that the text itself shows.

The pieces keep every character. Joined by single spaces they give the line back, with one more space at each joint
that had none ("SportThe minister").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from cleaners.words.scripts import CJK
from cleaners.words.toml_tables import read_toml

# A line longer than this is never one paragraph: the longest of 1,000 reference paragraphs are under it.
GIANT_CHARS = 3_000
# A shorter line is giant too if it holds this share of the whole dump and is longer than most paragraphs.
SHORTEST_GIANT, _LARGE_SHARE = 600, 0.5
# A cell of a row this long is a paragraph of its own, not a table's value.
_CELL_CHARS = 100

_SENTENCE_END = re.compile(
    rf"""
      (?<![.!?…])[.!?…]+["'”’»)\]]*\s+(?=["'“‘«(\[¿¡]*[^\W_a-z])       # a space, then no small Latin letter
    | [。！？]+[」』”’）]*\s*                                  # full-width marks end a sentence by themselves
    | (?<=[^\W\d_]{{2}})[.!?]["”’]?(?=[^\W\d_][^\W\d_A-Z])(?=[A-ZÀ-ÖØ-ÞА-Я])   # "end.Next", the space lost
    | \s+(?=[•·‣▪■●►»©|]\s)                                  # a bullet, a bar, a copyright sign begins a piece
    | (?<=[{CJK}])\s+(?=[{CJK}])                         # scripts without spaces: a space is a joint
    """,
    re.VERBOSE,
)
# "J. Smith", "U.S. Senate", "Dr. Who": no sentence ends after one letter, or after a capital and one or two more.
_ABBREVIATION = re.compile(r"(?:^|[\s(\[\"“‘.])(?:[^\W\d_]|[A-Z][a-z]{1,2}|Prof|Capt|vs)\.$")
# Words of a row of labels before a sentence, and how many of them may begin small ("Terms of use").
_ROW_WORDS, _ROW_SMALL = 6, 1
_TOKEN = re.compile(r"\S+")
_CELLS = re.compile(r"\t+|\s\|\s")


def is_giant(line: str, total: int) -> bool:
    """Whether a line is too long for a paragraph of a dump of `total` characters."""
    return len(line) > GIANT_CHARS or (len(line) > SHORTEST_GIANT and len(line) > total * _LARGE_SHARE)


def sentences(line: str) -> list[str]:
    """The line's pieces: sentences, and runs of labels separated by bullets and bars. Linear in the line's length."""
    starts = [0, *_sentence_starts(line), len(line)]
    pieces = (line[a:b].strip() for a, b in pairwise(starts))
    return [part for piece in pieces if piece for part in _labels_apart(piece)]


def _labels_apart(piece: str) -> list[str]:
    """Split a menu from the sentence stuck to it ("Home News Sport The ferries sail again").

    The joint lies after a row of words that nearly all begin with a capital or a digit, before a capitalised word that
    often begins sentences and is followed by a small letter.
    """
    words = [(word.group(), word.start()) for word in _TOKEN.finditer(piece)]
    if len(words) < _ROW_WORDS + 2:
        return [piece]
    small = [word[0].islower() for word, _ in words]
    openers = _openers()
    for i in range(_ROW_WORDS, len(words) - 1):
        word, place = words[i]
        if not small[i] and small[i + 1] and word.lower() in openers and sum(small[i - _ROW_WORDS : i]) <= _ROW_SMALL:
            return [piece[:place].rstrip(), piece[place:]]
    return [piece]


@cache
def _openers() -> frozenset[str]:
    return frozenset(read_toml("cleaners.rules", "tables/stuck.toml")["openers"].split())


def _sentence_starts(line: str) -> Iterator[int]:
    for match in _SENTENCE_END.finditer(line):
        stop = match.start() + 1
        if not _ABBREVIATION.search(line, max(0, stop - 6), stop):
            yield match.end()


def cells(line: str) -> Sequence[str]:
    """One piece for each cell, if the cells of a row hold whole paragraphs; any other line as it is."""
    if "\t" not in line and " | " not in line:
        return (line,)
    joints = [match.end() for match in _CELLS.finditer(line)]
    bounds = [0, *joints, len(line)]
    parts = [line[a:b].strip() for a, b in pairwise(bounds)]
    return parts if max(map(len, parts)) > _CELL_CHARS else (line,)
