"""Features of an HTML page's Blocks, one row a Block. The same code runs in training and in production.

The tree's flat arrays become NumPy arrays; sums over a subtree are differences of prefix sums over blocks, and values
handed down from ancestors are filled level by level, so that cost is linear in the page and the Python part is small.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.char_counts import Kind, characters_of
from cleaners.context_features import ancestors, container, neighbours, repetition
from cleaners.document import Block, Document
from cleaners.element_features import Elements, names
from cleaners.feature_columns import BlockTexts, Columns, Floats, Ints, Subtrees
from cleaners.tree import Tree
from cleaners.word_scores import BUCKET_BITS, hash_words, summarise

# Version of the columns: a model made for another version is refused.
FEATURES_VERSION: Final = 2

SCORED_CHARS: Final = 200  # words beyond this many characters of a block add nothing to its score
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True)
class Scores:
    """What training learned of names and words: log odds of holding body text."""

    class_tokens: Mapping[str, float]
    words: NDArray[np.float32]


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
    subtrees = Subtrees.of(texts, tree)
    elements = Elements.of(tree, scores.class_tokens)
    owners = np.fromiter((block.element for block in blocks), np.int64, len(blocks))
    _own_text(columns, texts, blocks)
    _word_scores(columns, blocks, scores)
    _position(columns, texts, tree, owners)
    _page(columns, texts, tree)
    rows = elements.rows[owners]
    names(columns, elements, rows)
    ancestors(columns, texts, subtrees, tree, owners)
    repetition(columns, texts, elements, rows)
    container(columns, texts, subtrees, tree)
    _stated_body(columns, document)
    neighbours(columns)
    return columns


def _own_text(columns: Columns, texts: BlockTexts, blocks: tuple[Block, ...]) -> None:
    counts = texts.counts
    chars = np.maximum(counts.chars, 1)
    words = np.maximum(counts.words, 1)
    letters = np.maximum(counts.of(Kind.LOWER, Kind.UPPER, Kind.LETTER, Kind.IDEOGRAPH, Kind.UNSPACED), 1)
    columns.add("words", texts.words)
    columns.add("chars", counts.chars)
    columns.add("link_density", texts.links)
    columns.add("word_length", chars / words)
    columns.add("terminal", texts.terminal)
    for kind in (Kind.TERMINAL, Kind.COMMA, Kind.BAR):
        columns.add(f"count_{kind.name.lower()}", counts.kinds[:, kind])
    columns.add("terminal_rate", counts.kinds[:, Kind.TERMINAL] / words)
    columns.add("upper_share", counts.kinds[:, Kind.UPPER] / letters)
    columns.add("digit_share", counts.kinds[:, Kind.DIGIT] / chars)
    columns.add("detached", np.array([block.detached for block in blocks]))
    seen: dict[str, int] = {}
    earlier = []
    for block in blocks:
        earlier.append(seen.get(block.text, 0))
        seen[block.text] = earlier[-1] + 1
    columns.add("same_text", np.array([seen[block.text] for block in blocks]))
    columns.add("same_text_before", np.array(earlier))


def _word_scores(columns: Columns, blocks: tuple[Block, ...], scores: Scores) -> None:
    words = hash_words(characters_of([block.text[:SCORED_CHARS] for block in blocks]))
    summary = summarise(words, scores.words, len(blocks))
    for name, values in summary._asdict().items():
        columns.add(f"word_score_{name}", values)


def _position(columns: Columns, texts: BlockTexts, tree: Tree, owners: Ints) -> None:
    rows = len(owners)
    order = np.arange(rows)
    columns.add("place", order / rows)
    columns.add("place_from_end", rows - order)
    columns.add("words_before", _before(texts.words) / max(1.0, texts.words.sum()))
    columns.add("sentences_before", _before(texts.sentence_words) / max(1.0, texts.sentence_words.sum()))
    headline = next((tree.first_block[e] for e in tree.all("h1")), None)
    columns.add("after_h1", order - headline if headline is not None else np.full(rows, -999))
    for tag in ("article", "h1", "form"):
        starts = np.array(sorted(tree.first_block[e] for e in tree.all(tag)), np.int64)
        columns.add(f"{tag}_before", np.searchsorted(starts, order, side="right"))
    is_heading = np.array([tree.tags[e] in _HEADINGS for e in owners.tolist()])
    last = np.maximum.accumulate(np.where(is_heading, order, -1))
    columns.add("after_heading", np.where(last >= 0, order - last, 999))
    columns.add("to_next_heading", _to_next(is_heading))


def _before(values: Floats) -> Floats:
    return np.asarray(np.cumsum(values) - values)


def _to_next(flags: NDArray[np.bool_]) -> Floats:
    rows = len(flags)
    places = np.where(flags, np.arange(rows), 2 * rows + 999)
    following = np.append(np.minimum.accumulate(places[::-1])[::-1][1:], 2 * rows + 999)
    return np.minimum(following - np.arange(rows), 999).astype(np.float64)


def _page(columns: Columns, texts: BlockTexts, tree: Tree) -> None:
    total = max(1.0, texts.words.sum())
    columns.add("page_words", np.log1p(total))
    columns.add("page_blocks", np.log1p(columns.rows))
    columns.add("page_long_share", texts.long.mean())
    columns.add("page_link_share", (texts.words * texts.links).sum() / total)
    columns.add("page_sentence_share", texts.sentence_words.sum() / total)
    columns.add("page_mean_words", total / columns.rows)
    for tag in ("article", "input", "li", "p", "tr", "time", "img", "pre", "h2", "h3", "blockquote"):
        columns.add(f"page_{tag}", np.log1p(len(tree.all(tag))))
    columns.add("page_type", _open_graph_type(tree))
    described = "".join(tree.json_ld)[:20_000]
    for name, pattern in _SCHEMA_TYPES.items():
        columns.add(f"page_schema_{name}", float(bool(pattern.search(described))))


_SCHEMA_TYPES: Final = {
    "article": re.compile(r"\"(?:\w*Article|BlogPosting|Report|LiveBlogPosting)\""),
    "product": re.compile(r"\"(?:Product|Offer|AggregateOffer)\""),
    "forum": re.compile(r"\"(?:DiscussionForumPosting|QAPage|Question|Comment)\""),
    "list": re.compile(r"\"(?:ItemList|CollectionPage|SearchResultsPage)\""),
    "faq": re.compile(r"\"FAQPage\""),
    "organisation": re.compile(r"\"(?:LocalBusiness|Service|Organization)\""),
}


def _open_graph_type(tree: Tree) -> float:
    for e in tree.all("meta"):
        if tree.get(e, "property").lower() == "og:type":
            kind = tree.get(e, "content").lower()
            return 1.0 if "article" in kind else 2.0 if "product" in kind else 3.0 if "website" in kind else 4.0
    return 0.0


_ARTICLE_BODY = re.compile(r"\"(?:articleBody|reviewBody|description|text)\"\s*:\s*\"((?:[^\"\\]|\\.)*)\"")
_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|<[^>]*>|&\w+;|\W+")
_NO_LETTERS = re.compile(r"[^\w\0]+")
_START_CHARS: Final = 60  # a block is looked up in the page's own description by its start


def _stated_body(columns: Columns, document: Document) -> None:
    """Does the page's own description for machines repeat the block? -1 where it has none."""
    tree = document.tree
    assert tree is not None
    stated = _squeezed(" ".join(_ARTICLE_BODY.findall("\n".join(tree.json_ld)[:200_000])))
    summary = _squeezed(" ".join(tree.get(e, "content") for e in tree.all("meta") if _describes(tree, e)))
    starts = "\0".join([block.text[:_START_CHARS] for block in document.blocks]) if stated or summary else ""
    short = [start[:30] for start in _NO_LETTERS.sub("", starts).lower().split("\0")]
    for name, text in (("body", stated), ("summary", summary)):
        found = [len(s) > 5 and s in text for s in short] if text else -1.0
        columns.add(f"stated_{name}", np.array(found))
    columns.add("stated_body_chars", np.log1p(len(stated)))


def _describes(tree: Tree, element: int) -> bool:
    return "description" in (tree.get(element, "name") + tree.get(element, "property")).lower()


def _squeezed(text: str) -> str:
    return _ESCAPE.sub("", text).lower()
