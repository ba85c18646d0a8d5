"""Drops the lines that a site repeats across its documents, if the caller gives a memory of the site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from cleaners.document import CleanerResult, Document, Mark, dropped_blocks
from cleaners.options import CleanOptions
from cleaners.site_memory import SiteMemory, site_of

# How many documents of a site must hold a line, and what share of them. Measured on the 58 domains of
# wcxb and news421 with three pages or more (230 pages): with both, and with repeated neighbours, 35 % of the junk
# words are found; 0.6 % of the body's words are taken, most of them the rows that product pages share.
MIN_DOCUMENTS: Final = 3
MIN_SHARE: Final = 0.5
REASON: Final = "repeated_on_site"


def mark_repeated(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
    """Drop what the site repeats, if a memory of it is given."""
    memory = options.site_memory
    if memory is None or not document.blocks:
        return CleanerResult()
    gone = dropped_blocks(marks)
    return CleanerResult([mark for mark in _repeats(document, memory) if mark.block not in gone])


def _repeats(document: Document, memory: SiteMemory) -> Iterator[Mark]:
    site = site_of(document)
    seen = memory.documents(site)
    if seen < MIN_DOCUMENTS:
        return
    counts = memory.line_counts([block.text for block in document.blocks], site)
    often = (counts >= MIN_DOCUMENTS) & (counts >= seen * MIN_SHARE)
    # A heading or refrain that a site's articles share is between lines of one article only; a menu's lines are not.
    beside = np.concatenate([[True], often[:-1]]) & np.concatenate([often[1:], [True]])
    for i in np.flatnonzero(often & beside).tolist():
        yield Mark(
            i, "drop", REASON, f"on {min(int(counts[i]), seen)} of {seen} documents of {site or 'this collection'}"
        )
