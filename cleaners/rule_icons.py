"""Icon labels in markup: the patterns of cleaners.glued, where a page has words that such labels are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cleaners.document import Document, Mark, Verdict
from cleaners.options import CleanOptions
from cleaners.text_labels import mark_glued_labels

# In markup most labels come as blocks of their own; only these signs make a closer look worth its time.
_SIGNS = ("_", "ico", "Ico", "svg", "glyph", "sprite")


def mark_icon_labels(document: Document, marks: Sequence[Mark], options: CleanOptions) -> Verdict:
    """Drop the blocks that are icon labels or glyph names, and cut such labels out of the others."""
    suspects = tuple(block for block in document.blocks if any(sign in block.text for sign in _SIGNS))
    if not suspects:
        return Verdict()
    return mark_glued_labels(replace(document, blocks=suspects), marks, options)
