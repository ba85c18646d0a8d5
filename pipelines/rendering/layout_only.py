"""Finds tables, lists and quotes that only serve a page's layout."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from cleaners.document import Block
from cleaners.tree import Tree
from pipelines.rendering.places import Place

# A cell with more characters than that holds passages of text, and a row of such cells would be one long line.
_CELL_CHARS: Final = 600
# An item with more blocks than that is a post, or a teaser of another page.
_ITEM_BLOCKS: Final = 3
# A quote of at least this many blocks that holds more than half of the body is the body itself, indented.
_QUOTE_BLOCKS: Final = 10

Placed = tuple[Block, Place]


def layout_elements(tree: Tree, placed: Sequence[Placed]) -> frozenset[int]:
    """The tables, lists, items and quotes around the kept blocks that are only there for the layout."""
    return frozenset((*_layout_tables(tree, placed), *_layout_lists(placed), *_layout_quotes(placed)))


def _layout_tables(tree: Tree, placed: Sequence[Placed]) -> Iterator[int]:
    """Tables with a single column of kept text, with passages or headings in their cells, or with a layout role."""
    tables: dict[int, list[Placed]] = defaultdict(list)
    for block, place in placed:
        if place.table >= 0:
            tables[place.table].append((block, place))
    for table, members in tables.items():
        cells: Counter[int] = Counter()
        for block, place in members:
            cells[place.cell] += len(block.text)
        columns = Counter(row for row, _ in {(place.row, place.cell) for _, place in members})
        if (
            max(columns.values()) < 2
            or max(cells.values()) > _CELL_CHARS
            or any(place.heading or place.pre >= 0 for _, place in members)
            or tree.get(table, "role") in ("presentation", "none")
        ):
            yield table


def _layout_lists(placed: Sequence[Placed]) -> Iterator[int]:
    """Lists of which at least half the items are not real items, with their items."""
    lists = {item: holder for _, place in placed for holder, item in _items(place)}
    sizes = Counter(lists.values())
    others = Counter(lists[item] for item in _no_items(placed))
    for item, holder in lists.items():
        if 2 * others[holder] >= sizes[holder]:
            yield from (item, holder)


def _items(place: Place) -> list[tuple[int, int]]:
    """The items around a place, each after its list; outermost first."""
    pairs = zip(place.holders, place.holders[1:], strict=False)
    return [(holder, item) for (_, holder), (tag, item) in pairs if tag == "li"]


def _no_items(placed: Sequence[Placed]) -> set[int]:
    """Items that hold a heading or many blocks: posts, or teasers of other pages."""
    blocks: Counter[int] = Counter()
    found: set[int] = set()
    for block, place in placed:
        items = _items(place)
        if items and not block.continues:
            blocks[items[-1][1]] += 1
        if place.heading:
            found.update(item for _, item in items)
    return found | {item for item, count in blocks.items() if count > _ITEM_BLOCKS}


def _layout_quotes(placed: Sequence[Placed]) -> Iterator[int]:
    blocks: Counter[int] = Counter()
    chars: Counter[int] = Counter()
    for block, place in placed:
        for tag, element in place.holders:
            if tag == "blockquote":
                blocks[element] += 1
                chars[element] += len(block.text)
    whole = sum(len(block.text) for block, _ in placed)
    yield from (e for e, count in blocks.items() if count >= _QUOTE_BLOCKS and chars[e] > whole / 2)
