"""Reads the text of a block as spans with links and emphasis, and writes spans as plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from cleaners.document import Block
from cleaners.tree import Tree
from cleaners.words.scripts import one_line
from pipelines.rendering.raised import raised

_SCHEMES: Final = ("http", "https", "mailto")
# The meaning of inline elements; several elements mean the same.
_MEANINGS: Final = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "code": "code", "kbd": "code", "samp": "code",
    "tt": "code", "del": "del", "s": "del", "strike": "del", "sub": "sub", "sup": "sup", "q": "q", "a": "a",
}  # fmt: skip


SHOWN_IN_TEXT: Final = ("sub", "sup", "q")
"""Inline elements that plain text shows, too."""


class InlineMark(NamedTuple):
    """One inline element around a span: what it means, its element, and the absolute address of a link."""

    meaning: str
    element: int
    href: str | None = None


class Span(NamedTuple):
    """A run of text and the marks around it, outermost first."""

    text: str
    marks: tuple[InlineMark, ...] = ()


BREAK: Final = Span("\n")
"""A line break inside a part."""


def spans_of(tree: Tree, block: Block, base: str | None) -> tuple[Span, ...]:
    """The spans of a block, white space collapsed over all of them."""
    spans: list[Span] = []
    spaced = True  # whether the text so far ends with white space
    for element, runs in groupby(block.runs, key=lambda run: tree.run_element[run]):
        text = "".join([tree.run_text[run] for run in runs])
        words = one_line(text)
        if not words:
            words = "" if spaced else " "
        else:
            words = ("" if spaced or not text[0].isspace() else " ") + words + (" " if text[-1].isspace() else "")
        if words:
            spans.append(Span(words, _marks(tree, element, block.element, base)))
            spaced = words[-1] == " "
    if spans and spaced:
        spans[-1] = spans[-1]._replace(text=spans[-1].text.rstrip(" "))
    return tuple(span for span in spans if span.text)


def _marks(tree: Tree, element: int, owner: int, base: str | None) -> tuple[InlineMark, ...]:
    found: list[InlineMark] = []
    for e in tree.ancestors(element):
        if e == owner:
            break
        meaning = _MEANINGS.get(tree.tags[e])
        if not meaning or any(mark.meaning == meaning for mark in found):
            continue
        href = safe_link(tree.get(e, "href"), base) if meaning == "a" else None
        if meaning != "a" or href:
            found.append(InlineMark(meaning, e, href))
    return tuple(reversed(found))


def safe_link(href: str, base: str | None) -> str | None:
    """The absolute address of a link; None if it leads nowhere or to a script.

    >>> safe_link("/tides", "https://example.org/news/")
    'https://example.org/tides'
    >>> safe_link(" java\\nscript:alert(1)", None)
    """
    try:
        target = urljoin(base or "", "".join(href.split("\n")).strip()) if href.strip() else ""
        parts = urlsplit(target)
    except ValueError:
        return None
    if parts.scheme not in _SCHEMES or (parts.scheme != "mailto" and not parts.netloc):
        return None
    return "".join(c for c in target if c.isprintable())


def folded(
    spans: Sequence[Span], leaf: Callable[[Span], str], wrap: Callable[[InlineMark, str, str], str], depth: int = 0
) -> str:
    """The spans as one text: `leaf` writes a span, `wrap` a mark around its text, given the text before."""
    done = ""
    for mark, group in groupby(spans, key=lambda span: span.marks[depth] if len(span.marks) > depth else None):
        if mark is None:
            done += "".join(map(leaf, group))
        else:
            done += wrap(mark, folded(tuple(group), leaf, wrap, depth + 1), done)
    return done


def plain_text(spans: Sequence[Span]) -> str:
    """The spans as plain text: raised and lowered signs as such, short quotes in quotation marks."""
    if not any(span.marks for span in spans):
        return "".join([span.text for span in spans])
    return folded(spans, lambda span: span.text, _plain)


def _plain(mark: InlineMark, text: str, before: str) -> str:
    if mark.meaning in ("sub", "sup"):
        return raised(text, mark.meaning, before)
    return f"\u201c{text}\u201d" if mark.meaning == "q" else text
