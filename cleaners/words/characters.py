"""Counts of words and of kinds of characters for many texts at once, in one NumPy pass.

Every character has one kind, from its Unicode category, so that the counts mean the same in every language.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from enum import IntEnum
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaners.words.array_types import Floats, Ints
from cleaners.words.scripts import SENTENCE_ENDS


class Kind(IntEnum):
    """What a character is, for counting."""

    OTHER = 0
    SPACE = 1
    LOWER = 2
    UPPER = 3
    LETTER = 4  # a letter of a script without case
    DIGIT = 5
    IDEOGRAPH = 6  # Chinese and Japanese: each character counts as a word
    UNSPACED = 7  # Thai, Lao, Khmer, Burmese: no spaces between words
    TERMINAL = 8
    COMMA = 9
    COLON = 10
    QUOTE = 11
    BRACKET = 12
    BAR = 13
    CURRENCY = 14
    AT = 15


_KINDS = len(Kind)
# The kinds that make up words between spaces are neighbours: lower case, upper case, letter, digit.
_FIRST_WORD_KIND, _LAST_WORD_KIND = np.uint8(Kind.LOWER), np.uint8(Kind.DIGIT)
_IDEOGRAPH = np.uint8(Kind.IDEOGRAPH)
# Mean word length of Thai in characters (4 to 5 in the literature on word segmentation).
_UNSPACED_WORD_CHARS = 4.5

_BY_CHARACTER: dict[Kind, str] = {
    Kind.TERMINAL: SENTENCE_ENDS + "።",
    Kind.COMMA: ",،、，;；",
    Kind.COLON: ":：",
    Kind.QUOTE: "\"'“”‘’„«»‹›「」『』《》",
    Kind.BAR: "|·•→▶►‣▪■●○–—/\\>+*✓★☆",
    Kind.AT: "@#©®™&_=",
}
_BY_CATEGORY: dict[str, Kind] = {
    "Ll": Kind.LOWER,
    "Lu": Kind.UPPER,
    "Lt": Kind.UPPER,
    "Lo": Kind.LETTER,
    "Lm": Kind.LETTER,
    "Mn": Kind.LETTER,
    "Mc": Kind.LETTER,
    "Nd": Kind.DIGIT,
    "Nl": Kind.DIGIT,
    "No": Kind.DIGIT,
    "Ps": Kind.BRACKET,
    "Pe": Kind.BRACKET,
    "Sc": Kind.CURRENCY,
    "Zs": Kind.SPACE,
    "Cc": Kind.SPACE,
}
# First and last code points (Unicode blocks).
_IDEOGRAPH_RANGES = ((0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))
_UNSPACED_RANGES = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF))
_ASTRAL = 0x10000  # one entry for all planes above the basic one: emoji, and rare ideographs


class CharCounts(NamedTuple):
    """Per text: `kinds` (n, 16) characters of each Kind, `words` (n,) and `chars` (n,), all float64."""

    kinds: Floats
    words: Floats
    chars: Floats

    def of(self, *kinds: Kind) -> Floats:
        """Characters of any of these kinds, per text."""
        return np.asarray(self.kinds[:, list(kinds)].sum(axis=1))


class Characters(NamedTuple):
    """Many texts as one array: code point, Kind and index of its text for every character."""

    codes: NDArray[np.uint32]
    kinds: NDArray[np.uint8]
    owner: Ints
    lengths: Ints


def characters_of(texts: Sequence[str]) -> Characters:
    """All characters of all texts, in order."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = kind_table().take(codes, mode="clip")  # characters beyond the table use its last entry
    return Characters(codes, kinds, np.repeat(np.arange(len(texts), dtype=np.int64), lengths), lengths)


def count_characters(texts: Sequence[str]) -> CharCounts:
    """Count kinds of characters and words in each text. Linear in the total length."""
    return count_kinds(characters_of(texts))


def count_kinds(characters: Characters, begins: NDArray[np.bool_] | None = None) -> CharCounts:
    """The counts of texts whose characters (and perhaps word starts) are known already."""
    texts = len(characters.lengths)
    begins = word_starts(characters) if begins is None else begins
    flat = np.bincount(characters.owner * _KINDS + characters.kinds, minlength=texts * _KINDS)
    counted = flat.reshape(texts, _KINDS).astype(np.float64)
    spaced = np.bincount(characters.owner.take(np.flatnonzero(begins)), minlength=texts)
    words = spaced + counted[:, Kind.UNSPACED] / _UNSPACED_WORD_CHARS
    return CharCounts(counted, words, characters.lengths.astype(np.float64))


def word_starts(characters: Characters) -> NDArray[np.bool_]:
    """True where a word begins: after a space or punctuation, and at every ideograph."""
    kinds, owner = characters.kinds, characters.owner
    inside = (kinds >= _FIRST_WORD_KIND) & (kinds <= _LAST_WORD_KIND)
    begins = inside.copy()
    begins[1:] &= ~(inside[:-1] & (owner[1:] == owner[:-1]))
    return np.asarray(begins | (kinds == _IDEOGRAPH))


@cache
def kind_table() -> NDArray[np.uint8]:
    """Kind by code point, for the basic plane and one entry for all others."""
    table = np.array([_BY_CATEGORY.get(unicodedata.category(chr(c)), Kind.OTHER) for c in range(_ASTRAL)], np.uint8)
    for kind, characters in _BY_CHARACTER.items():
        table[[ord(c) for c in characters]] = kind
    for kind, ranges in ((Kind.IDEOGRAPH, _IDEOGRAPH_RANGES), (Kind.UNSPACED, _UNSPACED_RANGES)):
        for first, last in ranges:
            table[first : last + 1] = kind
    return np.append(table, np.uint8(Kind.OTHER))
