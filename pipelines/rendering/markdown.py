"""Renders the parts of a body as CommonMark with pipe tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, takewhile
from typing import Final

from pipelines.rendering.joints import Around, Nested, in_one_list, nested
from pipelines.rendering.markdown_words import BREAK, inline, ticks_in
from pipelines.rendering.parts import Part
from pipelines.rendering.spans import Span

# What begins a heading, a quote, a list, the line under a heading or above a table, or code.
_LINE_START: Final = re.compile(
    r"^(?:(#{1,6}(?:\s|$)|>|[-+](?:\s|$)|=+\s*$|[|:-][|:\s-]*$|~{3})|(\d{1,9})([.)](?:\s|$)))"
)
_HEADING_END: Final = re.compile(r"(?<!\S)(?=#+$)")
# The text of an item is indented by so much at least: readers of other Markdown than CommonMark want four spaces.
_INDENT: Final = 4


def as_markdown(parts: Sequence[Part]) -> str:
    """The parts as Markdown; a dump has no structure, so its parts are paragraphs."""
    done: list[str] = []
    before: Nested | None = None
    for (is_row, _), group in groupby(nested(parts), key=lambda one: (one.part.kind == "table_row", one.part.owner)):
        members = list(group)
        for one in members[:1] if is_row else members:
            text = _table([row.part for row in members]) if is_row else _element(one.part)
            if before is not None:
                done.append(_joint(before, one))
            done.append(_placed(one, text))
            before = one
    return "".join(done)


def _joint(before: Nested, one: Nested) -> str:
    if _is_next_line(before, one):
        return "\n"
    common = takewhile(lambda pair: pair[0] == pair[1], zip(before.around, one.around, strict=False))
    return f"\n{_margin([around for around, _ in common]).rstrip()}\n"


def _is_next_line(before: Nested, one: Nested) -> bool:
    """Whether an item follows what is before it without a blank line.

    A number other than 1 right under a paragraph would be read as a word of that paragraph.
    """
    if not one.opens or not in_one_list(before.part, one.part) or before.quotes != one.quotes:
        return False
    return one.part.number < 2 or before.around != one.around[: one.opened]


def _placed(one: Nested, text: str) -> str:
    """The text with the signs of its item and its quotes, indented by the items around it."""
    margin = _margin(one.around)
    if not one.opens:
        return margin + text.replace("\n", f"\n{margin}")
    outside, inside = one.around[: one.opened], one.around[one.opened + 1 :]
    sign = _sign(one.around[one.opened])
    first = _margin(outside) + sign + _margin(inside)
    if one.part.kind == "code":  # its lines are indented as the fence is
        margin = _margin(outside) + " " * len(sign) + _margin(inside)
    return first + text.replace("\n", f"\n{margin}")


def _margin(around: Sequence[Around]) -> str:
    """The signs and spaces before a line inside quotes and items."""
    return "".join("> " if one.tag == "blockquote" else " " * max(_INDENT, len(_sign(one))) for one in around)


def _sign(item: Around) -> str:
    return f"{item.number}. " if item.number else "- "


def _element(part: Part) -> str:
    if part.kind == "code":
        return _fenced(part)
    text = inline(part.spans)
    if part.kind == "heading":
        return "#" * part.level + " " + _HEADING_END.sub(r"\\", text.replace(BREAK, " "))
    return "\n".join(_LINE_START.sub(_escaped_start, line) for line in text.split("\n"))


def _escaped_start(hit: re.Match[str]) -> str:
    return f"\\{hit[1]}" if hit[1] else f"{hit[2]}\\{hit[3]}"


def _fenced(part: Part) -> str:
    fence = "`" * max(3, ticks_in(part.code) + 1)
    return f"{fence}{part.language or ''}\n{part.code}\n{fence}"


def _table(rows: Sequence[Part]) -> str:
    """A pipe table; its first row is the header, which Markdown always has."""
    cells = [[_cell(cell.spans) for cell in row.cells] for row in rows]
    width = max(map(len, cells))
    drawn = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in cells]
    return "\n".join([drawn[0], "|" + " --- |" * width, *drawn[1:]])


def _cell(spans: Sequence[Span]) -> str:
    return inline(spans).replace(BREAK, " ").replace("|", "\\|")
