"""Features of an HTML page's Blocks, one row a Block. The same code runs in training and in production.

The tree's flat arrays become NumPy arrays; sums over a subtree are differences of prefix sums over blocks, and values
handed down from ancestors are filled level by level, so that cost is linear in the page and the Python part is small.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.char_counts import CharCounts, Kind, characters_of, count_kinds
from cleaners.class_names import GROUPS, keyword_groups, tokens
from cleaners.document import Block, Document
from cleaners.tree import Tree
from cleaners.word_scores import BUCKET_BITS, hash_words, summarise

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Version of the columns: a model made for another version is refused.
FEATURES_VERSION: Final = 1

# Elements whose distance above a block is a feature.
STRUCTURE: Final = tuple(
    """nav aside footer header article main section figure figcaption table li ul ol form button blockquote pre h1 h2 h3
    h4 h5 h6 p td th dl dd dt label select option details summary noscript a span div body""".split()
)
_STRUCTURE_COLUMN = {tag: column for column, tag in enumerate(STRUCTURE)}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_FAR: Final = 50.0  # a distance that says: no such ancestor
_MAX_DEPTH: Final = 120  # deeper elements take what the ancestor at this depth hands down
_LONG_WORDS: Final = 12.0  # a block of at least this many words, mostly unlinked, reads as a paragraph
SCORED_CHARS: Final = 200  # words beyond this many characters of a block add nothing to its score
_DECAY: Final = 0.8
_ANCESTOR_LEVELS: Final = (0, 1, 2, 3, 4, 6, 8)
_NEIGHBOURS: Final = (-2, -1, 1, 2)
_WINDOWS: Final = (3, 10, 25)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(frozen=True)
class Scores:
    """What training learned of names and words: log odds of holding body text."""

    class_tokens: Mapping[str, float]
    words: NDArray[np.float32]


NO_SCORES: Final = Scores({}, np.zeros(1 << BUCKET_BITS, np.float32))


class Columns:
    """Named feature columns of n rows."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.names: list[str] = []
        self.values: list[Floats] = []

    def add(self, name: str, values: NDArray[np.generic] | float) -> None:
        """Add one column; a scalar is the same in every row."""
        self.names.append(name)
        self.values.append(np.broadcast_to(np.asarray(values, np.float64), (self.rows,)))

    def matrix(self) -> NDArray[np.float32]:
        """All columns, (rows, columns), in order of addition."""
        return np.ascontiguousarray(np.array(self.values, np.float32).T)


def features(document: Document, scores: Scores = NO_SCORES) -> NDArray[np.float32]:
    """The feature matrix of a page, (blocks, columns)."""
    return feature_columns(document, scores).matrix()


def feature_columns(document: Document, scores: Scores = NO_SCORES) -> Columns:
    """The features of a page by name."""
    blocks, tree = document.blocks, document.tree
    columns = Columns(len(blocks))
    if tree is None or not blocks:
        return columns
    texts = _Texts.of(blocks)
    elements = _Elements.of(tree, scores)
    owners = np.fromiter((block.element for block in blocks), np.int64, len(blocks))
    _own_text(columns, texts, blocks, tree)
    _word_scores(columns, blocks, scores)
    _position(columns, texts, tree, owners)
    _page(columns, texts, tree)
    _names(columns, elements, owners)
    _ancestors(columns, texts, tree, owners)
    _repetition(columns, texts, elements, owners)
    _container(columns, texts, tree, owners)
    _stated_body(columns, document)
    _neighbours(columns)
    return columns


@dataclass(frozen=True)
class _Texts:
    """Per block numbers that several groups of features need."""

    counts: CharCounts
    words: Floats
    links: Floats  # link density, 0 to 1
    terminal: Floats  # ends like a sentence
    long: Floats
    sentence_words: Floats

    @staticmethod
    def of(blocks: tuple[Block, ...]) -> _Texts:
        counts = count_kinds(characters_of([block.text for block in blocks]))
        chars = np.maximum(counts.chars, 1)
        links = np.fromiter((block.link_chars for block in blocks), np.float64, len(blocks)) / chars
        terminal = np.array([_ends_sentence(block.text) for block in blocks], np.float64)
        long = ((counts.words >= _LONG_WORDS) & (links < 0.5)).astype(np.float64)
        return _Texts(counts, counts.words, links, terminal, long, counts.words * long * terminal)


_TERMINALS = tuple('.!?…。！？．؟۔।॥։"”’»」』):;：')


def _ends_sentence(text: str) -> bool:
    return text.endswith(_TERMINALS)


def _own_text(columns: Columns, texts: _Texts, blocks: tuple[Block, ...], tree: Tree) -> None:
    counts = texts.counts
    chars = np.maximum(counts.chars, 1)
    words = np.maximum(counts.words, 1)
    letters = np.maximum(counts.of(Kind.LOWER, Kind.UPPER, Kind.LETTER, Kind.IDEOGRAPH, Kind.UNSPACED), 1)
    columns.add("words", texts.words)
    columns.add("chars", counts.chars)
    columns.add("link_density", texts.links)
    columns.add("word_length", chars / words)
    columns.add("terminal", texts.terminal)
    for kind in (Kind.TERMINAL, Kind.COMMA, Kind.QUOTE, Kind.BAR, Kind.CURRENCY, Kind.AT, Kind.COLON, Kind.BRACKET):
        columns.add(f"count_{kind.name.lower()}", counts.kinds[:, kind])
    columns.add("terminal_rate", counts.kinds[:, Kind.TERMINAL] / words)
    columns.add("upper_share", counts.kinds[:, Kind.UPPER] / letters)
    columns.add("digit_share", counts.kinds[:, Kind.DIGIT] / chars)
    columns.add("caseless_share", counts.of(Kind.LETTER, Kind.IDEOGRAPH, Kind.UNSPACED) / letters)
    columns.add("other_share", counts.kinds[:, Kind.OTHER] / chars)
    first = [block.text[0] for block in blocks]
    columns.add("starts_upper", np.array([c.isupper() for c in first]))
    columns.add("starts_lower", np.array([c.islower() for c in first]))
    columns.add("ends_colon", np.array([block.text[-1] in ":：" for block in blocks]))
    columns.add("year", np.array([bool(_YEAR.search(block.text[:300])) for block in blocks]))
    columns.add("continues", np.array([block.continues for block in blocks]))
    columns.add("detached", np.array([block.detached for block in blocks]))
    seen: dict[str, int] = {}
    earlier = []
    for block in blocks:
        earlier.append(seen.get(block.text, 0))
        seen[block.text] = earlier[-1] + 1
    columns.add("same_text", np.array([seen[block.text] for block in blocks]))
    columns.add("same_text_before", np.array(earlier))
    title = set(tree.title.lower().split())
    columns.add("title_share", np.array([_overlap(title, block.text) for block in blocks]))


def _overlap(title: set[str], text: str) -> float:
    """Share of the title's words that a short text holds."""
    return len(title.intersection(text[:300].lower().split())) / len(title) if title else 0.0


def _word_scores(columns: Columns, blocks: tuple[Block, ...], scores: Scores) -> None:
    words = hash_words(characters_of([block.text[:SCORED_CHARS] for block in blocks]))
    summary = summarise(words, scores.words, len(blocks))
    for name, values in summary._asdict().items():
        columns.add(f"word_score_{name}", values)


def _position(columns: Columns, texts: _Texts, tree: Tree, owners: Ints) -> None:
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


def _page(columns: Columns, texts: _Texts, tree: Tree) -> None:
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


@dataclass(frozen=True)
class _Elements:
    """What each element's name says, handed down from its ancestors."""

    score: Floats
    least: Floats
    greatest: Floats
    decayed: Floats
    parent_score: Floats
    grandparent_score: Floats
    hidden: Floats
    distances: NDArray[np.float32]  # (elements, structure tags + keyword groups)
    depth: Ints
    parents: Ints
    named: NDArray[np.bool_]  # (elements, keyword groups): the element itself is named so
    signature: Ints  # the same number for the same tag and class

    @staticmethod
    def of(tree: Tree, scores: Scores) -> _Elements:
        names = [element_name(a) if a else "" for a in tree.attributes]
        distinct = {name: _token_score(tokens(name), scores.class_tokens) for name in set(names)}
        own = np.array([distinct[name] for name in names])
        hidden = np.array([_hidden(a) if a else 0.0 for a in tree.attributes])
        depth = np.array(tree.depths, np.int64)
        parents = _capped_parents(np.array(tree.parents, np.int64), depth)
        named = _named(names)
        distances = _direct(tree, named)
        least, greatest, decayed = own.copy(), own.copy(), own.copy()
        for level, above in _levels(depth, parents):
            least[level] = np.minimum(least[level], least[above])
            greatest[level] = np.maximum(greatest[level], greatest[above])
            decayed[level] += _DECAY * decayed[above]
            hidden[level] = np.maximum(hidden[level], hidden[above])
            distances[level] = np.minimum(distances[level], distances[above] + 1)
        np.minimum(distances, _FAR, out=distances)
        parent_score = np.where(parents >= 0, own[parents], 0.0)
        grandparent_score = np.where(parents >= 0, parent_score[parents], 0.0)
        kinds: dict[tuple[str, str], int] = {}
        signature = [kinds.setdefault(key, len(kinds)) for key in zip(tree.tags, _class_of(tree), strict=True)]
        return _Elements(
            own, least, greatest, decayed, parent_score, grandparent_score, hidden, distances, depth, parents, named,
            np.array(signature, np.int64),
        )  # fmt: skip


def element_name(attributes: Mapping[str, str]) -> str:
    """Class, id, role and itemprop in one string."""
    return " ".join([attributes[key] for key in ("class", "id", "role", "itemprop") if key in attributes])


def _class_of(tree: Tree) -> list[str]:
    return [a.get("class", "") if a else "" for a in tree.attributes]


def _hidden(attributes: Mapping[str, str]) -> float:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return 1.0
    style = attributes.get("style")
    return float(bool(style and _HIDDEN_STYLE.search(style)))


def _token_score(found: tuple[str, ...], known: Mapping[str, float]) -> float:
    """Mean of the three strongest log odds."""
    values = sorted((known[t] for t in found if t in known), key=abs)[-3:]
    return sum(values) / len(values) if values else 0.0


def _capped_parents(parents: Ints, depth: Ints) -> Ints:
    """Parents; an element deeper than _MAX_DEPTH takes the ancestor at that depth as its parent."""
    capped = parents.copy()
    for e in np.flatnonzero(depth > _MAX_DEPTH).tolist():
        if depth[parents[e]] > _MAX_DEPTH:
            capped[e] = capped[parents[e]]
    np.minimum(depth, _MAX_DEPTH + 1, out=depth)
    return capped


def _levels(depth: Ints, parents: Ints) -> list[tuple[Ints, Ints]]:
    """Elements of each depth from 1 down, with their parents."""
    order = np.argsort(depth, kind="stable")
    bounds = np.searchsorted(depth[order], np.arange(1, int(depth.max()) + 2)) if len(depth) else np.zeros(0, np.int64)
    return [(order[a:b], parents[order[a:b]]) for a, b in pairwise(bounds.tolist())]


def _named(names: list[str]) -> NDArray[np.bool_]:
    bits = {name: keyword_groups(name) for name in set(names)}
    mask = np.array([bits[name] for name in names], np.int64)
    return np.asarray((mask[:, None] >> np.arange(len(GROUPS))) & 1, np.bool_)


def _direct(tree: Tree, named: NDArray[np.bool_]) -> NDArray[np.float32]:
    """0 where the element itself is of the structure tag or keyword group, else far."""
    tags = len(STRUCTURE)
    out = np.full((len(named), tags + len(GROUPS)), _FAR, np.float32)
    column = np.array([_STRUCTURE_COLUMN.get(tag, -1) for tag in tree.tags], np.int64)
    known = np.flatnonzero(column >= 0)
    out[known, column[known]] = 0
    out[:, tags:][named] = 0
    return out


def _names(columns: Columns, elements: _Elements, owners: Ints) -> None:
    size = len(elements.score)
    columns.add("page_name_score", elements.score.mean())
    for group, count in zip(GROUPS, elements.named.sum(axis=0).tolist(), strict=True):
        columns.add(f"page_group_{group}", np.log1p(count) / np.log1p(size))
    columns.add("depth", elements.depth[owners])
    for name in ("score", "least", "greatest", "decayed", "parent_score", "grandparent_score", "hidden"):
        columns.add(f"name_{name}", getattr(elements, name)[owners])
    distances = elements.distances[owners]
    for column, name in enumerate((*STRUCTURE, *(f"group_{group}" for group in GROUPS))):
        columns.add(f"under_{name}", distances[:, column])


def _ancestors(columns: Columns, texts: _Texts, tree: Tree, owners: Ints) -> None:
    """Densities of the subtrees that hold the block, at several levels above it."""
    subtree = _Subtrees.of(texts, tree)
    parents = np.array(tree.parents, np.int64)
    total, sentences = max(1.0, texts.words.sum()), max(1.0, texts.sentence_words.sum())
    at = owners
    for level in range(max(_ANCESTOR_LEVELS) + 1):
        if level:
            at = np.where(parents[at] >= 0, parents[at], at)
        if level in _ANCESTOR_LEVELS:
            words, blocks = subtree.words[at], subtree.blocks[at]
            columns.add(f"up{level}_words", words / total)
            columns.add(f"up{level}_links", subtree.linked[at] / np.maximum(words, 1))
            columns.add(f"up{level}_blocks", blocks)
            columns.add(f"up{level}_long", subtree.long[at] / np.maximum(blocks, 1))
            columns.add(f"up{level}_sentences", subtree.sentences[at] / sentences)
            columns.add(f"up{level}_mean_words", words / np.maximum(blocks, 1))


@dataclass(frozen=True)
class _Subtrees:
    """Sums over each element's blocks."""

    words: Floats
    linked: Floats
    blocks: Floats
    long: Floats
    sentences: Floats

    @staticmethod
    def of(texts: _Texts, tree: Tree) -> _Subtrees:
        first, last = np.array(tree.first_block, np.int64), np.array(tree.last_block, np.int64)

        def over(values: Floats) -> Floats:
            sums = np.concatenate([[0.0], np.cumsum(values)])
            return np.asarray(sums[last] - sums[first])

        return _Subtrees(
            over(texts.words),
            over(texts.words * texts.links),
            (last - first).astype(np.float64),
            over(texts.long),
            over(texts.sentence_words),
        )


def _repetition(columns: Columns, texts: _Texts, elements: _Elements, owners: Ints) -> None:
    """Blocks in like elements, and in like elements under like parents: how many, how long, how linked."""
    parents = elements.parents[owners]
    own = elements.signature[owners]
    above = np.where(parents >= 0, elements.signature[parents], -1)
    further = np.where(parents >= 0, elements.parents[parents], -1)
    top = np.where(further >= 0, elements.signature[further], -1)
    size = int(elements.signature.max()) + 2
    for name, key in (
        ("alike", own),
        ("alike_pair", own * size + above),
        ("alike_path", (own * size + above) * size + top),
    ):
        _, group = np.unique(key, return_inverse=True)
        count = np.bincount(group)
        columns.add(f"{name}_share", count[group] / columns.rows)
        for what, values in (("words", texts.words), ("links", texts.links), ("terminal", texts.terminal)):
            columns.add(f"{name}_{what}", (np.bincount(group, weights=values) / count)[group])
    children = np.bincount(elements.parents[elements.parents >= 0], minlength=len(elements.parents))
    columns.add("siblings", np.where(parents >= 0, children[parents], 0))


def _container(columns: Columns, texts: _Texts, tree: Tree, owners: Ints) -> None:
    """Where the block stands to the element that holds most of the page's sentences."""
    subtree = _Subtrees.of(texts, tree)
    total = texts.sentence_words.sum()
    order = np.arange(columns.rows)
    for share in (0.5, 0.8):
        enough = subtree.sentences >= max(1.0, total * share)
        best = int(np.flatnonzero(enough)[-1]) if enough.any() else 0
        first, last = tree.first_block[best], tree.last_block[best]
        columns.add(f"main{share}_inside", (order >= first) & (order < last))
        columns.add(f"main{share}_from_start", order - first)
        columns.add(f"main{share}_to_end", last - order)
        columns.add(f"main{share}_depth", tree.depths[best])
        columns.add(f"main{share}_links", subtree.linked[best] / max(1.0, subtree.words[best]))
        columns.add(f"main{share}_words", subtree.words[best] / max(1.0, texts.words.sum()))
    sentence = np.flatnonzero(texts.sentence_words > 0)
    columns.add("after_first_sentence", order - sentence[0] if len(sentence) else -999.0)
    columns.add("to_last_sentence", sentence[-1] - order if len(sentence) else -999.0)


_ARTICLE_BODY = re.compile(r"\"(?:articleBody|reviewBody|description|text)\"\s*:\s*\"((?:[^\"\\]|\\.)*)\"")
_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|<[^>]*>|&\w+;|\W+")


def _stated_body(columns: Columns, document: Document) -> None:
    """Does the page's own description for machines repeat the block? -1 where it has none."""
    tree = document.tree
    assert tree is not None
    stated = _squeezed(" ".join(_ARTICLE_BODY.findall("\n".join(tree.json_ld)[:200_000])))
    summary = _squeezed(" ".join(tree.get(e, "content") for e in tree.all("meta") if _describes(tree, e)))
    short = [_squeezed(block.text[:60])[:30] for block in document.blocks]
    for name, text in (("body", stated), ("summary", summary)):
        found = [bool(s) and len(s) > 5 and s in text for s in short] if text else -1.0
        columns.add(f"stated_{name}", np.array(found))
    columns.add("stated_body_chars", np.log1p(len(stated)))


def _describes(tree: Tree, element: int) -> bool:
    return "description" in (tree.get(element, "name") + tree.get(element, "property")).lower()


def _squeezed(text: str) -> str:
    return _ESCAPE.sub("", text).lower()


_CONTEXT: Final = ("words", "link_density", "word_score_mean", "name_decayed")


def _neighbours(columns: Columns) -> None:
    """The same numbers of the blocks around, and means over windows."""
    rows = columns.rows
    value = dict(zip(columns.names, columns.values, strict=True))
    for name in _CONTEXT:
        padded = np.concatenate([np.full(2, -1.0), value[name], np.full(2, -1.0)])
        for offset in _NEIGHBOURS:
            columns.add(f"{name}{offset:+d}", padded[2 + offset : 2 + offset + rows])
    unlinked = value["words"] * (1 - value["link_density"])
    for name, values in (
        ("unlinked", unlinked),
        ("score", value["word_score_mean"]),
        ("terminal", value["terminal"]),
        ("name", value["name_decayed"]),
    ):
        for window in _WINDOWS:
            columns.add(f"around{window}_{name}", _window_mean(values, window))


def _window_mean(values: Floats, window: int) -> Floats:
    rows = np.arange(len(values))
    sums = np.concatenate([[0.0], np.cumsum(values)])
    first, last = np.maximum(0, rows - window), np.minimum(len(values), rows + window + 1)
    return np.asarray((sums[last] - sums[first]) / (last - first))


FeatureFunction = Callable[[Document, Scores], NDArray[np.float32]]
