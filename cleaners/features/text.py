"""Features of dumps' Blocks from their text alone, one row a Block. Training and production run this same code.

Several dumps are read at once (Stack): their features are those that each has alone.

Nothing here knows a language: characters count by kind, words by hash, and a Chinese or Thai line has as many words as
its translation would have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaners.document import Document
from cleaners.features.columns import Columns
from cleaners.features.text_lines import Lines, read_lines
from cleaners.features.text_neighbours import (
    ALIKE_NAMES,
    RHYTHM_NAMES,
    SAID_NAMES,
    alike,
    named_by_neighbour,
    named_by_side,
    named_by_window,
    neighbours,
    rhythm,
    running_means,
    said_by_headings,
    sided_means,
)
from cleaners.features.text_stack import Stack
from cleaners.features.text_tables import NO_TABLES, Tables, Terms, Vocabulary, terms_of, vocabulary_of
from cleaners.words.array_types import Floats, Ints, Matrix
from cleaners.words.characters import Kind
from cleaners.words.hashing import HashedWords, ScoreSummary

# Version of the columns: a model made for another version is refused.
TEXT_FEATURES_VERSION: Final = 102
_LEADERS: Final = tuple(":;,：，、")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_YEAR_CHARS: Final = 400  # of a text, in which a year is looked for
# A line of at most this many words may be a heading, which says what the lines around it are.
HEADING_WORDS: Final = 8.0


def text_features(document: Document, tables: Tables = NO_TABLES) -> Matrix:
    """The feature matrix of a dump, (blocks, columns); no columns if it has no block."""
    if not document.blocks:
        return np.empty((0, 0), np.float32)
    return text_columns(read_lines([document]), tables).matrix()


def text_columns(lines: Lines, tables: Tables = NO_TABLES) -> Columns:
    """The features of dumps by name, a row for each of their blocks."""
    columns, stack = Columns(len(lines.texts)), lines.stack
    texts = len(lines.texts)
    terms = terms_of(lines.hashed, texts, tables)
    vocabulary = vocabulary_of(lines.hashed, stack.dump.take(lines.hashed.owner))
    own, scores = _own(lines), terms.summary()
    shared, shared_rare = _shared_vocabulary(lines, vocabulary, terms.rarity())
    shape_score = tables.of_shapes(lines.shapes)
    like_shape = alike(lines.shapes, lines.words, scores.mean, stack)
    like_start = alike(_first_words(lines.hashed, texts), lines.words, scores.mean, stack)
    columns.add_each(own)
    columns.add_all(_SCORE_NAMES, np.array(scores))
    columns.add_each({"shared": shared, "shared_rare": shared_rare, "shape_score": shape_score})
    columns.add_all(_LIKE_SHAPE_NAMES, like_shape)
    columns.add_all(_LIKE_START_NAMES, like_start)
    columns.add_each(_place(lines))
    page = _page(lines, _page_score(lines, terms, vocabulary))
    columns.add_all(list(page), np.array(list(page.values())).take(stack.dump, axis=1))
    columns.add_all(_HEADING_NAMES, _headings(lines, terms))
    series = {
        "words": lines.words, "terminal": own["terminal"], "capital_share": own["capital_share"],
        "same_text": own["same_text"], "prose_words": lines.prose_words, "is_prose": lines.prose_words > 0,
        "score_mean": scores.mean, "score_total": scores.total, "shared": shared, "shared_rare": shared_rare,
        "shape_score": shape_score, "like_shape": like_shape[0],
    }  # fmt: skip
    columns.add_all(_NEIGHBOUR_NAMES, neighbours(_picked(series, _OF_NEIGHBOURS), stack))
    columns.add_all(_MEAN_NAMES, running_means(_picked(series, _MEANS), stack))
    columns.add_all(_SIDED_NAMES, sided_means(_picked(series, _SIDED_MEANS), stack))
    columns.add_all(RHYTHM_NAMES, rhythm(lines.shapes, stack))
    return columns


# Numbers of a block that are also taken from its neighbours, as means around it, and as means on either side.
_OF_NEIGHBOURS: Final = (
    "words", "terminal", "capital_share", "score_mean", "score_total", "shared_rare", "shape_score", "same_text",
)  # fmt: skip
_MEANS: Final = (
    "words", "prose_words", "score_mean", "score_total", "shared", "shared_rare", "shape_score", "like_shape",
)  # fmt: skip
_SIDED_MEANS: Final = ("words", "is_prose", "score_mean", "score_total", "shape_score")

_SCORE_NAMES: Final = tuple(f"score_{name}" for name in ScoreSummary._fields)
_LIKE_SHAPE_NAMES: Final = tuple(f"like_shape_{name}" for name in ALIKE_NAMES)
_LIKE_START_NAMES: Final = tuple(f"like_start_{name}" for name in ALIKE_NAMES)
_HEADING_NAMES: Final = tuple(f"headings_{name}" for name in SAID_NAMES)
_NEIGHBOUR_NAMES: Final = named_by_neighbour(_OF_NEIGHBOURS)
_MEAN_NAMES: Final = named_by_window(_MEANS)
_SIDED_NAMES: Final = named_by_side(_SIDED_MEANS)


def _picked(series: Mapping[str, NDArray[Any]], names: Sequence[str]) -> Floats:
    return np.array([series[name] for name in names], np.float64)


_COUNTED = (Kind.TERMINAL, Kind.COMMA, Kind.QUOTE, Kind.BAR, Kind.CURRENCY, Kind.AT, Kind.COLON, Kind.BRACKET)


def _own(lines: Lines) -> dict[str, NDArray[Any]]:
    """The features of a block by itself."""
    kinds = np.ascontiguousarray(lines.counts.kinds.T)
    same, before = _repeats(lines)
    return {
        **_sizes(lines),
        **_shares(lines, kinds),
        **_beginnings(lines.texts),
        "has_year": _have_year(lines.texts, kinds[Kind.DIGIT]),
        "same_text": same,
        "same_text_before": before,
        **{f"count_{kind.name.lower()}": kinds[kind] for kind in _COUNTED},
    }


def _sizes(lines: Lines) -> dict[str, NDArray[Any]]:
    chars, words = np.maximum(lines.counts.chars, 1), np.maximum(lines.words, 1)
    return {
        "words": lines.words,
        "log_words": np.log1p(lines.words),
        "chars": lines.counts.chars,
        "chars_a_word": chars / words,
        "terminal": lines.terminal,
        "capital_share": lines.capitals / words,
        "ends_as_leader": np.array([text.endswith(_LEADERS) for text in lines.texts]),
    }


def _shares(lines: Lines, kinds: Floats) -> dict[str, NDArray[Any]]:
    """How many of a block's characters are of one kind; `kinds` has a row for each kind, (kinds, blocks)."""
    chars, words = np.maximum(lines.counts.chars, 1), np.maximum(lines.words, 1)
    cased = kinds[Kind.LOWER] + kinds[Kind.UPPER]
    uncased = kinds[Kind.LETTER] + kinds[Kind.IDEOGRAPH] + kinds[Kind.UNSPACED]
    return {
        "upper_share": kinds[Kind.UPPER] / np.maximum(cased, 1),
        "digit_share": kinds[Kind.DIGIT] / chars,
        "uncased_share": uncased / np.maximum(cased + uncased, 1),
        "other_share": kinds[Kind.OTHER] / chars,
        "terminals_a_word": kinds[Kind.TERMINAL] / words,
        "commas_a_word": kinds[Kind.COMMA] / words,
    }


def _beginnings(texts: Sequence[str]) -> dict[str, NDArray[np.bool_]]:
    first = [text[0] for text in texts]
    return {
        "starts_upper": np.array([character.isupper() for character in first]),
        "starts_lower": np.array([character.islower() for character in first]),
        "starts_digit": np.array([character.isdigit() for character in first]),
        "starts_sign": np.array([not character.isalnum() for character in first]),
    }


def _have_year(texts: Sequence[str], digits: Floats) -> NDArray[np.bool_]:
    """Whether the beginning of each text holds a year. Texts with hardly any digits are not searched."""
    pairs = zip(texts, digits.tolist(), strict=True)
    return np.array([count >= 2 and bool(_YEAR.search(text, 0, _YEAR_CHARS)) for text, count in pairs])


def _repeats(lines: Lines) -> tuple[Ints, Ints]:
    """How often each block's text occurs in its dump, and how often before the block."""
    seen: dict[tuple[int, str], int] = {}
    before = []
    texts = list(zip(lines.stack.dump.tolist(), lines.texts, strict=True))
    for text in texts:
        before.append(earlier := seen.get(text, 0))
        seen[text] = earlier + 1
    return np.array([seen[text] for text in texts]), np.array(before)


def _shared_vocabulary(lines: Lines, vocabulary: Vocabulary, rarity: Floats) -> Floats:
    """Share of a block's words that the prose of other blocks holds too, plain and weighted by rarity, (2, blocks).

    An article repeats its own words; the words of a teaser for another article appear once.
    """
    owner, texts = lines.hashed.owner, len(lines.texts)
    if not len(owner):
        return np.zeros((2, texts))
    word = vocabulary.word
    in_prose = (lines.prose_words > 0).take(owner)
    in_all_prose = np.bincount(word.compress(in_prose), minlength=len(vocabulary.first))
    # A word that only this block has is not shared.
    elsewhere = in_all_prose.take(word) > vocabulary.here * in_prose
    plain = np.bincount(owner, weights=elsewhere, minlength=texts) / np.maximum(np.bincount(owner, minlength=texts), 1)
    total = np.bincount(owner, weights=rarity, minlength=texts)
    rare = np.bincount(owner, weights=rarity * elsewhere, minlength=texts) / np.maximum(total, 1e-3)
    return np.array([plain, rare])


def _headings(lines: Lines, terms: Terms) -> Floats:
    short = lines.words <= HEADING_WORDS
    after, before = (np.where(short, mean, 0.0) for mean in terms.means_around())
    return said_by_headings(after, before, lines.stack)


def _first_words(hashed: HashedWords, texts: int) -> Ints:
    """Bucket of each text's first word, -1 if it has none."""
    first = np.full(texts, -1, np.int64)
    first[hashed.owner[::-1]] = hashed.buckets[::-1]
    return first


def _place(lines: Lines) -> dict[str, Floats]:
    """Features of a block's place in its dump."""
    stack, n = lines.stack, len(lines.texts)
    block = np.arange(n)
    place, from_end = block - stack.first, stack.last - 1 - block
    words, prose = lines.words, lines.prose_words
    before, prose_before = stack.sums(np.array([words, prose])).take(stack.sums_at(block), axis=1)
    is_prose = prose > 0
    last = np.maximum.accumulate(np.where(is_prose, block, -1))
    following = np.minimum.accumulate(np.where(is_prose, block, n)[::-1])[::-1]
    return {
        "place": place / (stack.last - stack.first),
        "words_before": before / stack.of_blocks(_total_words(lines)),
        "place_from_start": np.minimum(place, 200.0),
        "place_from_end": np.minimum(from_end, 200.0),
        "prose_before": prose_before / (stack.of_blocks(stack.totals(prose)) + 1),
        "after_prose": np.minimum(np.where(last < stack.first, 99, block - last), 99.0),
        "to_next_prose": np.minimum(np.where(following >= stack.last, 99, following - block), 99.0),
        "continues": lines.continues,
    }


def _page(lines: Lines, score: Floats) -> dict[str, Floats]:
    """Features of each dump as a whole."""
    stack, words, prose = lines.stack, lines.words, lines.prose_words
    size, total = stack.sizes, _total_words(lines)
    kinds = lines.counts.kinds
    return {
        "page_blocks": size.astype(np.float64),
        "page_log_words": np.log1p(total),
        "page_prose_share": stack.totals(prose) / total,
        "page_median_words": _medians(words, stack),
        "page_mean_words": total / size,
        "page_prose_blocks_share": stack.totals(prose > 0) / size,
        "page_score": score,
        "page_currency_a_word": stack.totals(kinds[:, Kind.CURRENCY]) / total,
        "page_digits_a_word": stack.totals(kinds[:, Kind.DIGIT]) / total,
        "page_short_share": stack.totals(words <= 2) / size,
        "page_most_words": np.maximum.reduceat(words, stack.starts[:-1]),
    }


def _total_words(lines: Lines) -> Floats:
    return np.maximum(lines.stack.totals(lines.words), 1.0)


def _medians(values: Floats, stack: Stack) -> Floats:
    """The median of each dump's values."""
    ranked = values.take(np.lexsort((values, stack.dump)))
    low, high = stack.starts[:-1] + (stack.sizes - 1) // 2, stack.starts[:-1] + stack.sizes // 2
    return np.asarray((ranked.take(low) + ranked.take(high)) / 2)


def _page_score(lines: Lines, terms: Terms, vocabulary: Vocabulary) -> Floats:
    """The mean log odds of each dump's distinct words; 0 where it has none."""
    dump, dumps = lines.stack.dump.take(lines.hashed.owner.take(vocabulary.first)), len(lines.stack.sizes)
    total = np.bincount(dump, weights=terms.page().take(vocabulary.first), minlength=dumps)
    return np.asarray(total / np.maximum(np.bincount(dump, minlength=dumps), 1))
