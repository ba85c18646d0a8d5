"""Bounds how deep a page's elements are nested, as browsers do, so that looking at an element's ancestors stays cheap.

Pages are nested this deep by tags that are never closed: the elements follow each other, and the markup only looks
nested. Of 4,511 reference pages one is deeper than 140 elements (853, unclosed `span`s). Chromium's limit is 512.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from cleaners.document import Block
from cleaners.tree import Tree

MAX_DEPTH: Final = 256
"""The most elements around an element."""
_KEPT_DEPTH: Final = 128  # the depth at which the next element begins


def with_bounded_depth(tree: Tree, blocks: tuple[Block, ...]) -> tuple[Tree, tuple[Block, ...]]:
    """The tree and its blocks as if an element that is nested too deep had closed all but the outer elements around it.

    Elements, runs and blocks stay the same, in the same order; only where elements end changes. Linear in their number.
    """
    if not tree.tags or tree.depths.max() <= MAX_DEPTH:
        return tree, blocks
    bounded = replace(
        tree, parents=[], ends=tree.ends[:], last_block=tree.last_block[:], last_run=tree.last_run[:], run_element=[]
    )
    around: list[int] = []
    for element in range(len(tree.tags)):
        while around and bounded.ends[around[-1]] <= element:
            around.pop()
        if len(around) > MAX_DEPTH:
            _close(bounded, around[_KEPT_DEPTH:], element)
            del around[_KEPT_DEPTH:]
        bounded.parents.append(around[-1] if around else -1)
        around.append(element)
    bounded.run_element += [_open_at(bounded, run, e, bounded.last_run) for run, e in enumerate(tree.run_element)]
    moved = (b._replace(element=_open_at(bounded, b.index, b.element, bounded.last_block)) for b in blocks)
    return bounded, tuple(moved)


def _close(tree: Tree, elements: list[int], before: int) -> None:
    """End elements where another one starts."""
    for element in elements:
        tree.ends[element] = before
        tree.last_block[element] = tree.first_block[before]
        tree.last_run[element] = tree.first_run[before]


def _open_at(tree: Tree, place: int, element: int, ends: list[int]) -> int:
    """The element, or the innermost one around it, that has not ended at a run or block."""
    while element >= 0 and place >= ends[element]:
        element = tree.parents[element]
    return element
