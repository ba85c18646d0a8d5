"""The fallback for markup that lxml refuses: BeautifulSoup with Python's own parser drives the same parser target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

if TYPE_CHECKING:
    from cleaners.tree import Tree


class ParserTarget(Protocol):
    """The methods that a parser calls for a page, tag by tag; `tree` holds the elements so far."""

    tree: Tree

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A start tag."""

    def end(self, tag: str) -> None:
        """An end tag."""

    def data(self, text: str) -> None:
        """Text between tags."""

    def close(self) -> object:
        """The end of the page."""


def replay(markup: str, target: ParserTarget, most: int) -> None:
    """Parse markup with html.parser and report up to `most` elements to the target. Slower, but refuses nothing."""
    soup = BeautifulSoup(markup, "html.parser")
    target.start("body", {})  # text outside any element needs an element to belong to
    pending: list[PageElement | str] = list(reversed(soup.contents))  # a string is the name of an end tag still to come
    while pending and len(target.tree.tags) < most:
        node = pending.pop()
        if isinstance(node, Tag):
            target.start(node.name.lower(), {name: _flat(value) for name, value in node.attrs.items()})
            pending.append(str(node.name))
            pending.extend(reversed(node.contents))
        elif isinstance(node, PageElement):
            if isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
                target.data(str(node))
        else:
            target.end(node)
    target.close()


def _flat(value: object) -> str:
    return " ".join(str(part) for part in value) if isinstance(value, list) else str(value)
