"""The parts of a body as CommonMark with pipe tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from cleaners.document import Block, Cleaned
from pipelines.rendering.joints import Nested, in_one_list, in_one_quote, nested, quotes_of
from pipelines.rendering.parts import Part, parts_of
from pipelines.rendering.raised import raised
from pipelines.rendering.spans import InlineMark, Span, folded

_MARKS: Final = {"strong": "**", "em": "*", "del": "~~"}
# Characters that mean something in running text (https://spec.commonmark.org/0.31.2/#backslash-escapes).
_SPECIAL: Final = re.compile(r"([\\`*\[\]<]|&(?=[#\w])|~(?=~)|(?<!\w)_|_(?!\w))")
_LINE_START: Final = re.compile(r"^(?:(#{1,6}(?:\s|$)|>|[-+](?:\s|$)|=+\s*$|-+\s*$|~{3})|(\d{1,9})([.)](?:\s|$)))")
_BREAK: Final = "\\\n"
_TICKS: Final = re.compile("`+")


def to_markdown(cleaned: Cleaned, kept: Sequence[Block] | None = None) -> str:
    """The kept blocks (by default all that Cleaned keeps) as Markdown."""
    return as_markdown(parts_of(cleaned, kept))


def as_markdown(parts: Sequence[Part]) -> str:
    """The parts as Markdown; a dump, which has no structure, gives its paragraphs."""
    done: list[str] = []
    before: Part | None = None
    for (is_row, _), group in groupby(nested(parts), key=lambda one: (one.part.kind == "table_row", one.part.owner)):
        members = list(group)
        for one in members[:1] if is_row else members:
            text = _table([row.part for row in members]) if is_row else _element(one.part)
            if before is not None:
                done.append(_joint(before, one))
            done.append(_placed(one, text))
            before = one.part
    return "".join(done)


def _joint(before: Part, one: Nested) -> str:
    if one.opens and in_one_list(before, one.part):
        return "\n"
    return "\n>\n" if in_one_quote(before, one.part) else "\n\n"


def _placed(one: Nested, text: str) -> str:
    """The text behind the signs of its item, its quotes, and the items around it."""
    space = "    " * one.indent
    if one.opens:
        sign = f"{one.part.number}. " if one.part.number else "- "
        text = space + sign + text.replace("\n", f"\n{space}    ")
    elif space:
        text = space + text.replace("\n", f"\n{space}")
    quoted = "> " * len(quotes_of(one.part))
    return quoted + text.replace("\n", f"\n{quoted}") if quoted else text


def _element(part: Part) -> str:
    if part.kind == "code":
        return _fenced(part)
    text = _inline(part.spans)
    if part.kind == "heading":
        return "#" * part.level + " " + text.replace(_BREAK, " ")
    return "\n".join(_LINE_START.sub(_escaped_start, line) for line in text.split("\n"))


def _escaped_start(hit: re.Match[str]) -> str:
    return f"\\{hit[1]}" if hit[1] else f"{hit[2]}\\{hit[3]}"


def _fenced(part: Part) -> str:
    longest = max(map(len, _TICKS.findall(part.code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{part.language or ''}\n{part.code}\n{fence}"


def _table(rows: Sequence[Part]) -> str:
    """A pipe table; its first row is the header, which Markdown always has."""
    cells = [[_cell(cell.spans) for cell in row.cells] for row in rows]
    width = max(map(len, cells))
    drawn = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in cells]
    return "\n".join([drawn[0], "|" + " --- |" * width, *drawn[1:]])


def _cell(spans: Sequence[Span]) -> str:
    return _inline(spans).replace(_BREAK, " ").replace("|", "\\|")


def _inline(spans: Sequence[Span]) -> str:
    return folded(spans, _leaf, _wrapped).strip()


def _leaf(span: Span) -> str:
    if any(mark.meaning == "code" for mark in span.marks):
        return span.text
    return _BREAK if span.text == "\n" else _SPECIAL.sub(r"\\\1", span.text)


def _wrapped(mark: InlineMark, text: str, before: str) -> str:
    """A mark around its text; white space at the ends stays outside, where Markdown needs it."""
    inner = text.strip()
    if not inner:
        return text
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return lead + _signed(mark, inner, before + lead) + tail


def _signed(mark: InlineMark, text: str, before: str) -> str:
    match mark.meaning:
        case "a":
            return f"[{text}]({_target(mark.href or '')})"
        case "code":
            return _code_span(text)
        case "q":
            return f"\u201c{text}\u201d"
        case "sub" | "sup":
            # Signs that mark a raised word are no emphasis.
            return raised(text, mark.meaning, before).replace("_", "\\_")
    sign = _MARKS[mark.meaning]
    return text if text.startswith(sign) or before.endswith(sign) else f"{sign}{text}{sign}"


def _code_span(text: str) -> str:
    ticks = "`" * (1 + max(map(len, _TICKS.findall(text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def _target(address: str) -> str:
    return address.replace(" ", "%20").replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")
