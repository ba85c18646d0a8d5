"""Renders the parts of a body as HTML: a few semantic elements, links that lead to pages, and nothing that runs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Final, NamedTuple

from pipelines.rendering.parts import Part
from pipelines.rendering.spans import InlineMark, Span, folded

_TAGS: Final = {"ul": "ul", "ol": "ol", "menu": "ul", "dir": "ul", "li": "li", "blockquote": "blockquote"}

Holder = tuple[str, int]


class Figure(NamedTuple):
    """A picture of the body: the block that it is in or before, its http(s) address, alternative text, caption."""

    block: int
    url: str
    alt: str = ""
    caption: str = ""


def as_html(parts: Sequence[Part], figures: Sequence[Figure] = ()) -> str:
    """The parts as HTML, one element a line. Each figure comes before the first part that begins at its block or later.

    A figure inside a list, a quote or a table moves before or after it. The only attributes are `href`, `src`, `alt`,
    `start` and the language of code. The HTML is safe inside another page: all text is escaped, and links are
    http, https or mailto.
    """
    figures = sorted(figures, key=lambda figure: figure.block)
    blocks = [figure.block for figure in figures]
    lines: list[str] = []
    open_holders: tuple[Holder, ...] = ()
    shown = 0
    for (holders, _, _), group in groupby(parts, lambda part: _place_of(part, blocks)):
        members = list(group)
        kept = _shared(open_holders, holders)
        lines += [f"</{_TAGS[tag]}>" for tag, _ in reversed(open_holders[kept:])]
        if not kept:
            due = max(shown, bisect_right(blocks, members[0].block))
            lines += map(_figure, figures[shown:due])
            shown = due
        lines += [_opened(tag, members[0]) for tag, _ in holders[kept:]]
        if members[0].kind == "list_item" and len(holders) > kept:  # an item begins here
            lines[-1] += _inline(members.pop(0).spans)
        lines += _table(members) if members and members[0].kind == "table_row" else map(_element, members)
        open_holders = holders
    lines += [f"</{_TAGS[tag]}>" for tag, _ in reversed(open_holders)]
    lines += map(_figure, figures[shown:])
    return "\n".join(lines)


def _place_of(part: Part, figures: Sequence[int]) -> tuple[tuple[Holder, ...], int, int]:
    """What is the same for parts that are written together: holders, owner, and how many figures come before.

    figures  the blocks of the figures, ascending; none comes inside a list, a quote, a table or code
    """
    is_inside = part.holders or part.owner >= 0
    return part.holders, part.owner, 0 if is_inside else bisect_right(figures, part.block)


def _shared(one: tuple[Holder, ...], other: tuple[Holder, ...]) -> int:
    """How many holders two parts share, counted from the outermost."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _opened(tag: str, part: Part) -> str:
    begins_later = tag == "ol" and part.number > 1 and part.holders[-2:-1] and part.holders[-2][0] == "ol"
    return f'<ol start="{part.number}">' if begins_later else f"<{_TAGS[tag]}>"


def _figure(figure: Figure) -> str:
    caption = f"<figcaption>{escape(figure.caption, quote=False)}</figcaption>" if figure.caption else ""
    return f'<figure><img src="{escape(figure.url)}" alt="{escape(figure.alt)}">{caption}</figure>'


def _element(part: Part) -> str:
    if part.kind == "code":
        language = f' class="language-{escape(part.language)}"' if part.language else ""
        return f"<pre><code{language}>{escape(part.code, quote=False)}</code></pre>"
    tag = f"h{part.level}" if part.kind == "heading" else "p"
    return f"<{tag}>{_inline(part.spans)}</{tag}>"


def _table(rows: Sequence[Part]) -> list[str]:
    lines = ["<table>"]
    for row in rows:
        cells = ((("th" if cell.is_header else "td"), _inline(cell.spans)) for cell in row.cells)
        lines.append("<tr>" + "".join(f"<{tag}>{text}</{tag}>" for tag, text in cells) + "</tr>")
    return [*lines, "</table>"]


def _inline(spans: Sequence[Span]) -> str:
    return folded(spans, lambda span: escape(span.text, quote=False).replace("\n", "<br>"), _wrapped)


def _wrapped(mark: InlineMark, text: str, before: str) -> str:
    if mark.meaning == "a":
        return f'<a href="{escape(mark.href or "")}">{text}</a>'
    return f"<{mark.meaning}>{text}</{mark.meaning}>"
