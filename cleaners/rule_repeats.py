"""What the page says twice is body once: quotes of an earlier post, copies for small screens, carousels.

Measured out of fold on 1,892 development pages: F1 on wcxb 0.8887 without, 0.8911 with (forums 0.843 and 0.855,
products 0.686 and 0.693), on news421 0.9259 and 0.9258.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from cleaners.document import Block, Document, Mark, Verdict
from cleaners.marks import dropped_blocks
from cleaners.options import CleanOptions
from cleaners.tree import Tree

# Shorter blocks repeat by chance, as labels and headings do (1, 3, 6 and 12 words were measured; 6 gained most).
_WORDS: Final = 6
# Where a repeated line is meant: cells of a table, code, verses.
_MEANT: Final = frozenset({"td", "th", "pre", "code"})


def drop_repeats(document: Document, marks: Sequence[Mark], options: CleanOptions) -> Verdict:
    """Drop a kept block that says word for word what an earlier kept block says."""
    tree = document.tree
    if tree is None:
        return Verdict()
    times = Counter([block.text for block in document.blocks])
    repeated = [block for block in document.blocks if times[block.text] > 1 and _is_long(block, tree)]
    if not repeated:
        return Verdict()
    gone, verses = dropped_blocks(marks), _lines_of_verse(document.blocks)
    first: dict[str, int] = {}
    found: list[Mark] = []
    for block in repeated:
        if block.index in gone or block.index in verses:
            continue
        earlier = first.setdefault(block.text, block.index)
        if earlier != block.index:
            found.append(Mark(block.index, "drop", "repeated_on_page", f"word for word block {earlier}"))
    return Verdict(found)


def _is_long(block: Block, tree: Tree) -> bool:
    return block.text.count(" ") >= _WORDS - 1 and tree.tags[block.element] not in _MEANT


def _lines_of_verse(blocks: Sequence[Block]) -> set[int]:
    """Lines that a <br> parts from the one before or after: a refrain comes again."""
    lines = {block.index for block in blocks if block.continues}
    return lines | {index - 1 for index in lines}
