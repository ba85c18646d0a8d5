"""Features of the elements above a block: what their names say, and how far above it they are.

What ancestors hand down is taken from the parent, then from two, four, eight levels above: few steps however deep the
page.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.features.columns import Columns, Holders
from cleaners.features.name_odds import NameOdds
from cleaners.parsing.class_names import GROUPS, NAME_CHARS, hides
from cleaners.tree import Tree, ints
from cleaners.words.array_types import Floats, Ints

# Elements whose distance above a block is a feature.
STRUCTURE: Final = tuple("nav aside footer article main figure figcaption table td li ul form h2 p div".split())
_STRUCTURE_COLUMN: Final = {tag: column for column, tag in enumerate(STRUCTURE)}
# Keyword groups whose distance above a block is a feature too. For the other groups, the number of elements is one.
_UNDER_GROUPS: Final = ("navigation", "footer", "comments", "prompt", "meta", "article", "product", "forum")
_UNDER_NAMES: Final = tuple(f"under_{name}" for name in (*STRUCTURE, *(f"group_{group}" for group in _UNDER_GROUPS)))
_UNDER_COLUMNS: Final = np.array([GROUPS.index(group) for group in _UNDER_GROUPS])
_PAGE_NAMES: Final = tuple(f"page_group_{group}" for group in GROUPS)
_GROUP_BITS: Final = np.arange(len(GROUPS))
_FAR: Final = 50  # the distance if there is no such ancestor
_MAX_DEPTH: Final = 120  # deeper elements inherit from the ancestor at this depth
_DECAY: Final = 0.8
_FURTHER: Final = ("id", "role", "itemprop")  # what names an element besides its class
_TELLING: Final = frozenset((*_FURTHER, "hidden", "aria-hidden", "style"))  # the attributes read besides the class

_NUMBER = re.compile(r"[\d_-]+")

Distances = NDArray[np.uint8]
# A kind of element: tag, class, and the rest of the name. A page has few kinds.
Likeness = tuple[str, str | None, str]


@dataclass(frozen=True)
class Elements:
    """For each element that holds a block, what its own name and its ancestors' names say. One row for each holder."""

    score: Floats
    least: Floats
    greatest: Floats
    decayed: Floats
    parent_score: Floats
    grandparent_score: Floats
    hidden: Floats
    distances: Distances  # (elements, structure tags + keyword groups)
    depth: Ints
    parents: Ints  # rows of Holders, -1 for the root's
    group_sizes: Ints  # elements named so, for each keyword group
    signature: Ints  # the same number for the same tag and class
    form: Ints  # the same number for the same tag and first class, but for digits: comment-12 and comment-13 are alike

    @staticmethod
    def of(tree: Tree, holders: Holders, odds: NameOdds) -> Elements:
        """Read every element's name once, and hand down what descendants need."""
        kinds, kind, hidden = _kinds(tree, holders)
        said = [odds[f"{label or ''}{further}"] for _, label, further in kinds]
        own = np.array([score for score, _ in said]).take(kind)
        named = (np.array([groups for _, groups in said])[:, None] >> _GROUP_BITS & 1).astype(np.uint8)
        depth, parents = _capped(holders)
        above = np.where(parents >= 0, parents, len(parents))
        extremes, distances = _handed_down(
            np.array([-own, own, hidden]).T,
            _direct(kinds, named[:, _UNDER_COLUMNS]).take(kind, axis=0),
            above,
            int(depth.max()),
        )
        parent_score = _of_parent(own, above)
        return Elements(
            score=own,
            least=-extremes[:, 0],
            greatest=extremes[:, 1],
            decayed=_decayed(own, parents),
            parent_score=parent_score,
            grandparent_score=_of_parent(parent_score, above),
            hidden=extremes[:, 2],
            distances=distances,
            depth=depth,
            parents=parents,
            group_sizes=np.bincount(kind) @ named,
            signature=_signatures(kinds).take(kind),
            form=_forms(kinds).take(kind),
        )


def _kinds(tree: Tree, holders: Holders) -> tuple[list[Likeness], Ints, Floats]:
    """The kinds of elements, and for each element the number of its kind and whether its attributes hide it."""
    numbers: defaultdict[Likeness, int] = defaultdict(count().__next__)
    tags, attributes = tree.tags, tree.attributes
    hidden = np.zeros(len(holders.elements))
    kind: list[int] = []
    add = kind.append
    for row, e in enumerate(holders.elements):
        at = attributes[e]
        if not at:
            add(numbers[tags[e], None, ""])
            continue
        label = at.get("class")
        if (label is not None and len(at) == 1) or _TELLING.isdisjoint(at):
            add(numbers[tags[e], label, ""])
        else:
            add(numbers[tags[e], label, _further(at)])
            hidden[row] = _is_hidden(at)
    return list(numbers), ints(kind), hidden


def _signatures(kinds: Sequence[Likeness]) -> Ints:
    """For each kind a number for its tag and class alone."""
    numbers: defaultdict[tuple[str, str | None], int] = defaultdict(count().__next__)
    return np.array([numbers[tag, label] for tag, label, _ in kinds], np.int64)


def _forms(kinds: Sequence[Likeness]) -> Ints:
    """For each kind a number for its tag and its first class without digits, hyphens and underscores."""
    numbers: defaultdict[tuple[str, str], int] = defaultdict(count().__next__)
    return np.array([numbers[tag, _form_of(label or "")] for tag, label, _ in kinds], np.int64)


def _form_of(label: str) -> str:
    first = next(iter(label[:NAME_CHARS].split(None, 1)), "")
    return _NUMBER.sub("", first).lower()


def element_name(attributes: Mapping[str, str]) -> str:
    """Class, id, role and itemprop in one string."""
    return (attributes.get("class") or "") + _further(attributes)


def _further(attributes: Mapping[str, str]) -> str:
    further = ""
    for key in _FURTHER:
        if key in attributes:
            further = f"{further} {attributes[key]}"
    return further


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    return "style" in attributes and hides(attributes["style"])


def _capped(holders: Holders) -> tuple[Ints, Ints]:
    """Depths and parents; an element deeper than _MAX_DEPTH takes the ancestor at that depth as its parent."""
    depth, parents = holders.depths, holders.parents
    deep = np.flatnonzero(depth > _MAX_DEPTH).tolist()
    if not deep:
        return depth, parents
    capped = parents.copy()
    for e in deep:
        if depth[parents[e]] > _MAX_DEPTH:
            capped[e] = capped[parents[e]]
    return np.minimum(depth, _MAX_DEPTH + 1), capped


def _direct(kinds: Sequence[Likeness], named: NDArray[np.uint8]) -> Distances:
    """Distance 0 if elements of the kind have the structure tag or keyword themselves, else far."""
    other = len(STRUCTURE)
    tags = np.full((len(kinds), other + 1), _FAR, np.uint8)
    columns = [_STRUCTURE_COLUMN.get(tag, other) for tag, _, _ in kinds]
    tags[np.arange(len(kinds)), columns] = 0
    return np.concatenate([tags[:, :other], _FAR * (1 - named)], axis=1)


def _handed_down(extremes: Floats, distances: Distances, above: Ints, deepest: int) -> tuple[Floats, Distances]:
    """For each element, the greatest value among itself and its ancestors, and the least distance to each.

    `above` has the parent's row, or one past the last where there is none.
    """
    root = len(above)
    extremes = np.concatenate([extremes, np.full((1, extremes.shape[1]), -np.inf)])
    distances = np.concatenate([distances, np.full((1, distances.shape[1]), _FAR, np.uint8)])
    above = np.concatenate([above, [root]])
    step = 1
    while step <= deepest:
        np.maximum(extremes, extremes.take(above, axis=0), out=extremes)
        if step < _FAR:
            np.minimum(distances, distances.take(above, axis=0) + np.uint8(step), out=distances)
        above = above.take(above)
        step *= 2
    return extremes[:root], distances[:root]


def _decayed(own: Floats, parents: Ints) -> Floats:
    """The element's score plus its ancestors', which count for less with each level."""
    out = [0.0]  # the parent of the root's
    add = out.append
    for score, parent in zip(own.tolist(), (parents + 1).tolist(), strict=True):
        add(score + _DECAY * out[parent])
    return np.array(out[1:])


def _of_parent(values: Floats, above: Ints) -> Floats:
    return np.concatenate([values, [0.0]]).take(above)


def names(columns: Columns, elements: Elements, rows: Ints) -> None:
    """Add what the elements above each block are called, and how many elements of the page are called the same."""
    size = len(elements.score)
    columns.add("page_name_score", elements.score.sum() / size)
    columns.add_all(_PAGE_NAMES, (np.log1p(elements.group_sizes) / np.log1p(size))[:, None])
    columns.add("depth", elements.depth.take(rows))
    for name in ("score", "least", "greatest", "decayed", "parent_score", "grandparent_score", "hidden"):
        columns.add(f"name_{name}", getattr(elements, name).take(rows))
    columns.add_all(_UNDER_NAMES, elements.distances.take(rows, axis=0).T)
