"""Writes the text of a part as Markdown: links, emphasis, code, and escapes for signs with another meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipelines.rendering.emphasis import begins_with, closed, opened, with_signs
from pipelines.rendering.raised import raised
from pipelines.rendering.spans import InlineMark, Span, folded

BREAK: Final = "\\\n"
"""A line break inside a paragraph."""

_MARKS: Final = {"strong": "**", "em": "*", "del": "~~"}
_AROUND_CODE: Final = frozenset((*_MARKS, "a"))
# Characters that mean something in running text (https://spec.commonmark.org/0.31.2/#backslash-escapes).
_SPECIAL: Final = re.compile(r"([\\`*\[\]<]|&(?=[#\w])|~(?=~)|!$|(?<!\w)_|_(?!\w))")
_TICKS: Final = re.compile("`+")
# Characters in the address of a link that would end it, or be read as code or as an entity.
_IN_ADDRESS: Final = str.maketrans(
    {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C", "`": "%60"}
)
_ENTITY: Final = re.compile(r"&(?=#?\w+;)")


def ticks_in(text: str) -> int:
    """The length of the longest run of backticks in a text; the signs around code must be longer."""
    return max(map(len, _TICKS.findall(text)), default=0)


def inline(spans: Sequence[Span]) -> str:
    """The spans as Markdown, with BREAK for a line break."""
    return with_signs(folded([_with_code_inside(span) for span in spans], _leaf, _wrapped)).strip()


def _with_code_inside(span: Span) -> Span:
    """The span with links and emphasis around its code: within code they would be read as text.

    Successive code elements become one, because the signs between them would be read as text too.
    """
    if not any(mark.meaning == "code" for mark in span.marks):
        return span
    around = [mark for mark in span.marks if mark.meaning in _AROUND_CODE]
    inside = [mark for mark in span.marks if mark.meaning not in ("code", *_AROUND_CODE)]
    return Span(span.text, (*around, InlineMark("code", -1), *inside))


def _leaf(span: Span) -> str:
    if any(mark.meaning == "code" for mark in span.marks):
        return span.text
    return BREAK if span.text == "\n" else _SPECIAL.sub(r"\\\1", span.text)


def _wrapped(mark: InlineMark, text: str, before: str) -> str:
    """A mark around its text; white space at the ends stays outside, as Markdown requires."""
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
            return raised(text, mark.meaning, before)
    sign = _MARKS[mark.meaning]
    is_signed = begins_with(text, sign) or before.endswith(sign)
    return text if is_signed else opened(sign) + text + closed(sign)


def _code_span(text: str) -> str:
    ticks = "`" * (ticks_in(text) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def _target(address: str) -> str:
    return _ENTITY.sub("&amp;", address.translate(_IN_ADDRESS))
