"""Features of an HTML page's Blocks, one row a Block. The same code runs in training and in production.

The tree's flat arrays become NumPy arrays; sums over a subtree are differences of prefix sums over blocks, and values
handed down from ancestors take as many steps as the depth has bits, so that cost is linear in the page and the Python
part is small.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.document import Document
from cleaners.features.ancestors import Elements, names
from cleaners.features.columns import BlockTexts, Columns, Holders, Subtrees
from cleaners.features.name_odds import NameOdds
from cleaners.features.neighbours import ancestors, container, neighbours, repetition
from cleaners.features.runs import runs
from cleaners.features.self_description import stated_body
from cleaners.tree import HEADING_TAGS, Tree
from cleaners.words.array_types import Floats, Ints
from cleaners.words.characters import Characters, Kind
from cleaners.words.hashing import BUCKET_BITS, hash_words, summarise

# Version of the columns: a model made for another version is refused.
FEATURES_VERSION: Final = 3

SCORED_CHARS: Final = 200  # words beyond this many characters of a block add nothing to its score
_LETTERS: Final = (Kind.LOWER, Kind.UPPER, Kind.LETTER, Kind.IDEOGRAPH, Kind.UNSPACED)


@dataclass(frozen=True)
class Scores:
    """What training learned of names and words: log odds of holding body text."""

    class_tokens: Mapping[str, float]
    words: NDArray[np.float32]

    @cached_property
    def names(self) -> NameOdds:
        """The odds of whole names, computed from those of their words."""
        return NameOdds(self.class_tokens)


NO_SCORES: Final = Scores({}, np.zeros(1 << BUCKET_BITS, np.float32))


def features(document: Document, scores: Scores = NO_SCORES) -> NDArray[np.float32]:
    """The feature matrix of a page, (blocks, columns)."""
    return feature_columns(document, scores).matrix()


def feature_columns(document: Document, scores: Scores = NO_SCORES) -> Columns:
    """The features of a page by name."""
    blocks, tree = document.blocks, document.tree
    columns = Columns(len(blocks))
    if tree is None or not blocks:
        return columns
    texts = BlockTexts.of(blocks)
    holders = Holders.of(tree)
    subtrees = Subtrees.of(texts, holders)
    elements = Elements.of(tree, holders, scores.names)
    rows = holders.rows.take(texts.owners)
    _own_text(columns, texts)
    word_score = _word_scores(columns, texts, scores)
    _position(columns, texts, tree)
    _page(columns, texts, tree)
    names(columns, elements, rows)
    ancestors(columns, texts, subtrees, holders, rows)
    repetition(columns, texts, elements, rows)
    container(columns, texts, subtrees, holders)
    runs(columns, texts, tree, subtrees, elements, holders, rows)
    stated_body(columns, texts, tree)
    neighbours(columns, texts, word_score, elements.decayed.take(rows))
    return columns


def _own_text(columns: Columns, texts: BlockTexts) -> None:
    counts = texts.counts
    kinds = counts.kinds.T
    letters = sum(kinds[kind] for kind in _LETTERS)
    columns.add("words", texts.words)
    columns.add("chars", counts.chars)
    columns.add("link_density", texts.links)
    columns.add("terminal", texts.terminal)
    for kind in (Kind.TERMINAL, Kind.BAR):
        columns.add(f"count_{kind.name.lower()}", kinds[kind])
    columns.add("upper_share", kinds[Kind.UPPER] / np.maximum(letters, 1))
    same, before = _same_texts(texts.texts)
    columns.add("same_text", same)
    columns.add("same_text_before", before)


def _same_texts(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """For each text, how many texts are the same, and how many of those come before it."""
    numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    if len(numbers) == len(texts):
        return np.ones(len(texts), np.int64), np.zeros(len(texts), np.int64)
    group = np.fromiter(map(numbers.__getitem__, texts), np.int64, len(texts))
    count = np.bincount(group)
    before = np.empty_like(group)
    before[group.argsort(kind="stable")] = np.arange(len(group)) - np.repeat(np.cumsum(count) - count, count)
    return count.take(group), before


def _word_scores(columns: Columns, texts: BlockTexts, scores: Scores) -> Floats:
    """Add summaries of the words' log odds. Returns the mean of each block."""
    heads, begins = _heads(texts)
    summary = summarise(hash_words(heads, begins), scores.words, columns.rows)
    for name, values in summary._asdict().items():
        columns.add(f"word_score_{name}", values)
    return summary.mean


def _heads(texts: BlockTexts) -> tuple[Characters, NDArray[np.bool_]]:
    """The first SCORED_CHARS characters of each text, and where in them words begin."""
    whole = texts.characters
    long = np.flatnonzero(whole.lengths > SCORED_CHARS)
    if not len(long):
        return whole, texts.begins
    ends = np.cumsum(whole.lengths).take(long)
    starts = (ends - whole.lengths.take(long) + SCORED_CHARS).tolist()
    spans = list(zip([0, *ends.tolist()], [*starts, len(whole.codes)], strict=True))
    codes, kinds, owner, begins = (
        np.concatenate([values[a:b] for a, b in spans])
        for values in (whole.codes, whole.kinds, whole.owner, texts.begins)
    )
    return Characters(codes, kinds, owner, np.minimum(whole.lengths, SCORED_CHARS)), begins


def _position(columns: Columns, texts: BlockTexts, tree: Tree) -> None:
    rows = columns.rows
    order = np.arange(rows)
    columns.add("place", order / rows)
    columns.add("place_from_end", rows - order)
    columns.add("words_before", _before(texts.words) / max(1.0, texts.total_words))
    columns.add("sentences_before", _before(texts.sentence_words) / max(1.0, texts.total_sentence_words))
    headline = next((tree.first_block[e] for e in tree.all("h1")), None)
    columns.add("after_h1", order - headline if headline is not None else -999.0)
    of_heading = np.zeros(len(tree.tags), np.bool_)
    of_heading[[e for tag in HEADING_TAGS for e in tree.all(tag)]] = True
    is_heading = of_heading.take(texts.owners)
    last = np.maximum.accumulate(np.where(is_heading, order, -1))
    columns.add("after_heading", np.where(last >= 0, order - last, 999))
    columns.add("to_next_heading", _to_next(is_heading))


def _before(values: Floats) -> Floats:
    return np.asarray(np.cumsum(values) - values)


def _to_next(flags: NDArray[np.bool_]) -> Ints:
    rows = len(flags)
    order, far = np.arange(rows), 2 * rows + 999
    following = np.full(rows, far)
    following[:-1] = np.minimum.accumulate(np.where(flags, order, far)[:0:-1])[::-1]
    return np.minimum(following - order, 999)


_PAGE_TAGS: Final = ("article", "input", "li", "p", "img", "h2", "h3")


def _page(columns: Columns, texts: BlockTexts, tree: Tree) -> None:
    total = max(1.0, texts.total_words)
    columns.add("page_words", np.log1p(total))
    columns.add("page_blocks", np.log1p(columns.rows))
    columns.add("page_long_share", texts.long.sum() / columns.rows)
    columns.add("page_link_share", (texts.words * texts.links).sum() / total)
    columns.add("page_sentence_share", texts.total_sentence_words / total)
    columns.add("page_mean_words", total / columns.rows)
    tags = np.log1p([len(tree.all(tag)) for tag in _PAGE_TAGS])
    columns.add_all([f"page_{tag}" for tag in _PAGE_TAGS], tags[:, None])
    columns.add("page_type", _open_graph_type(tree))
    described = "".join(tree.json_ld)[:20_000]  # raw: the model has learned from what is found in it
    for name, pattern in _SCHEMA_TYPES.items():
        columns.add(f"page_schema_{name}", float(bool(described and pattern.search(described))))


_SCHEMA_TYPES: Final = {
    "article": re.compile(r"\"(?:\w*Article|BlogPosting|Report|LiveBlogPosting)\""),
    "product": re.compile(r"\"(?:Product|Offer|AggregateOffer)\""),
    "forum": re.compile(r"\"(?:DiscussionForumPosting|QAPage|Question|Comment)\""),
    "list": re.compile(r"\"(?:ItemList|CollectionPage|SearchResultsPage)\""),
    "faq": re.compile(r"\"FAQPage\""),
    "organisation": re.compile(r"\"(?:LocalBusiness|Service|Organization)\""),
}


def _open_graph_type(tree: Tree) -> float:
    stated = tree.properties("og:type")
    if not stated:
        return 0.0
    kind = stated[0].lower()
    return 1.0 if "article" in kind else 2.0 if "product" in kind else 3.0 if "website" in kind else 4.0
