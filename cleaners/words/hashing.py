"""Learned log odds of words and word pairs, looked up by hash for all words of a page at once.

The hashing trick (Weinberger et al. 2009) keeps the table small and the look-up free of Python loops.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaners.words.array_types import Ints
from cleaners.words.characters import Characters, Kind, kind_table, word_starts

BUCKET_BITS = 17
_WORD_CHARS = 24  # characters of a word that take part in its hash
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio (Knuth, multiplicative hashing)
_PAIR_MULTIPLIER = np.uint64(0xC2B2AE3D27D4EB4F)
_PLANE = 0x10000  # the basic plane's code points
_IN_WORD = (Kind.LOWER, Kind.UPPER, Kind.LETTER, Kind.DIGIT, Kind.IDEOGRAPH)


class HashedWords(NamedTuple):
    """The words of many texts: bucket of the word, bucket of it with the word before it (-1: none), text index."""

    buckets: Ints
    pairs: Ints
    owner: Ints


def hash_words(characters: Characters, begins: NDArray[np.bool_] | None = None) -> HashedWords:
    """The bucket of every word of every text. Case is ignored, all digits count as one, each ideograph is a word.

    `begins` are the word starts, if they are known already.
    """
    starts = np.flatnonzero(word_starts(characters) if begins is None else begins)
    owner = characters.owner.take(starts)
    if not len(starts):
        return HashedWords(starts, starts, owner)
    # From one start to the next: the word, then spaces and signs, whose code counts as 0.
    codes = _folded_table().take(characters.codes[starts[0] :], mode="clip")
    lengths = np.concatenate((starts[1:], [len(characters.codes)])) - starts
    place = np.arange(starts[0], len(characters.codes)) - np.repeat(starts, lengths)
    hashes = np.add.reduceat(codes * _powers().take(place, mode="clip"), starts - starts[0])
    joined = np.flatnonzero(owner[1:] == owner[:-1])
    pairs = np.full(len(hashes), -1, np.int64)
    pairs[joined + 1] = _bucket(hashes.take(joined) * _PAIR_MULTIPLIER + hashes.take(joined + 1))
    return HashedWords(_bucket(hashes), pairs, owner)


class ScoreSummary(NamedTuple):
    """Per text: mean, least, greatest and sum of its known words' and pairs' log odds (0 if none is known)."""

    mean: NDArray[np.float64]
    least: NDArray[np.float64]
    greatest: NDArray[np.float64]
    total: NDArray[np.float64]


def summarise(words: HashedWords, table: NDArray[np.float32], texts: int) -> ScoreSummary:
    """Look the words up in a table of 2**BUCKET_BITS log odds and summarise them by text."""
    paired = np.flatnonzero(words.pairs >= 0)
    # Each text's words come before its pairs: sums of floats depend on the order.
    found = table.take(np.concatenate((words.buckets, words.pairs.take(paired))))
    known = np.flatnonzero(found)
    owner = np.concatenate((words.owner, words.owner.take(paired))).take(known)
    values = found.take(known).astype(np.float64)
    total = np.bincount(owner, weights=values, minlength=texts)
    least, greatest = np.zeros(texts), np.zeros(texts)
    np.minimum.at(least, owner, values)
    np.maximum.at(greatest, owner, values)
    mean = total / np.maximum(np.bincount(owner, minlength=texts), 1)
    return ScoreSummary(mean, least, greatest, np.asarray(total, np.float64))


def _bucket(hashes: NDArray[np.uint64]) -> Ints:
    mixed = (hashes ^ (hashes >> np.uint64(29))) * _MULTIPLIER
    return np.asarray(mixed >> np.uint64(64 - BUCKET_BITS)).astype(np.int64)


@cache
def _folded_table() -> NDArray[np.uint64]:
    """By code point: its lower case, 0 for every digit, and nothing for characters that are not part of words (or
    beyond the table)."""
    table = np.arange(_PLANE + 1, dtype=np.uint64)
    for code in range(_PLANE):
        character = chr(code)
        if character.isdigit():
            table[code] = ord("0")
        elif len(lower := character.lower()) == 1:
            table[code] = ord(lower)
    table[~np.isin(kind_table(), _IN_WORD)] = 0
    return table


@cache
def _powers() -> NDArray[np.uint64]:
    powers = [1]
    for _ in range(_WORD_CHARS):
        powers.append(powers[-1] * int(_MULTIPLIER) % 2**64)
    return np.array(powers, np.uint64)
