"""Questions that cleaners ask of the marks made before them."""

from __future__ import annotations

from collections.abc import Iterable

from cleaners.document import Mark


def dropped_blocks(marks: Iterable[Mark]) -> set[int]:
    """Indices of the blocks whose last drop or keep mark is a drop."""
    last = {mark.block: mark.action for mark in marks if mark.action in ("drop", "keep")}
    return {block for block, action in last.items() if action == "drop"}


def hinted_reasons(marks: Iterable[Mark]) -> dict[int, Mark]:
    """For each block the first hint, which names the reason if something later drops the block."""
    hints: dict[int, Mark] = {}
    for mark in marks:
        if mark.action == "hint":
            hints.setdefault(mark.block, mark)
    return hints
