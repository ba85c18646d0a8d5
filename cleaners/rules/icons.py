"""The cleaner for icon labels in markup: it applies the patterns for dumps to blocks that hold a suspect word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cleaners.document import CleanerResult, Document, Mark
from cleaners.options import CleanOptions
from cleaners.rules.icon_labels import mark_glued_labels

# In markup most labels are blocks of their own. Only these signs justify a closer look: a glyph's name, or a repeated
# word for icons.
_RETURNS = 4
# Elements in which names with underscores are ordinary text.
_CODE = frozenset({"pre", "textarea"})


def mark_icon_labels(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
    """Drop the blocks that are icon labels or glyph names, and cut such labels out of the others."""
    tags = document.tree.tags if document.tree else []
    suspects = tuple(b for b in document.blocks if _is_suspect(b.text) and not (tags and tags[b.element] in _CODE))
    if not suspects:
        return CleanerResult()
    return mark_glued_labels(replace(document, blocks=suspects), marks, options)


def _is_suspect(text: str) -> bool:
    return "_" in text or (("ico" in text or "Ico" in text) and text.lower().count("ico") >= _RETURNS)
