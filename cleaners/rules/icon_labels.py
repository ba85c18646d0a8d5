"""The cleaner for glued icon labels in a dump: it drops blocks that are nothing else, and cuts passages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cleaners.document import Block, CleanerResult, Document, Mark
from cleaners.options import CleanOptions
from cleaners.rules.label_patterns import label_spans_of
from cleaners.rules.label_words import Span

REASON = "icon_labels"
_BAR = re.compile(r"\s*[|·•]\s+")


def mark_glued_labels(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
    """Drop the blocks that are icon labels, and cut such labels out of the others."""
    found = label_spans_of([block.text for block in document.blocks])
    labelled = [(block, spans) for block, spans in zip(document.blocks, found, strict=True) if spans]
    return CleanerResult([mark for block, spans in labelled for mark in _marks(block, spans)])


def _marks(block: Block, spans: Sequence[Span]) -> Iterator[Mark]:
    if not _outside(block.text, [(span.start, span.end) for span in spans]):
        yield Mark(block.index, "drop", REASON, spans[0].evidence)
        return
    for span in spans:
        end = _behind_bar(block.text, span.end) if span.start == 0 else span.end
        yield Mark(block.index, "cut", REASON, span.evidence, span.start, end)


def _behind_bar(text: str, end: int) -> int:
    """The place after the bar that separates leading labels from the text."""
    bar = _BAR.match(text, end)
    return bar.end() if bar else end


def _outside(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Letters and digits of the text outside the spans."""
    kept = [*text]
    for start, end in spans:
        kept[start:end] = [" "] * (end - start)
    return "".join(character for character in kept if character.isalnum())
