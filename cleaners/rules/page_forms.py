"""What a page says of itself: a thread, whose posts are its text, or an article, which readers' comments follow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final, Literal, NamedTuple
from urllib.parse import urlsplit

from cleaners.document import Document
from cleaners.parsing.json_ld import types_within
from cleaners.rules.rows import load_patterns
from cleaners.tree import Tree

Form = Literal["thread", "article"]
_FILE_TYPE: Final = re.compile(r"\.\w{2,5}$")


class FormRow(NamedTuple):
    """One row of the table: a sign that a page is of a form. page_forms.toml explains the keys."""

    form: Form
    name: str
    looks_at: str
    pattern: re.Pattern[str]
    why: str
    hit: str
    miss: str


@cache
def form_rows() -> tuple[FormRow, ...]:
    """The rows of page_forms.toml. Raises RulesError."""
    return load_patterns(FormRow, "page_forms")


def stated_form(document: Document) -> Form | None:
    """The form that the first row of the table gives the page; None if the page states neither."""
    tree = document.tree
    if tree is None:
        return None
    seen: dict[str, set[str]] = {}
    for row in form_rows():
        if row.looks_at not in seen:
            seen[row.looks_at] = set(_values(row.looks_at, document.url, tree))
        if any(map(row.pattern.fullmatch, seen[row.looks_at])):
            return row.form
    return None


def _values(look: str, url: str | None, tree: Tree) -> Iterator[str]:
    """The values of a page that the rows for this look are compared with, in lower case."""
    match look:
        case "type":
            yield from stated_types(tree)
        case "generator":
            yield from _metas(tree, "generator")
        case "address":
            yield from _steps(url or "")
        case "page":
            yield from _names(tree, [*tree.all("html"), *tree.all("body")], ("class", "id"))
        case _:
            yield from _names(tree, range(len(tree.tags)), ("class", "itemprop"))


def stated_types(tree: Tree) -> Iterator[str]:
    """The types of schema.org and OpenGraph that a page states, without their addresses, in lower case."""
    for script in tree.json_ld:
        yield from types_within(script)
    for value in (tree.get(element, "itemtype") for element in tree.having("itemtype")):
        yield from (one.rstrip("/").rsplit("/", 1)[-1].lower() for one in value.split())
    yield from _metas(tree, "og:type")


def _metas(tree: Tree, name: str) -> Iterator[str]:
    for element in tree.all("meta"):
        if name in (tree.get(element, "name").lower(), tree.get(element, "property").lower()):
            yield tree.get(element, "content").strip().lower()


def _steps(url: str) -> Iterator[str]:
    """The labels of a URL's host and the steps of its path, without file types."""
    try:
        parts = urlsplit(url.lower())
    except ValueError:
        return
    yield from (parts.hostname or "").split(".")
    yield from (_FILE_TYPE.sub("", step) for step in parts.path.split("/"))


def _names(tree: Tree, elements: Iterable[int], attributes: Sequence[str]) -> Iterator[str]:
    for element in elements:
        if tree.attributes[element]:
            for attribute in attributes:
                yield from tree.get(element, attribute).lower().split()
