"""The kept blocks as Markdown: headings, lists, tables, quotes, code, links and emphasis, from the same tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from cleaners.document import Block, Cleaned
from cleaners.tree import Tree

_HEADINGS: Final = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_EMPHASIS: Final = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "kbd": "`", "samp": "`", "del": "~~"}
_LISTS: Final = ("ul", "ol", "menu", "dir")
# Characters that mean something in running text (https://spec.commonmark.org/0.31.2/#backslash-escapes).
_SPECIAL = re.compile(r"([\\`*\[\]<])")
_LINE_START = re.compile(r"^(#{1,6}\s|>|[-+]\s|\d+[.)]\s)")
_LINK_SCHEMES: Final = ("http", "https", "mailto")


class _Line(NamedTuple):
    """One rendered block: what it belongs to (a table row, a list, a quote, code) and its text."""

    kind: str
    owner: int
    text: str


def to_markdown(cleaned: Cleaned, kept: Sequence[Block] | None = None) -> str:
    """The kept blocks (by default all that Cleaned keeps) as CommonMark with pipe tables.

    A dump, which has no structure, gives its paragraphs.
    """
    kept = cleaned.kept if kept is None else kept
    tree = cleaned.document.tree
    if tree is None:
        return "\n\n".join(_escaped(block.text) for block in kept)
    lines = [_line(tree, block, cleaned) for block in kept]
    parts = [
        _JOINED.get(kind, _paragraphs)(list(group), tree) for kind, group in groupby(lines, key=lambda line: line.kind)
    ]
    return "\n\n".join(part for part in parts if part)


def _line(tree: Tree, block: Block, cleaned: Cleaned) -> _Line:
    path = list(tree.ancestors(block.element))
    tags = [tree.tags[e] for e in path]
    if "pre" in tags:
        return _Line("pre", path[tags.index("pre")], _raw(tree, block))
    text = _inline(tree, block, cleaned)
    row = next((e for e, tag in zip(path, tags, strict=True) if tag == "tr"), -1)
    if row >= 0 and "table" in tags:
        return _Line("table", block.element, text.replace("|", "\\|"))
    heading = next((_HEADINGS[tag] for tag in tags if tag in _HEADINGS), "")
    if heading:
        return _Line("text", block.element, heading + text)
    if "li" in tags:
        return _Line("list", path[tags.index("li")], _item(tree, path, tags, text))
    quote = "> " if "blockquote" in tags else ""
    return _Line("quote" if quote else "text", block.element, quote + _LINE_START.sub(r"\\\1", text))


def _item(tree: Tree, path: list[int], tags: list[str], text: str) -> str:
    depth = sum(tag in _LISTS for tag in tags)
    item = path[tags.index("li")]
    ordered = next((tag for tag in tags if tag in _LISTS), "ul") == "ol"
    number = sum(
        tree.tags[e] == "li" and tree.parents[e] == tree.parents[item] for e in range(tree.parents[item], item)
    )
    return "    " * max(0, depth - 1) + (f"{number + 1}. " if ordered else "- ") + text


def _inline(tree: Tree, block: Block, cleaned: Cleaned) -> str:
    original = cleaned.document.blocks[block.index]
    if block.text != original.text:  # something was cut out: runs no longer match the text
        return _escaped(block.text)
    pieces: list[str] = []
    for wrappers, runs in groupby(block.runs, key=lambda run: _wrappers(tree, tree.run_element[run], block.element)):
        text = "".join(tree.run_text[run] for run in runs)
        pieces.append(_wrapped(text, wrappers, tree, cleaned.document.url))
    return " ".join("".join(pieces).split())


def _wrappers(tree: Tree, element: int, owner: int) -> tuple[int, ...]:
    """Links and emphasis between a run and its block, innermost first."""
    found: list[int] = []
    for e in tree.ancestors(element):
        if e == owner:
            break
        if tree.tags[e] in _EMPHASIS or (tree.tags[e] == "a" and tree.get(e, "href")):
            found.append(e)
    return tuple(found)


def _wrapped(text: str, wrappers: tuple[int, ...], tree: Tree, base: str | None) -> str:
    inner = text.strip()
    if not inner or not wrappers:
        return _escaped(text)
    code = any(_EMPHASIS.get(tree.tags[e]) == "`" for e in wrappers)
    inner = inner.replace("`", "'") if code else _escaped(inner)
    for e in wrappers:
        inner = _linked(inner, tree.get(e, "href"), base) if tree.tags[e] == "a" else _marked(inner, tree.tags[e])
    return text[: len(text) - len(text.lstrip())] + inner + text[len(text.rstrip()) :]


def _marked(text: str, tag: str) -> str:
    mark = _EMPHASIS[tag]
    return text if text.startswith(mark) else f"{mark}{text}{mark}"


def _linked(text: str, href: str, base: str | None) -> str:
    try:
        target = urljoin(base or "", href.strip())
        known = urlsplit(target).scheme in _LINK_SCHEMES
    except ValueError:
        return text
    return f"[{text}]({target.replace(' ', '%20').replace(')', '%29')})" if known else text


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _raw(tree: Tree, block: Block) -> str:
    return "".join(tree.run_text[run] for run in block.runs).strip("\n")


def _paragraphs(lines: list[_Line], tree: Tree) -> str:
    return "\n\n".join(line.text for line in lines)


def _list(lines: list[_Line], tree: Tree) -> str:
    """Items on lines of their own; further blocks of one item are set under it."""
    out: list[str] = []
    last = -1
    for line in lines:
        if line.owner == last:
            indent = len(line.text) - len(line.text.lstrip())
            out.append(" " * (indent + 4) + line.text.lstrip().split(" ", 1)[-1])
        else:
            out.append(line.text)
        last = line.owner
    return "\n".join(out)


def _quote(lines: list[_Line], tree: Tree) -> str:
    return "\n>\n".join(line.text for line in lines)


def _code(lines: list[_Line], tree: Tree) -> str:
    fenced = (
        "```\n" + "\n".join(line.text for line in group) + "\n```" for _, group in groupby(lines, key=lambda x: x.owner)
    )
    return "\n\n".join(fenced)


def _table(lines: list[_Line], tree: Tree) -> str:
    rows = [_cells(group, tree) for _, group in groupby(lines, key=lambda line: _nearest(tree, line.owner, ("tr",)))]
    width = max(map(len, rows))
    if width < 2:
        return "\n\n".join(cell for row in rows for cell in row)
    padded = [row + [""] * (width - len(row)) for row in rows]
    drawn = ["| " + " | ".join(row) + " |" for row in padded]
    return "\n".join([drawn[0], "|" + " --- |" * width, *drawn[1:]])


def _cells(lines: Iterable[_Line], tree: Tree) -> list[str]:
    return [
        " ".join(line.text for line in group)
        for _, group in groupby(lines, key=lambda line: _nearest(tree, line.owner, ("td", "th")))
    ]


def _nearest(tree: Tree, element: int, tags: tuple[str, ...]) -> int:
    return next((e for e in tree.ancestors(element) if tree.tags[e] in tags), -1)


_JOINED: Final = {"list": _list, "quote": _quote, "pre": _code, "table": _table}
