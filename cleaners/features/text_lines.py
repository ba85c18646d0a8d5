"""Reads the lines of dumps once for all groups of features: counts, hashed words, shapes, ends of sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaners.document import Document
from cleaners.features.text_stack import Stack
from cleaners.words.array_types import Floats, Ints
from cleaners.words.characters import Characters, CharCounts, Kind, characters_of, count_kinds, word_starts
from cleaners.words.hashing import BUCKET_BITS, HashedWords, hash_words
from cleaners.words.scripts import CLOSING_QUOTES, SENTENCE_ENDS

# Words beyond this many characters of a block add nothing to its score.
SCORED_CHARS: Final = 240
# A block of this many words that ends like a sentence reads as prose.
_PROSE_WORDS: Final = 10.0
_TERMINALS: Final = tuple(SENTENCE_ENDS + CLOSING_QUOTES)
# Runs of characters of one kind that make a line's shape ("Aa 0, 0:0").
_SHAPE_RUNS: Final = 14
_SHAPE_POWERS: Final = np.array([17**i for i in range(_SHAPE_RUNS)], np.uint64)
# Bullets and number signs that begin a line.
_SIGNS: Final = frozenset("-*+•·‣◦▪■●○–—►»#")
_SIGN: Final = re.compile(r"(?:[-*+•·‣◦▪■●○–—►»]|#{1,6})\s+(?=\S)")


class Lines(NamedTuple):
    """What several groups of features read: counts, hashed words and sentence shape of every block of some dumps."""

    stack: Stack
    texts: Sequence[str]
    counts: CharCounts
    words: Floats
    hashed: HashedWords
    shapes: Ints  # bucket of the line's shape
    terminal: Floats  # 1 where the block ends like a sentence
    capitals: Floats  # words that begin with a capital
    prose_words: Floats  # the block's words if it reads as prose, else 0
    continues: Floats  # 1 where the block goes on after a line break


def read_lines(documents: Sequence[Document]) -> Lines:
    """Count, hash and shape every text of some dumps, of which none is empty, in one pass over their characters.

    Bullets and number signs before a line are not read: they come from the flattener, not from the page.
    """
    blocks = [block for document in documents for block in document.blocks]
    texts = [_SIGN.sub("", block.text) if block.text[:1] in _SIGNS else block.text for block in blocks]
    characters = characters_of(texts)
    starts = word_starts(characters)
    counts = count_kinds(characters, starts)
    terminal = np.array([text.endswith(_TERMINALS) for text in texts], np.float64)
    capitals = np.bincount(characters.owner[starts & (characters.kinds == Kind.UPPER)], minlength=len(texts))
    return Lines(
        stack=Stack.of([len(document.blocks) for document in documents]),
        texts=texts,
        counts=counts,
        words=counts.words,
        hashed=_hashed_heads(characters, starts),
        shapes=shape_buckets(characters),
        terminal=terminal,
        capitals=capitals.astype(np.float64),
        prose_words=np.where((counts.words >= _PROSE_WORDS) & (terminal > 0), counts.words, 0.0),
        continues=np.array([block.continues for block in blocks], np.float64),
    )


def _hashed_heads(characters: Characters, starts: NDArray[np.bool_]) -> HashedWords:
    """The words of the first SCORED_CHARS characters of each text."""
    if characters.lengths.max(initial=0) <= SCORED_CHARS:
        return hash_words(characters, starts)
    begins = np.cumsum(characters.lengths) - characters.lengths
    kept = np.arange(len(characters.codes)) - np.repeat(begins, characters.lengths) < SCORED_CHARS
    codes, kinds, owner = (part.compress(kept) for part in characters[:3])
    return hash_words(Characters(codes, kinds, owner, characters.lengths), starts.compress(kept))


def shape_buckets(characters: Characters) -> Ints:
    """Bucket of each text's shape: the kinds of its characters, runs of one kind written once, the first few runs."""
    kinds, owner, texts = characters.kinds, characters.owner, len(characters.lengths)
    changes = np.ones(len(kinds), np.bool_)
    changes[1:] = (kinds[1:] != kinds[:-1]) | (owner[1:] != owner[:-1])
    runs, of = kinds[changes].astype(np.uint64), owner[changes]
    begins = np.searchsorted(of, np.arange(texts))
    place = np.arange(len(of)) - begins[of]
    kept = place < _SHAPE_RUNS
    sums = np.zeros(texts, np.uint64)
    owner = of[kept]  # in order, so that each text's runs are added up as one stretch
    if len(owner):
        starts = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))
        sums[owner[starts]] = np.add.reduceat((runs[kept] + np.uint64(1)) * _SHAPE_POWERS[place[kept]], starts)
    return np.asarray((sums * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - BUCKET_BITS)).astype(np.int64)
