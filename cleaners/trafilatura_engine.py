"""trafilatura as an extraction engine: its output is aligned with the Blocks, since it explains nothing itself."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from cleaners.document import Document, Mark, Verdict
from cleaners.marks import dropped_blocks, hinted_reasons
from cleaners.options import CleanOptions

_WORD = re.compile(r"\w+")
# A block is held to be extracted when at least this share of its words is found, in order, in the extraction.
_ALIGNED_SHARE = 0.5
# How many words of the extraction are searched for the next word of a block before it counts as missing.
_WINDOW = 400


def extracted_shares(document: Document) -> list[float] | None:
    """For each block the share of its words that trafilatura extracted; None where trafilatura found nothing."""
    from trafilatura import extract  # half a second to import: paid only by those who ask for it

    try:
        text = extract(document.decoded.text, url=document.url, include_comments=False, favor_precision=False)
    except Exception:  # a third party's code on hostile input: whatever it raises, it has no opinion
        return None
    return _aligned(document, _words(text)) if text else None


def mark_outside_extraction(document: Document, marks: Sequence[Mark], options: CleanOptions) -> Verdict:
    """Drop every block that trafilatura leaves out of its extraction."""
    if options.engine != "trafilatura":
        return Verdict()
    shares = extracted_shares(document)
    if shares is None:
        shares = [0.0] * len(document.blocks)
    dropped, hints = dropped_blocks(marks), hinted_reasons(marks)
    outside = [i for i, share in enumerate(shares) if share < _ALIGNED_SHARE and i not in dropped]
    return Verdict([_outside(i, shares[i], hints.get(i)) for i in outside], engine="trafilatura")


def _outside(block: int, share: float, hint: Mark | None) -> Mark:
    evidence = f"trafilatura extracted {share:.0%} of the block"
    if hint is None:
        return Mark(block, "drop", "outside_extracted_body", evidence)
    return Mark(block, "drop", hint.reason, f"{hint.evidence}; {evidence}")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _aligned(document: Document, extracted: list[str]) -> list[float]:
    """Greedy alignment in reading order: a block whose words run on from where the last one ended is extracted."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(extracted):
        places.setdefault(word, []).append(place)
    shares: list[float] = []
    cursor = 0
    for block in document.blocks:
        found, reached = _matched(_words(block.text), places, cursor)
        share = sum(found) / max(1, len(found))
        if share >= _ALIGNED_SHARE and _contiguous(found, reached - cursor):
            cursor = reached
        else:
            share = 0.0
        shares.append(share)
    return shares


def _matched(words: list[str], places: dict[str, list[int]], cursor: int) -> tuple[list[bool], int]:
    at = cursor
    found: list[bool] = []
    for word in words:
        options = places.get(word, ())
        k = bisect_right(options, at - 1)
        hit = k < len(options) and options[k] - at < _WINDOW
        found.append(hit)
        if hit:
            at = options[k] + 1
    return found, at


def _contiguous(found: list[bool], spread: int) -> bool:
    """Words scattered over far more of the extraction than they fill were matched by chance."""
    return spread <= 3 * list(accumulate(found))[-1] + 30 if found else False
