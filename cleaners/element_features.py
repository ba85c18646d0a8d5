"""Features of the elements above a block: what their names say, and how far above they stand.

Values handed down from ancestors are filled level by level, so that Python's part does not grow with the page's depth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.class_names import GROUPS, hides, keyword_groups, tokens
from cleaners.feature_columns import Columns, Floats, Ints
from cleaners.tree import Tree

# Elements whose distance above a block is a feature.
STRUCTURE: Final = tuple(
    """nav aside footer header article main section figure figcaption table td li ul form button pre h2 p a div
    noscript""".split()
)
_STRUCTURE_COLUMN = {tag: column for column, tag in enumerate(STRUCTURE)}
_FAR: Final = 50.0  # a distance that says: no such ancestor
_MAX_DEPTH: Final = 120  # deeper elements take what the ancestor at this depth hands down
_DECAY: Final = 0.8
_STRONGEST: Final = 3  # tokens of a name that decide its score


@dataclass(frozen=True)
class Elements:
    """What the name of each element that holds a block says, handed down from its ancestors.

    Elements without a block (images, parts of drawings, empty frames) say nothing of any block: half of a page's
    elements, left out. `rows` maps an element of the Tree to its row here.
    """

    rows: Ints
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
    def of(tree: Tree, class_tokens: Mapping[str, float]) -> Elements:
        """Read every element's name once, and hand down what descendants need."""
        held = np.flatnonzero(np.array(tree.last_block) > np.array(tree.first_block))
        rows = np.full(len(tree.tags) + 1, -1, np.int64)  # the last one answers for -1, the parent of the root
        rows[held] = np.arange(len(held))
        chosen = held.tolist()
        attributes = [tree.attributes[e] for e in chosen]
        tags = [tree.tags[e] for e in chosen]
        names = [element_name(a) if a else "" for a in attributes]
        words = {name: tokens(name) for name in set(names)}
        distinct = {name: _token_score(found, class_tokens) for name, found in words.items()}
        own = np.array([distinct[name] for name in names])
        depth = np.array(tree.depths)[held]
        parents = _capped_parents(rows[np.array(tree.parents)[held]], depth)
        named = _named(names, words)
        distances = _direct(tags, named)
        # Extremes are handed down together, as maxima: of -score, score and hidden.
        extremes = np.stack([-own, own, [_hidden(a) if a else 0.0 for a in attributes]], axis=1)
        decayed = own.copy()
        for level, above in _levels(depth, parents):
            extremes[level] = np.maximum(extremes[level], extremes[above])
            decayed[level] += _DECAY * decayed[above]
            distances[level] = np.minimum(distances[level], distances[above] + 1)
        np.minimum(distances, _FAR, out=distances)
        least, greatest, hidden = -extremes[:, 0], extremes[:, 1], extremes[:, 2]
        parent_score = np.where(parents >= 0, own[parents], 0.0)
        grandparent_score = np.where(parents >= 0, parent_score[parents], 0.0)
        kinds: dict[tuple[str, str | None], int] = {}
        keys = [(tag, a.get("class") if a else None) for tag, a in zip(tags, attributes, strict=True)]
        signature = np.array([kinds.setdefault(key, len(kinds)) for key in keys], np.int64)
        return Elements(
            rows, own, least, greatest, decayed, parent_score, grandparent_score, hidden, distances, depth, parents,
            named, signature,
        )  # fmt: skip


def element_name(attributes: Mapping[str, str]) -> str:
    """Class, id, role and itemprop in one string."""
    name = attributes.get("class") or ""
    for key in ("id", "role", "itemprop"):
        if key in attributes:
            name = f"{name} {attributes[key]}"
    return name


def _hidden(attributes: Mapping[str, str]) -> float:
    if "hidden" in attributes or ("aria-hidden" in attributes and attributes["aria-hidden"] == "true"):
        return 1.0
    return float("style" in attributes and hides(attributes["style"]))


def _token_score(found: tuple[str, ...], known: Mapping[str, float]) -> float:
    """Mean of the three strongest log odds."""
    values = [known[token] for token in found if token in known]
    if len(values) > _STRONGEST:
        values = sorted(values, key=abs)[-_STRONGEST:]
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


def _named(names: list[str], words: Mapping[str, tuple[str, ...]]) -> NDArray[np.bool_]:
    bits = {name: reduce(or_, map(keyword_groups, found), 0) for name, found in words.items()}
    mask = np.array([bits[name] for name in names], np.int64)
    return np.asarray((mask[:, None] >> np.arange(len(GROUPS))) & 1, np.bool_)


def _direct(tags: list[str], named: NDArray[np.bool_]) -> NDArray[np.float32]:
    """0 where the element itself is of the structure tag or keyword group, else far."""
    structure = len(STRUCTURE)
    out = np.full((len(named), structure + len(GROUPS)), _FAR, np.float32)
    column = np.array([_STRUCTURE_COLUMN.get(tag, -1) for tag in tags], np.int64)
    known = np.flatnonzero(column >= 0)
    out[known, column[known]] = 0
    out[:, structure:][named] = 0
    return out


def names(columns: Columns, elements: Elements, owners: Ints) -> None:
    """What the elements above each block are called, and how many of the page's are called so."""
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
