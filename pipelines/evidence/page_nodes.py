"""Parses a page into lxml's own tree, for CSS selectors and XPath, and maps its nodes to the elements of our Tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree

from cleaners.document import Document
from cleaners.parsing.element_kinds import is_skipped
from cleaners.parsing.html import source_of
from cleaners.tree import Tree
from cleaners.words.scripts import one_line


@dataclass(frozen=True)
class PageNodes:
    """lxml's root element, and for each of its elements the index of the same element in the Tree."""

    root: Any
    tree: Tree
    indices: dict[Any, int]

    def element(self, node: Any) -> int | None:
        """The index of an element in the Tree; None for scripts and others that the Tree leaves out."""
        return self.indices.get(node)

    def has_text(self, element: int) -> bool:
        """Whether an element of the Tree holds any text."""
        return not all(map(str.isspace, self.tree.run_text[self.tree.first_run[element] : self.tree.last_run[element]]))

    def text(self, node: Any) -> str:
        """The visible text of an element; if it shows none, as the title, the text in its code."""
        element = self.element(node)
        shown = self.tree.text(element) if element is not None else ""
        return shown or one_line(str(node.xpath("string()")))


def nodes_of(document: Document) -> PageNodes | None:
    """Parse a page once more, into lxml's tree. None for a dump, and where lxml cannot parse the page.

    The same parser reads the same text with the same settings, so the elements come in the same order as in our Tree. A
    comparison of their names checks this.
    """
    tree = document.tree
    if tree is None:
        return None
    parser = _parser(source_of(document.decoded))
    try:
        parser.feed(source_of(document.decoded) or " ")
        root = parser.close()
    except (etree.LxmlError, UnicodeError, ValueError, AssertionError):
        return None
    nodes = _read_nodes(root, len(tree.tags))
    if [node.tag for node in nodes] != tree.tags:
        return None
    return PageNodes(root, tree, {node: index for index, node in enumerate(nodes)})


def _parser(source: str | bytes) -> Any:
    return etree.HTMLParser(huge_tree=True, encoding="utf-8" if isinstance(source, bytes) else None)


def _read_nodes(root: Any, most: int) -> list[Any]:
    """The elements that our Tree holds too, in document order."""
    nodes: list[Any] = []
    for top in (root, *root.itersiblings(etree.Element)):  # a page may go on after its </html>
        walker: Any = etree.iterwalk(top, events=("start",))
        for _, node in walker:
            if len(nodes) == most:
                return nodes
            if is_skipped(node.tag, node.attrib):
                walker.skip_subtree()
            else:
                nodes.append(node)
    return nodes
