"""How two parts of a body that follow each other belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipelines.rendering.parts import Part
from pipelines.rendering.places import LISTS


class Nested(NamedTuple):
    """A part with its place among the items of lists that are written.

    indent  how many written items hold it; an item without text of its own is not written
    opens   whether an item begins with it
    """

    part: Part
    indent: int
    opens: bool


def nested(parts: Sequence[Part]) -> Iterator[Nested]:
    """Each part with its place in lists."""
    written: set[int] = set()
    before: Part | None = None
    for part in parts:
        if before is None or not in_one_list(before, part):
            written.clear()
        items = [element for tag, element in part.holders if tag == "li"]
        opens = bool(items) and items[-1] not in written
        yield Nested(part, sum(item in written for item in items), opens)
        written.update(items[-1:])
        before = part


def in_one_list(one: Part, other: Part) -> bool:
    """Whether one list holds two parts, in itself or in lists within it."""
    return _outermost_list(one) == _outermost_list(other) >= 0


def in_one_table(one: Part, other: Part) -> bool:
    """Whether two parts are rows of one table."""
    return one.kind == other.kind == "table_row" and one.owner == other.owner


def in_one_quote(one: Part, other: Part) -> bool:
    """Whether one quote holds two parts."""
    return quotes_of(one)[:1] == quotes_of(other)[:1] != []


def quotes_of(part: Part) -> list[int]:
    """The elements of the quotes around a part, outermost first."""
    return [element for tag, element in part.holders if tag == "blockquote"]


def _outermost_list(part: Part) -> int:
    return next((element for tag, element in part.holders if tag in LISTS), -1)
