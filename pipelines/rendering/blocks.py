"""Renders the parts of a body as a list of blocks for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from pipelines.rendering.parts import Part
from pipelines.rendering.spans import InlineMark, Span, plain_text
from pipelines.rendering.text import text_of


class PartLink(NamedTuple):
    """A link of a block: its text, and its absolute address."""

    text: str
    url: str


class PlainBlock(NamedTuple):
    """One part as plain values: its kind, its level, its text, and the links in it."""

    kind: str
    level: int
    text: str
    links: tuple[PartLink, ...]


def as_blocks(
    parts: Sequence[Part], tidy: Callable[[str], str] = str, tidy_code: Callable[[str], str] = str
) -> list[PlainBlock]:
    """One block for each part, in reading order; parts without text are left out."""
    made = (
        PlainBlock(
            part.kind,
            part.level,
            (tidy_code if part.kind == "code" else tidy)(text_of(part)),
            tuple(PartLink(tidy(link.text), tidy(link.url)) for link in _links(part)),
        )
        for part in parts
    )
    return [block for block in made if block.text]


def _links(part: Part) -> Iterator[PartLink]:
    spans = [span for cell in part.cells for span in cell.spans] if part.cells else part.spans
    for link, group in groupby(spans, key=_link_of):
        if link is not None and link.href:
            yield PartLink(plain_text(tuple(group)).strip(), link.href)


def _link_of(span: Span) -> InlineMark | None:
    return next((mark for mark in span.marks if mark.meaning == "a"), None)
