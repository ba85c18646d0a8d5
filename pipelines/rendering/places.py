"""Finds the structure around a block (lists, quotes, tables, headings, code) that decides its form in the body."""

from __future__ import annotations

from collections.abc import Set
from typing import Final, Literal, NamedTuple

from cleaners.tree import Tree

LISTS: Final = frozenset(("ul", "ol", "menu", "dir"))
# The most lists, items and quotes inside one another; deeper ones count as this deep. Each place lists all those around
# it, so thousands would cost seconds.
_MOST_HOLDERS: Final = 100
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}


class Place(NamedTuple):
    """The structure around an element: indices of elements, -1 if there is none.

    pre, table, row, cell  the innermost ones
    heading                the level of the heading that it is in, or 0
    holders                lists, items and quotes as (tag, element), outermost first
    number                 the number of the innermost item in its numbered list, from 1; 0 in other lists
    """

    pre: int = -1
    table: int = -1
    row: int = -1
    cell: int = -1
    heading: int = 0
    holders: tuple[tuple[str, int], ...] = ()
    number: int = 0

    @property
    def kind(self) -> tuple[Literal["heading", "list_item", "quote", "paragraph"], int]:
        """The kind of a block of text at this place, with its level: its depth in headings, lists or quotes."""
        if self.heading:
            return "heading", self.heading
        if self.holders:
            if self.holders[-1][0] == "blockquote":
                return "quote", sum(tag == "blockquote" for tag, _ in self.holders)
            if self.holders[-1][0] == "li":
                return "list_item", sum(tag == "li" for tag, _ in self.holders)
        return "paragraph", 0

    def without(self, layout: Set[int]) -> Place:
        """The place without the elements that only serve the layout."""
        if not layout:
            return self
        place = self
        if self.table in layout:
            place = place._replace(table=-1, row=-1, cell=-1)
        if any(element in layout for _, element in self.holders):
            held = tuple(pair for pair in self.holders if pair[1] not in layout)
            place = place._replace(holders=held, number=self.number if held[-1:] == self.holders[-1:] else 0)
        return place


class Places:
    """Places of a page's elements; each is computed once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._known: dict[int, Place] = {-1: Place()}
        self._counted: dict[int, int] = {}  # items seen so far of each numbered list, for `number`

    def of(self, element: int) -> Place:
        """The place of an element and of the text directly in it."""
        path: list[int] = []
        while element not in self._known:
            path.append(element)
            element = self._tree.parents[element]
        place = self._known[element]
        for inner in reversed(path):
            place = self._known[inner] = self._below(place, inner)
        return place

    def _below(self, place: Place, element: int) -> Place:
        tag = self._tree.tags[element]
        if tag == "pre":
            return place if place.pre >= 0 else place._replace(pre=element)
        if tag == "table":
            return place._replace(table=element, row=-1, cell=-1)
        if tag == "tr":
            return place._replace(row=element, cell=-1) if place.table >= 0 else place
        if tag in ("td", "th"):
            return place._replace(cell=element) if place.table >= 0 else place
        if tag in _HEADINGS:
            return place._replace(heading=_HEADINGS[tag])
        if len(place.holders) >= _MOST_HOLDERS:
            return place
        if tag == "blockquote" or tag in LISTS:
            return place._replace(holders=(*place.holders, (tag, element)))
        if tag == "li":
            return self._item(place, element)
        return place

    def _item(self, place: Place, element: int) -> Place:
        """The place in an item. If the item is in no list, its parent counts as the list."""
        holders = place.holders
        if not holders or holders[-1][0] not in LISTS:
            holders += (("ul", self._tree.parents[element]),)
        return place._replace(holders=(*holders, ("li", element)), number=self._number(element))

    def _number(self, item: int) -> int:
        tree = self._tree
        holder = tree.parents[item]
        if holder < 0 or tree.tags[holder] != "ol":
            return 0
        if item not in self._counted:
            start = tree.get(holder, "start")
            first = int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1
            items = (
                e for e in range(holder + 1, tree.ends[holder]) if tree.tags[e] == "li" and tree.parents[e] == holder
            )
            self._counted.update((e, number) for number, e in enumerate(items, first))
        return self._counted[item]
