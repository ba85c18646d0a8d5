"""Features of a dump's Blocks from their text alone, one row a Block. Training and production run this same code.

Nothing here knows a language: characters count by kind, words by hash, and a Chinese or Thai line has as many words as
its translation would have.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaners.char_counts import Characters, CharCounts, Kind, characters_of, count_kinds, word_starts
from cleaners.document import Document
from cleaners.word_scores import BUCKET_BITS, HashedWords, Terms, hash_words, mean_scores, summarise_terms, terms_of

Floats = NDArray[np.float64]

# Version of the columns: a model made for another version is refused.
TEXT_FEATURES_VERSION: Final = 101
# Words beyond this many characters of a block add nothing to its score.
SCORED_CHARS: Final = 240
# A block of this many words that ends like a sentence reads as prose.
_PROSE_WORDS: Final = 10.0
_NEIGHBOURS: Final = (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5)
_WINDOWS: Final = (3, 8, 20, 50)
_HEADING_WINDOWS: Final = (1, 3, 10, 30)
# Where there is no neighbour: a value that no block has.
_ABSENT: Final = -9.0
_TERMINALS: Final = tuple('.!?…。！？．؟۔।॥։"”’»」』')
_LEADERS: Final = tuple(":;,：，、")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
# A line of at most this many words may be a heading, which says what the lines around it are.
HEADING_WORDS: Final = 8.0
# Runs of characters of one kind that make a line's shape ("Aa 0, 0:0").
_SHAPE_RUNS: Final = 14
_SHAPE_BASE: Final = 17


class Tables(NamedTuple):
    """What training learned, by bucket: log odds that a block is body text, given its words, or its shape;

    that the blocks after, or before, a short line are; how rare a word is (inverse page frequency); and log odds that
    a word of the page is body text, given the words that the page has.
    """

    words: NDArray[np.float32]
    after: NDArray[np.float32]
    before: NDArray[np.float32]
    shapes: NDArray[np.float32]
    rarity: NDArray[np.float32]
    pages: NDArray[np.float32]


_NOTHING: Final = np.zeros(1 << BUCKET_BITS, np.float32)
_SIGNS: Final = frozenset("-*+•·‣◦▪■●○–—►»#")
_SIGN: Final = re.compile(r"(?:[-*+•·‣◦▪■●○–—►»]|#{1,6})\s+(?=\S)")
NO_TABLES: Final = Tables(*[_NOTHING] * 6)


class Lines(NamedTuple):
    """What several groups of features read: counts, hashed words and sentence shape of every block."""

    texts: Sequence[str]
    counts: CharCounts
    words: Floats
    hashed: HashedWords
    shapes: NDArray[np.int64]  # bucket of the line's shape
    capitals: Floats  # words that begin with a capital
    prose_words: Floats  # the block's words if it reads as prose, else 0


def text_features(document: Document, tables: Tables = NO_TABLES, lines: Lines | None = None) -> NDArray[np.float32]:
    """The feature matrix of a dump, (blocks, columns); `lines` are its blocks' texts where they were read before."""
    if not document.blocks:
        return np.zeros((0, width()), np.float32)
    lines = lines or read_lines([block.text for block in document.blocks])
    own = _own(lines)
    terms = terms_of(lines.hashed)
    scores = np.array(summarise_terms(terms, tables.words, len(lines.texts)))
    shared = _shared_vocabulary(lines, tables.rarity)
    shape = tables.shapes[lines.shapes].astype(np.float64)[None]
    alike = _alike(lines, scores[0])
    base = np.array(
        [lines.words, own[_TERMINAL], own[_CAPITAL_SHARE], scores[0], scores[3], shared[1], shape[0], own[_REPEATS]]
    )
    means = np.array([lines.words, lines.prose_words, scores[0], scores[3], *shared, shape[0], alike[0]])
    page = _page(lines, document, tables.pages)
    columns = [own, scores, shared, shape, alike, page, _headings(lines, terms, tables)]
    columns += [_neighbours(base), _running_means(means)]
    return np.ascontiguousarray(np.concatenate(columns, dtype=np.float32, casting="same_kind").T)


def width() -> int:
    """Number of columns."""
    from cleaners.decode import Decoded
    from cleaners.document import Block

    return int(text_features(Document((Block(0, "a"),), Decoded("a", "str", "given"))).shape[1])


def read_lines(texts: Sequence[str]) -> Lines:
    """Count, hash and shape every text in one pass over their characters.

    Bullets and number signs that some flatteners put before a line are not read: they tell of the flattener.
    """
    texts = [_SIGN.sub("", text) if text[:1] in _SIGNS else text for text in texts]
    characters = characters_of(texts)
    counts = count_kinds(characters)
    terminal = np.array([text.endswith(_TERMINALS) for text in texts], np.float64)
    prose = np.where((counts.words >= _PROSE_WORDS) & (terminal > 0), counts.words, 0.0)
    starts = word_starts(characters)
    capitals = np.bincount(characters.owner[starts & (characters.kinds == Kind.UPPER)], minlength=len(texts))
    hashed = hash_words(_heads(characters))
    return Lines(texts, counts, counts.words, hashed, shape_buckets(characters), capitals.astype(np.float64), prose)


def _heads(characters: Characters) -> Characters:
    """Only the first SCORED_CHARS characters of each text."""
    begins = np.cumsum(characters.lengths) - characters.lengths
    kept = np.arange(len(characters.codes)) - begins[characters.owner] < SCORED_CHARS
    return Characters(characters.codes[kept], characters.kinds[kept], characters.owner[kept], characters.lengths)


def shape_buckets(characters: Characters) -> NDArray[np.int64]:
    """Bucket of each text's shape: the kinds of its characters, runs of one kind written once, the first few runs."""
    kinds, owner, texts = characters.kinds, characters.owner, len(characters.lengths)
    changes = np.ones(len(kinds), np.bool_)
    changes[1:] = (kinds[1:] != kinds[:-1]) | (owner[1:] != owner[:-1])
    runs, of = kinds[changes].astype(np.uint64), owner[changes]
    begins = np.searchsorted(of, np.arange(texts))
    place = np.arange(len(of)) - begins[of]
    kept = place < _SHAPE_RUNS
    powers = np.array([_SHAPE_BASE**i for i in range(_SHAPE_RUNS)], np.uint64)
    sums = np.zeros(texts, np.uint64)
    owner = of[kept]  # in order, so that each text's runs are added up as one stretch
    if len(owner):
        starts = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))
        sums[owner[starts]] = np.add.reduceat((runs[kept] + np.uint64(1)) * powers[place[kept]], starts)
    return np.asarray((sums * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - BUCKET_BITS)).astype(np.int64)


_TERMINAL, _CAPITAL_SHARE, _REPEATS = 4, 5, 18  # rows of _own
_COUNTED = (Kind.TERMINAL, Kind.COMMA, Kind.QUOTE, Kind.BAR, Kind.CURRENCY, Kind.AT, Kind.COLON, Kind.BRACKET)


def _own(lines: Lines) -> Floats:
    """What a block is by itself."""
    counts, texts = lines.counts, lines.texts
    chars, words = np.maximum(counts.chars, 1), np.maximum(lines.words, 1)
    cased = np.maximum(counts.of(Kind.LOWER, Kind.UPPER), 1)
    letters = np.maximum(counts.of(Kind.LOWER, Kind.UPPER, Kind.LETTER, Kind.IDEOGRAPH, Kind.UNSPACED), 1)
    repeats = Counter(texts)
    first = [text[0] for text in texts]
    digits_of = counts.kinds[:, Kind.DIGIT].tolist()
    rows = [
        lines.words,
        np.log1p(lines.words),
        counts.chars,
        chars / words,
        np.array([text.endswith(_TERMINALS) for text in texts]),
        lines.capitals / words,
        np.array([text.endswith(_LEADERS) for text in texts]),
        counts.kinds[:, Kind.UPPER] / cased,
        counts.kinds[:, Kind.DIGIT] / chars,
        counts.of(Kind.LETTER, Kind.IDEOGRAPH, Kind.UNSPACED) / letters,
        counts.kinds[:, Kind.OTHER] / chars,
        counts.kinds[:, Kind.TERMINAL] / words,
        counts.kinds[:, Kind.COMMA] / words,
        np.array([character.isupper() for character in first]),
        np.array([character.islower() for character in first]),
        np.array([character.isdigit() for character in first]),
        np.array([not character.isalnum() for character in first]),
        np.array([n >= 2 and bool(_YEAR.search(t, 0, 400)) for n, t in zip(digits_of, texts, strict=True)]),
        np.array([repeats[text] for text in texts]),
        *(counts.kinds[:, kind] for kind in _COUNTED),
    ]
    return np.array(rows, np.float64)


def _shared_vocabulary(lines: Lines, rarity: NDArray[np.float32]) -> Floats:
    """Share of a block's words that the prose of other blocks holds too, plain and weighted by rarity, (2, blocks).

    An article's own words come back in it; the words of a teaser for another article do not.
    """
    hashed = lines.hashed
    texts = len(lines.texts)
    if not len(hashed.buckets):
        return np.zeros((2, texts))
    _, word = np.unique(hashed.buckets, return_inverse=True)
    in_prose = lines.prose_words[hashed.owner] > 0
    prose_count = np.bincount(word[in_prose], minlength=int(word.max()) + 1)
    # What stands in the block itself alone is not shared.
    own = np.unique(word * texts + hashed.owner, return_inverse=True)[1]
    own_count = np.bincount(own)[own]
    elsewhere = prose_count[word] - np.where(in_prose, own_count, 0) > 0
    out = []
    for weights in (np.ones(len(word)), rarity[hashed.buckets].astype(np.float64)):
        total = np.bincount(hashed.owner, weights=weights, minlength=texts)
        out.append(np.bincount(hashed.owner, weights=weights * elsewhere, minlength=texts) / np.maximum(total, 1e-3))
    return np.array(out)


def _headings(lines: Lines, terms: Terms, tables: Tables) -> Floats:
    """What the short lines above say of what follows them, and those below of what precedes them."""
    texts = len(lines.texts)
    short = lines.words <= HEADING_WORDS
    after, before = (np.where(short, mean_scores(terms, table, texts), 0.0) for table in (tables.after, tables.before))
    said = np.array([after, before[::-1]])
    seen = np.array([said, *_looking_back(said)])  # (values, directions, blocks)
    return np.concatenate([seen[:, 0], seen[:, 1, ::-1]])


def _looking_back(said: Floats) -> list[Floats]:
    """Least and greatest of the values before each place of each row, over windows; 0 stands outside."""
    low = high = _moved(said, 1)
    out: list[Floats] = []
    width = 1
    for window in _HEADING_WINDOWS:
        while 2 * width <= window:  # a window twice as wide from two halves
            low, high = np.minimum(low, _moved(low, width)), np.maximum(high, _moved(high, width))
            width *= 2
        rest = window - width
        out += [np.minimum(low, _moved(low, rest)), np.maximum(high, _moved(high, rest))]
    return out


def _moved(values: Floats, places: int) -> Floats:
    if not places:
        return values
    moved = np.zeros_like(values)
    moved[:, places:] = values[:, :-places]
    return moved


def _alike(lines: Lines, scores: Floats) -> Floats:
    """Blocks of the same shape, and with the same first word: their share of the dump, length and mean score."""
    texts = len(lines.texts)
    first = np.full(texts, -1, np.int64)
    first[lines.hashed.owner[::-1]] = lines.hashed.buckets[::-1]
    rows = []
    for key in (lines.shapes, first):
        _, group = np.unique(key, return_inverse=True)
        count = np.bincount(group)
        rows.append(count[group] / texts)
        rows += [(np.bincount(group, weights=values) / count)[group] for values in (lines.words, scores)]
    return np.array(rows)


def _distinct(buckets: NDArray[np.int64]) -> NDArray[np.int64]:
    """The buckets that occur, in order: for so few values one sort and one look at the neighbours."""
    ranked = np.sort(buckets)
    return ranked[np.concatenate(([True], ranked[1:] != ranked[:-1]))]


def _median(values: Floats) -> float:
    """np.median without its checks, which cost more than the sort."""
    ranked = np.sort(values)
    middle = len(ranked) // 2
    return float(ranked[middle] if len(ranked) % 2 else (ranked[middle - 1] + ranked[middle]) / 2)


def _page(lines: Lines, document: Document, table: NDArray[np.float32]) -> Floats:
    """Where a block stands, and in what kind of dump."""
    page_score = float(np.mean(table[_distinct(lines.hashed.buckets)])) if len(lines.hashed.buckets) else 0.0
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


def _neighbours(base: Floats) -> Floats:
    """The base rows of the blocks before and after."""
    rows, n = base.shape
    reach = max(_NEIGHBOURS)
    padded = np.full((rows, n + 2 * reach), _ABSENT)
    padded[:, reach : reach + n] = base
    return np.concatenate([padded[:, reach + step : reach + step + n] for step in _NEIGHBOURS])


def _running_means(base: Floats) -> Floats:
    """Means of the base rows over windows of several widths."""
    n = base.shape[1]
    sums = np.concatenate([np.zeros((len(base), 1)), np.cumsum(base, axis=1)], axis=1)
    place = np.arange(n)
    out = []
    for window in _WINDOWS:
        low, high = np.maximum(0, place - window), np.minimum(n, place + window + 1)
        out.append((sums[:, high] - sums[:, low]) / (high - low))
    return np.concatenate(out)
