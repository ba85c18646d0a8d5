"""trafilatura as an extraction engine: its output is aligned with the Blocks, since it explains nothing itself."""

from __future__ import annotations

from collections.abc import Sequence

from cleaners.document import CleanerResult, Document, Mark, dropped_blocks, hinted_reasons
from cleaners.options import CleanOptions
from cleaners.words.alignment import aligned_shares

# A block counts as extracted if at least this share of its words is found, in order, in the extraction.
_ALIGNED_SHARE = 0.5


def extracted_shares(document: Document) -> list[float] | None:
    """For each block the share of its words that trafilatura extracted; None where trafilatura found nothing."""
    from trafilatura import extract  # takes half a second to import, so only runs that use it import it

    try:
        text = extract(document.decoded.text, url=document.url, include_comments=False, favor_precision=False)
    except Exception:  # third-party code on hostile input: any error counts as no opinion
        return None
    return aligned_shares([block.text for block in document.blocks], text)[0].tolist() if text else None


def mark_outside_extraction(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
    """Drop every block that trafilatura leaves out of its extraction."""
    if options.engine != "trafilatura":
        return CleanerResult()
    shares = extracted_shares(document)
    if shares is None:
        shares = [0.0] * len(document.blocks)
    dropped, hints = dropped_blocks(marks), hinted_reasons(marks)
    outside = [i for i, share in enumerate(shares) if share < _ALIGNED_SHARE and i not in dropped]
    return CleanerResult([_outside(i, shares[i], hints.get(i)) for i in outside], engine="trafilatura")


def _outside(block: int, share: float, hint: Mark | None) -> Mark:
    evidence = f"trafilatura extracted {share:.0%} of the block"
    if hint is None:
        return Mark(block, "drop", "outside_extracted_body", evidence)
    return Mark(block, "drop", hint.reason, f"{hint.evidence}; {evidence}")
