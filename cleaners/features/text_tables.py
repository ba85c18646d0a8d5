"""The tables that training learned about the words of dumps, looked up once for all tables.

A bucket's values in all tables lie side by side, so that a word costs one access to memory and not one a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaners.words.array_types import Floats, Ints
from cleaners.words.hashing import BUCKET_BITS, HashedWords, ScoreSummary

Values = NDArray[np.float32]

LEARNED: Final = ("words", "after", "before", "shapes", "rarity", "pages")
_WORDS, _AFTER, _BEFORE, _SHAPES, _RARITY, _PAGES = range(len(LEARNED))


class Tables(NamedTuple):
    """What training learned, by bucket: (buckets, 6), in the order of LEARNED.

    words   log odds that a block is body text, given one of its words
    after   log odds that the blocks after a short line are, given one of its words
    before  the same of the blocks before it
    shapes  log odds that a block is body text, given its shape
    rarity  how rare a word is: its inverse page frequency
    pages   log odds that a word of the page is body text, given a word that the page has
    """

    values: Values

    @classmethod
    def of(cls, tables: Sequence[Values]) -> Tables:
        """Put separate tables side by side."""
        return cls(np.ascontiguousarray(np.array(tables, np.float32).T))

    def of_shapes(self, buckets: Ints) -> Floats:
        """Log odds of blocks, given the buckets of their shapes."""
        return np.asarray(self.values[buckets, _SHAPES], np.float64)


NO_TABLES: Final = Tables(np.zeros((1 << BUCKET_BITS, len(LEARNED)), np.float32))


class Terms(NamedTuple):
    """Words and pairs of many texts with their learned values, text by text; a text's words come before its pairs."""

    owner: Ints
    values: Values  # (terms, 6)
    is_word: NDArray[np.bool_]
    texts: int

    def summary(self) -> ScoreSummary:
        """The log odds of each text's words and pairs."""
        owner, values = self._known(_WORDS)
        count = np.bincount(owner, minlength=self.texts)
        total = np.bincount(owner, weights=values, minlength=self.texts)
        least, greatest = np.zeros(self.texts), np.zeros(self.texts)
        if len(values):
            starts = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))
            at = owner[starts]
            least[at] = np.minimum(np.minimum.reduceat(values, starts), 0.0)
            greatest[at] = np.maximum(np.maximum.reduceat(values, starts), 0.0)
        return ScoreSummary(total / np.maximum(count, 1), least, greatest, np.asarray(total, np.float64))

    def means_around(self) -> tuple[Floats, Floats]:
        """Mean log odds of the blocks after, and before, each text, given its words and pairs."""
        return self._mean(_AFTER), self._mean(_BEFORE)

    def rarity(self) -> Floats:
        """The rarity of every word, in reading order."""
        return np.asarray(self.values[self.is_word, _RARITY], np.float64)

    def page(self) -> Values:
        """The `pages` log odds of every word, in reading order."""
        return np.asarray(self.values[self.is_word, _PAGES])

    def _mean(self, table: int) -> Floats:
        owner, values = self._known(table)
        count = np.bincount(owner, minlength=self.texts)
        return np.asarray(np.bincount(owner, weights=values, minlength=self.texts) / np.maximum(count, 1))

    def _known(self, table: int) -> tuple[Ints, Floats]:
        """Text index and log odds of the terms that the table has."""
        values = self.values[:, table]
        known = np.flatnonzero(values)
        return self.owner.take(known), values.take(known).astype(np.float64)


def terms_of(words: HashedWords, texts: int, tables: Tables) -> Terms:
    """Look up all words and pairs."""
    paired = np.flatnonzero(words.pairs >= 0)
    owner = np.concatenate([words.owner, words.owner.take(paired)])
    order = np.argsort(owner, kind="stable")
    buckets = np.concatenate([words.buckets, words.pairs.take(paired)]).take(order)
    return Terms(owner.take(order), tables.values.take(buckets, axis=0), order < len(words.owner), texts)


class Vocabulary(NamedTuple):
    """The distinct words of each dump: which one each word is, where each comes first, how often its text holds it."""

    word: Ints  # of each word in reading order
    first: Ints  # place of each distinct word's first occurrence
    here: Ints  # of each word in reading order: how often its text holds it


def vocabulary_of(words: HashedWords, dump: Ints) -> Vocabulary:
    """Find the distinct words with one sort by dump and bucket; within a bucket, the words of a text stay together.

    `dump` is the number of the dump that each word is in.
    """
    keys = (dump << BUCKET_BITS) + words.buckets
    order = np.argsort(keys, kind="stable")
    keys, owner = keys.take(order), words.owner.take(order)
    begins = np.ones(len(order), np.bool_)
    begins[1:] = keys[1:] != keys[:-1]
    apart = begins.copy()
    apart[1:] |= owner[1:] != owner[:-1]
    word, here = np.empty_like(order), np.empty_like(order)
    word[order] = np.cumsum(begins) - 1
    run = np.cumsum(apart) - 1
    here[order] = np.bincount(run, minlength=1).take(run)
    return Vocabulary(word, order[begins], here)
