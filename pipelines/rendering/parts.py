"""Groups the kept blocks into the parts of a body: headings, paragraphs, list items, table rows, quotes and code.

Every form of the body (text, Markdown, HTML, a list of blocks) is made from these parts, so all hold the same words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from cleaners.document import Block, Cleaned
from cleaners.tree import Tree
from pipelines.rendering.code import code_language, code_text
from pipelines.rendering.layout_only import layout_elements
from pipelines.rendering.places import Place, Places
from pipelines.rendering.spans import BREAK, SHOWN_IN_TEXT, Span, spans_of

PartKind = Literal["heading", "paragraph", "list_item", "table_row", "quote", "code"]


class Cell(NamedTuple):
    """One cell of a table row."""

    spans: tuple[Span, ...]
    is_header: bool = False


class Part(NamedTuple):
    """One part of a body.

    kind      the kind of part
    level     1 to 6 for a heading, the nesting depth for a list item or a quote, else 0
    spans     its text with links and emphasis; empty for code and rows
    holders   the lists, items and quotes around it as (tag, element), outermost first
    owner     the element of the code or table; -1 for other kinds
    code      the text of code, with its line breaks and indentation
    language  the language of code, if the page states it
    cells     the cells of a table row
    number    the number of an item in a numbered list, from 1
    block     index of its first block
    """

    kind: PartKind
    level: int = 0
    spans: tuple[Span, ...] = ()
    holders: tuple[tuple[str, int], ...] = ()
    owner: int = -1
    code: str = ""
    language: str | None = None
    cells: tuple[Cell, ...] = ()
    number: int = 0
    block: int = -1


class _Placed(NamedTuple):
    """A kept block with its place in the page, and its own text before anything was cut out."""

    block: Block
    place: Place
    original: str


def parts_of(cleaned: Cleaned, kept: Sequence[Block] | None = None, with_marks: bool = True) -> list[Part]:
    """The parts of the kept blocks (by default all blocks that Cleaned keeps), in reading order.

    with_marks  whether links and emphasis are wanted; without them, a page without raised signs takes less time

    A text dump has no structure, so its parts are paragraphs.
    """
    kept = cleaned.kept if kept is None else kept
    tree, blocks = cleaned.document.tree, cleaned.document.blocks
    if tree is None:
        return list(_dump_parts(kept))
    places = Places(tree)
    first = [(block, places.of(block.element)) for block in kept]
    layout = layout_elements(tree, first)
    placed = [_Placed(block, place.without(layout), blocks[block.index].text) for block, place in first]
    spans = _Spans(tree, cleaned.document.url, with_marks or any(map(tree.all, SHOWN_IN_TEXT)))
    parts: list[Part] = []
    for (kind, owner), group in groupby(placed, key=_grouping):
        members = list(group)
        if kind == "code":
            parts.append(_code(tree, owner, members))
        elif kind == "table":
            parts += _rows(tree, owner, members, spans)
        else:
            parts += _prose(members, spans)
    return parts


def _grouping(placed: _Placed) -> tuple[str, int]:
    place = placed.place
    if place.table >= 0:
        return "table", place.table
    return ("code", place.pre) if place.pre >= 0 else ("prose", -1)


def _dump_parts(kept: Sequence[Block]) -> Iterator[Part]:
    """The paragraphs of a dump. A continuing block is a piece of one line, joined by a space, or by nothing after wide
    characters."""
    text, first, last = "", -1, -2
    for block in kept:
        if text and block.continues and block.index == last + 1:
            text += ("" if text[-1] >= "\u3000" else " ") + block.text
        else:
            if text:
                yield Part("paragraph", spans=(Span(text),), block=first)
            text, first = block.text, block.index
        last = block.index
    if text:
        yield Part("paragraph", spans=(Span(text),), block=first)


class _Spans(NamedTuple):
    """Makes the spans of blocks; `split` is false if all blocks are only text."""

    tree: Tree
    url: str | None
    split: bool

    def of(self, placed: Sequence[_Placed]) -> tuple[Span, ...]:
        """The spans of several blocks, with line breaks between them."""
        spans: list[Span] = []
        for one in placed:
            if spans:
                spans.append(BREAK)
            if self.split and one.block.text == one.original:
                spans += spans_of(self.tree, one.block, self.url)
            else:  # after a cut, the runs no longer match the text
                spans.append(Span(one.block.text))
        return tuple(spans)


def _prose(members: list[_Placed], spans: _Spans) -> Iterator[Part]:
    """Paragraphs, headings, items and quotes; blocks that continue a paragraph are lines of one part."""
    for lines in _paragraphs(members):
        place = lines[0].place
        kind, level = place.kind
        yield Part(kind, level, spans.of(lines), place.holders, number=place.number, block=lines[0].block.index)


def _paragraphs(members: list[_Placed]) -> Iterator[list[_Placed]]:
    held: list[_Placed] = []
    for member in members:
        if held and member.block.continues and member.block.index == held[-1].block.index + 1:
            held.append(member)
        else:
            if held:
                yield held
            held = [member]
    if held:
        yield held


def _code(tree: Tree, owner: int, members: list[_Placed]) -> Part:
    text = code_text(tree, [(one.block, one.block.text == one.original) for one in members])
    first = members[0]
    return Part("code", 0, (), first.place.holders, owner, text, code_language(tree, owner), block=first.block.index)


def _rows(tree: Tree, owner: int, members: list[_Placed], spans: _Spans) -> Iterator[Part]:
    for _, row in groupby(members, key=lambda one: one.place.row):
        blocks = list(row)
        cells = tuple(
            Cell(spans.of(list(group)), cell >= 0 and tree.tags[cell] == "th")
            for cell, group in groupby(blocks, key=lambda one: one.place.cell)
        )
        first = blocks[0]
        yield Part("table_row", 0, (), first.place.holders, owner, cells=cells, block=first.block.index)
