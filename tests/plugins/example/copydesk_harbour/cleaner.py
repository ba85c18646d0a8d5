"""A cleaner: lines of the tide table that the paper prints into every article."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaners.document import CleanerResult, Document, Mark
from cleaners.options import Cleaner, CleanOptions

_TIDE = re.compile(r"(?:High|Low) water \d{1,2}:\d\d")


def mark_tide_lines(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
    """Drop every block that begins like a line of the tide table."""
    return CleanerResult(
        [
            Mark(block.index, "drop", "tide_table", f"begins with {hit[0]!r}")
            for block in document.blocks
            if (hit := _TIDE.match(block.text))
        ]
    )


TIDE_TABLE = Cleaner("tide table", ("html", "text"), mark_tide_lines)
