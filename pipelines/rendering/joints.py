"""Decides how two successive parts of a body belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipelines.rendering.parts import Part
from pipelines.rendering.places import LISTS


class Around(NamedTuple):
    """A quote or list item around a part: its element, and its number in a numbered list, else 0."""

    tag: str
    element: int
    number: int = 0


class Nested(NamedTuple):
    """A part with the quotes and items around it.

    around  the quotes and items, outermost first; an item without text of its own is not written
    opened  the index in `around` of the item that begins with this part, else -1
    """

    part: Part
    around: tuple[Around, ...]
    opened: int

    @property
    def opens(self) -> bool:
        """Whether an item begins with this part."""
        return self.opened >= 0

    @property
    def indent(self) -> int:
        """How many items hold this part, not counting the one that begins with it."""
        return sum(one.tag == "li" for one in self.around) - self.opens

    @property
    def quotes(self) -> tuple[Around, ...]:
        """The quotes around this part, outermost first."""
        return tuple(one for one in self.around if one.tag == "blockquote")


def nested(parts: Sequence[Part]) -> Iterator[Nested]:
    """Each part with its place in quotes and lists."""
    written: dict[int, int] = {}
    before: Part | None = None
    for part in parts:
        if not part.holders:  # most parts, and all of a dump
            yield Nested(part, (), -1)
            before = part
            continue
        if before is None or not in_one_list(before, part):
            written.clear()
        innermost = next((element for tag, element in reversed(part.holders) if tag == "li"), -1)
        begins = innermost >= 0 and innermost not in written
        if begins:
            written[innermost] = part.number
        around = tuple(
            Around(tag, element, written.get(element, 0))
            for tag, element in part.holders
            if tag == "blockquote" or element in written
        )
        yield Nested(part, around, [one.element for one in around].index(innermost) if begins else -1)
        before = part


def in_one_list(one: Part, other: Part) -> bool:
    """Whether one list holds both parts, directly or in lists inside it."""
    return _outermost_list(one) == _outermost_list(other) >= 0


def in_one_table(one: Part, other: Part) -> bool:
    """Whether both parts are rows of one table."""
    return one.kind == other.kind == "table_row" and one.owner == other.owner


def _outermost_list(part: Part) -> int:
    return next((element for tag, element in part.holders if tag in LISTS), -1)
