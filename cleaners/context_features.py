"""Features of a block's surroundings: subtrees, like blocks, the main container, and neighbours."""

from __future__ import annotations

from typing import Final

import numpy as np

from cleaners.element_features import Elements
from cleaners.feature_columns import BlockTexts, Columns, Ints, Subtrees, window_mean
from cleaners.tree import Tree

_ANCESTOR_LEVELS: Final = (0, 1, 2, 3, 4, 6, 8)
_NEIGHBOURS: Final = (-1, 1)
_WINDOWS: Final = (3, 10, 25)


def ancestors(columns: Columns, texts: BlockTexts, subtree: Subtrees, tree: Tree, owners: Ints) -> None:
    """Densities of the subtrees that hold the block, at several levels above it."""
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


def repetition(columns: Columns, texts: BlockTexts, elements: Elements, owners: Ints) -> None:
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


def container(columns: Columns, texts: BlockTexts, subtree: Subtrees, tree: Tree) -> None:
    """Where the block stands to the element that holds most of the page's sentences."""
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


_CONTEXT: Final = ("words", "link_density", "word_score_mean", "name_decayed")


def neighbours(columns: Columns) -> None:
    """The same numbers of the blocks around, and means over windows."""
    rows = columns.rows
    value = {name: columns.column(name) for name in {*_CONTEXT, "terminal"}}
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
            columns.add(f"around{window}_{name}", window_mean(values, window))
