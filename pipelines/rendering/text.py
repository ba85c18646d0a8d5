"""Renders the parts of a body as plain text that keeps its form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from pipelines.rendering.joints import Nested, in_one_list, in_one_table, nested
from pipelines.rendering.parts import Part
from pipelines.rendering.spans import plain_text

CELL_JOINT: Final = " | "
"""The separator between the cells of a table row in plain text."""


def as_text(parts: Sequence[Part], tidy: Callable[[str], str] = str, tidy_code: Callable[[str], str] = str) -> str:
    """Paragraphs separated by a blank line; items and table rows on lines of their own; quotes after "> ".

    tidy       is applied to the text of each part except code
    tidy_code  is applied to code, which keeps its line breaks and indentation
    """
    done: list[str] = []
    before: Part | None = None
    for one in nested(parts):
        text = (tidy_code if one.part.kind == "code" else tidy)(text_of(one.part))
        if text:
            if before is not None:
                done.append("\n" if _is_tight(before, one) else "\n\n")
            done.append(_marked(one, text))
            before = one.part
    return "".join(done)


def text_of(part: Part) -> str:
    """The text of one part without any sign before it; CELL_JOINT separates the cells of a row."""
    if part.kind == "code":
        return part.code
    if part.kind == "table_row":
        return CELL_JOINT.join([plain_text(cell.spans).replace("\n", " ") for cell in part.cells])
    return plain_text(part.spans)


def _is_tight(before: Part, one: Nested) -> bool:
    """Whether no blank line separates two parts: an item after an item, a row after a row."""
    is_item = before.kind == one.part.kind == "list_item" and in_one_list(before, one.part)
    return is_item or in_one_table(before, one.part)


def _marked(one: Nested, text: str) -> str:
    if not one.part.holders:
        return text
    if one.part.kind == "list_item":
        space = "  " * (one.indent if one.opens else one.indent - 1)
        text = space + ("- " if one.opens else "  ") + text.replace("\n", f"\n{space}  ")
    quoted = "> " * len(one.quotes)
    return quoted + text.replace("\n", f"\n{quoted}") if quoted else text
