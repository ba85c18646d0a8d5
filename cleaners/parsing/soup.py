"""The fallback for markup that lxml refuses: BeautifulSoup with Python's own parser drives the same builder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

if TYPE_CHECKING:
    from cleaners.document import Block
    from cleaners.parsing.html import Builder
    from cleaners.tree import Tree


def parse_with_beautifulsoup(markup: str, builder: Builder, most: int) -> tuple[Tree, tuple[Block, ...]]:
    """Parse markup with html.parser and replay up to `most` elements into the builder. Slower, and takes anything."""
    soup = BeautifulSoup(markup, "html.parser")
    builder.start("body", {})  # text outside any element needs one to belong to
    pending: list[PageElement | str] = list(reversed(soup.contents))  # a str is an end tag to come
    while pending and len(builder.tree.tags) < most:
        node = pending.pop()
        if isinstance(node, Tag):
            builder.start(node.name.lower(), {name: _flat(value) for name, value in node.attrs.items()})
            pending.append(str(node.name))
            pending.extend(reversed(node.contents))
        elif isinstance(node, PageElement):
            if isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
                builder.data(str(node))
        else:
            builder.end(node)
    builder.close()
    return builder.tree, tuple(builder.blocks)


def _flat(value: object) -> str:
    return " ".join(str(part) for part in value) if isinstance(value, list) else str(value)
