"""Features of a dump's Blocks from their text alone, one row a Block. Training and production run this same code.

Nothing here knows a language: characters count by kind, words by hash, and a Chinese or Thai line has as many words as
its translation would have.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaners.document import Document
from cleaners.features.text_neighbours import alike, neighbours, rhythm, running_means, said_by_headings, sided_means
from cleaners.features.text_tables import NO_TABLES, Tables, Terms, Vocabulary, terms_of, vocabulary_of
from cleaners.words.characters import Characters, CharCounts, Kind, characters_of, count_kinds, word_starts
from cleaners.words.hashing import BUCKET_BITS, HashedWords, hash_words
from cleaners.words.scripts import CLOSING_QUOTES, SENTENCE_ENDS

Floats = NDArray[np.float64]

# Version of the columns: a model made for another version is refused.
TEXT_FEATURES_VERSION: Final = 102
# Words beyond this many characters of a block add nothing to its score.
SCORED_CHARS: Final = 240
# A block of this many words that ends like a sentence reads as prose.
_PROSE_WORDS: Final = 10.0
_TERMINALS: Final = tuple(SENTENCE_ENDS + CLOSING_QUOTES)
_LEADERS: Final = tuple(":;,：，、")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
# A line of at most this many words may be a heading, which says what the lines around it are.
HEADING_WORDS: Final = 8.0
# Runs of characters of one kind that make a line's shape ("Aa 0, 0:0").
_SHAPE_RUNS: Final = 14
_SHAPE_POWERS: Final = np.array([17**i for i in range(_SHAPE_RUNS)], np.uint64)


_SIGNS: Final = frozenset("-*+•·‣◦▪■●○–—►»#")
_SIGN: Final = re.compile(r"(?:[-*+•·‣◦▪■●○–—►»]|#{1,6})\s+(?=\S)")


class Lines(NamedTuple):
    """What several groups of features read: counts, hashed words and sentence shape of every block."""

    texts: Sequence[str]
    counts: CharCounts
    words: Floats
    hashed: HashedWords
    shapes: NDArray[np.int64]  # bucket of the line's shape
    terminal: Floats  # 1 where the block ends like a sentence
    capitals: Floats  # words that begin with a capital
    prose_words: Floats  # the block's words if it reads as prose, else 0


def text_features(document: Document, tables: Tables = NO_TABLES, lines: Lines | None = None) -> NDArray[np.float32]:
    """The feature matrix of a dump, (blocks, columns); `lines` are its blocks' texts where they were read before."""
    if not document.blocks:
        return np.zeros((0, width()), np.float32)
    lines = lines or read_lines([block.text for block in document.blocks])
    texts = len(lines.texts)
    own = _own(lines)
    terms, vocabulary = terms_of(lines.hashed, texts, tables), vocabulary_of(lines.hashed)
    scores = np.array(terms.summary())
    shared = _shared_vocabulary(lines, vocabulary, terms.rarity())
    shape = tables.of_shapes(lines.shapes)
    same = [alike(key, lines.words, scores[0]) for key in (lines.shapes, _first_words(lines.hashed, texts))]
    base = np.array(
        [lines.words, own[_TERMINAL], own[_CAPITAL_SHARE], scores[0], scores[3], shared[1], shape, own[_REPEATS]]
    )
    means = np.array([lines.words, lines.prose_words, scores[0], scores[3], *shared, shape, same[0][0]])
    sides = np.array([lines.words, lines.prose_words > 0, scores[0], scores[3], shape])
    columns = [own, scores, shared, shape[None], *same, _page(lines, document, terms.page().take(vocabulary.first))]
    columns += [_headings(lines, terms), neighbours(base), running_means(means), sided_means(sides)]
    columns += [rhythm(lines.shapes)]
    return np.ascontiguousarray(np.concatenate(columns, dtype=np.float32, casting="same_kind").T)


def width() -> int:
    """Number of columns."""
    from cleaners.document import Block
    from cleaners.page import Decoded

    return int(text_features(Document((Block(0, "a"),), Decoded("a", "str", "given"))).shape[1])


def read_lines(texts: Sequence[str]) -> Lines:
    """Count, hash and shape every text in one pass over their characters.

    Bullets and number signs that some flatteners put before a line are not read: they tell of the flattener.
    """
    texts = [_SIGN.sub("", text) if text[:1] in _SIGNS else text for text in texts]
    characters = characters_of(texts)
    starts = word_starts(characters)
    counts = count_kinds(characters, starts)
    terminal = np.array([text.endswith(_TERMINALS) for text in texts], np.float64)
    prose = np.where((counts.words >= _PROSE_WORDS) & (terminal > 0), counts.words, 0.0)
    capitals = np.bincount(characters.owner[starts & (characters.kinds == Kind.UPPER)], minlength=len(texts))
    hashed = _hashed_heads(characters, starts)
    shapes = shape_buckets(characters)
    return Lines(texts, counts, counts.words, hashed, shapes, terminal, capitals.astype(np.float64), prose)


def _hashed_heads(characters: Characters, starts: NDArray[np.bool_]) -> HashedWords:
    """The words of the first SCORED_CHARS characters of each text."""
    if characters.lengths.max(initial=0) <= SCORED_CHARS:
        return hash_words(characters, starts)
    begins = np.cumsum(characters.lengths) - characters.lengths
    kept = np.arange(len(characters.codes)) - np.repeat(begins, characters.lengths) < SCORED_CHARS
    codes, kinds, owner = (part.compress(kept) for part in characters[:3])
    return hash_words(Characters(codes, kinds, owner, characters.lengths), starts.compress(kept))


def shape_buckets(characters: Characters) -> NDArray[np.int64]:
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


_TERMINAL, _CAPITAL_SHARE, _REPEATS = 4, 5, 18  # rows of _own
_COUNTED = (Kind.TERMINAL, Kind.COMMA, Kind.QUOTE, Kind.BAR, Kind.CURRENCY, Kind.AT, Kind.COLON, Kind.BRACKET)


def _own(lines: Lines) -> Floats:
    """What a block is by itself."""
    counts, texts = lines.counts, lines.texts
    chars, words = np.maximum(counts.chars, 1), np.maximum(lines.words, 1)
    kinds = np.ascontiguousarray(counts.kinds.T)
    cased = kinds[Kind.LOWER] + kinds[Kind.UPPER]
    uncased = kinds[Kind.LETTER] + kinds[Kind.IDEOGRAPH] + kinds[Kind.UNSPACED]
    seen: dict[str, int] = {}
    earlier = []
    for text in texts:
        earlier.append(before := seen.get(text, 0))
        seen[text] = before + 1
    first = [text[0] for text in texts]
    digits_of = kinds[Kind.DIGIT].tolist()
    rows = [
        lines.words,
        np.log1p(lines.words),
        counts.chars,
        chars / words,
        lines.terminal,
        lines.capitals / words,
        np.array([text.endswith(_LEADERS) for text in texts]),
        kinds[Kind.UPPER] / np.maximum(cased, 1),
        kinds[Kind.DIGIT] / chars,
        uncased / np.maximum(cased + uncased, 1),
        kinds[Kind.OTHER] / chars,
        kinds[Kind.TERMINAL] / words,
        kinds[Kind.COMMA] / words,
        np.array([character.isupper() for character in first]),
        np.array([character.islower() for character in first]),
        np.array([character.isdigit() for character in first]),
        np.array([not character.isalnum() for character in first]),
        np.array([n >= 2 and bool(_YEAR.search(t, 0, 400)) for n, t in zip(digits_of, texts, strict=True)]),
        np.array([seen[text] for text in texts]),
        np.array(earlier),
        *(kinds[kind] for kind in _COUNTED),
    ]
    return np.array(rows, np.float64)


def _shared_vocabulary(lines: Lines, vocabulary: Vocabulary, rarity: Floats) -> Floats:
    """Share of a block's words that the prose of other blocks holds too, plain and weighted by rarity, (2, blocks).

    An article's own words come back in it; the words of a teaser for another article do not.
    """
    owner, texts = lines.hashed.owner, len(lines.texts)
    if not len(owner):
        return np.zeros((2, texts))
    word = vocabulary.word
    in_prose = (lines.prose_words > 0).take(owner)
    in_all_prose = np.bincount(word.compress(in_prose), minlength=len(vocabulary.first))
    # What stands in the block itself alone is not shared.
    elsewhere = in_all_prose.take(word) > vocabulary.here * in_prose
    plain = np.bincount(owner, weights=elsewhere, minlength=texts) / np.maximum(np.bincount(owner, minlength=texts), 1)
    total = np.bincount(owner, weights=rarity, minlength=texts)
    rare = np.bincount(owner, weights=rarity * elsewhere, minlength=texts) / np.maximum(total, 1e-3)
    return np.array([plain, rare])


def _headings(lines: Lines, terms: Terms) -> Floats:
    short = lines.words <= HEADING_WORDS
    after, before = (np.where(short, mean, 0.0) for mean in terms.means_around())
    return said_by_headings(after, before)


def _first_words(hashed: HashedWords, texts: int) -> NDArray[np.int64]:
    """Bucket of each text's first word, -1 where it has none."""
    first = np.full(texts, -1, np.int64)
    first[hashed.owner[::-1]] = hashed.buckets[::-1]
    return first


def _median(values: Floats) -> float:
    """np.median without its checks, which cost more than the sort."""
    ranked = np.sort(values)
    middle = len(ranked) // 2
    return float(ranked[middle] if len(ranked) % 2 else (ranked[middle - 1] + ranked[middle]) / 2)


def _page(lines: Lines, document: Document, scores: NDArray[np.float32]) -> Floats:
    """Where a block stands, and in what kind of dump."""
    page_score = float(np.mean(scores)) if len(scores) else 0.0
    n = len(lines.texts)
    place = np.arange(n)
    words, prose = lines.words, lines.prose_words
    total, total_prose = max(words.sum(), 1.0), prose.sum()
    before, prose_before = np.cumsum(words) - words, np.cumsum(prose) - prose
    is_prose = prose > 0
    last = np.maximum.accumulate(np.where(is_prose, place, -1))
    following = np.minimum.accumulate(np.where(is_prose, place, n)[::-1])[::-1]
    rows: list[Floats | float] = [
        place / n,
        before / total,
        np.minimum(place, 200.0),
        np.minimum(n - 1.0 - place, 200.0),
        prose_before / (total_prose + 1),
        np.minimum(np.where(last < 0, 99, place - last), 99.0),
        np.minimum(np.where(following >= n, 99, following - place), 99.0),
        np.array([block.continues for block in document.blocks], np.float64),
        float(n),
        float(np.log1p(total)),
        float(total_prose / total),
        _median(words),
        float(total / n),
        float(np.mean(is_prose)),
        page_score,
        float(lines.counts.kinds[:, Kind.CURRENCY].sum() / total),
        float(lines.counts.kinds[:, Kind.DIGIT].sum() / total),
        float(np.mean(lines.words <= 2)),
        float(words.max()),
    ]
    out = np.empty((len(rows), n))
    for place_of_row, row in enumerate(rows):
        out[place_of_row] = row
    return out
