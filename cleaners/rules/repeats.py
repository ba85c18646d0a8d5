"""What the page says twice is body once: quotes of an earlier post, copies for small screens, carousels.

Measured out of fold on 1,892 development pages: F1 on wcxb 0.8887 without, 0.8911 with (forums 0.843 and 0.855,
products 0.686 and 0.693), on news421 0.9259 and 0.9258.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from cleaners.document import Block, CleanerResult, Document, Mark, dropped_blocks
from cleaners.options import CleanOptions

# Shorter blocks repeat by chance, as labels and headings do (1, 3, 6 and 12 words were measured; 6 gained most).
_WORDS: Final = 6
# Where a repeated line is meant: cells of a table, code, verses.
_MEANT: Final = frozenset({"td", "th", "pre", "code"})


def drop_repeats(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
    """Drop a kept block that says word for word what an earlier kept block says."""
    tree = document.tree
    if tree is None:
        return CleanerResult()
    times = Counter([block.text for block in document.blocks])
    again = {text for text, count in times.items() if count > 1 and text.count(" ") >= _WORDS - 1}
    repeated = [block for block in document.blocks if block.text in again] if again else []
    gone = dropped_blocks(marks) if again else set()
    first: dict[str, int] = {}
    found: list[Mark] = []
    for block in repeated:
        if block.index in gone or tree.tags[block.element] in _MEANT or _is_line_of_verse(block, document.blocks):
            continue
        earlier = first.setdefault(block.text, block.index)
        if earlier != block.index:
            found.append(Mark(block.index, "drop", "repeated_on_page", f"word for word block {earlier}"))
    return CleanerResult(found)


def _is_line_of_verse(block: Block, blocks: Sequence[Block]) -> bool:
    """A line that a <br> parts from the one before or after: a refrain comes again."""
    return block.continues or any(after.continues for after in blocks[block.index + 1 : block.index + 2])
