"""The layout of a site, learned from corrected pages: how often elements like a block's held body text there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaners.document import Document, Mark
from cleaners.tree import Tree
from cleaners.words.addresses import host_name

REASON: Final = "site_layout"
LEVELS: Final = 4
"""Elements of a path: a block's own, and those around it."""
Layout = Mapping[str, Sequence[float]]
"""For each path, how many votes of the site's corrected pages say that it holds body, and how many that it does not."""

# Votes added to either side, so that one page decides nothing alone (0.2 and 0.5 do equally well on held-out pages;
# with the smaller one, a few pages that agree overrule the classifier).
_UNCAST: Final = 0.2
_NAME_CHARS: Final = 100
_DIGITS: Final = re.compile(r"\d+")
_LEAST_ODDS: Final = 1e-4


def layout_of(document: Document, about: Mapping[str, Any]) -> Layout:
    """The layout that a model (see its `about`) learned for a document's site; empty if it learned none."""
    layouts: Mapping[str, Layout] = about.get("layouts", {})
    return layouts.get(host_name(document.url), {}) if layouts and document.tree is not None else {}


def paths_of(tree: Tree, element: int) -> list[str]:
    """The paths from an element up to LEVELS elements around it, shortest first, without the numbers in class names."""
    paths: list[str] = []
    path = ""
    while element >= 0 and len(paths) < LEVELS:
        attributes = tree.attributes[element]
        name = (attributes.get("class") or "")[:_NAME_CHARS] if attributes else ""
        path += f"<{tree.tags[element]}.{_DIGITS.sub('', name)}"
        paths.append(path)
        element = tree.parents[element]
    return paths


def apply_layout(
    document: Document, probabilities: NDArray[np.float64], layout: Layout
) -> tuple[NDArray[np.float64], list[Mark]]:
    """Probabilities with a layout's log odds added, and hints for the blocks that corrected pages leave out.

    Each block takes the votes of the longest of its paths that the layout knows.
    """
    odds = np.log(np.maximum(probabilities, _LEAST_ODDS) / np.maximum(1 - probabilities, _LEAST_ODDS))
    hints: list[Mark] = []
    assert document.tree is not None  # only pages with markup have a layout
    for block in document.blocks:
        known = [path for path in paths_of(document.tree, block.element) if path in layout]
        if known:
            inside, outside = layout[known[-1]]
            odds[block.index] += np.log((inside + _UNCAST) / (outside + _UNCAST))
            if inside < outside:
                evidence = f"body in {inside:g} of {inside + outside:g} like it on corrected pages of this site"
                hints.append(Mark(block.index, "hint", REASON, evidence))
    return 1 / (1 + np.exp(-odds)), hints
