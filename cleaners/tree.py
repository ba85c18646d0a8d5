"""A page's elements as flat arrays in document order: one pass of the parser fills them.

Element e has tags[e], parents[e] (-1 for the root), depths[e] and attributes[e]. Its descendants are elements
e+1 to ends[e]-1, its blocks are first_block[e] to last_block[e]-1, and its text runs first_run[e] to last_run[e]-1.
Flat arrays need no recursion, cost one append a field, and let NumPy sum over subtrees by differences of prefix sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from cleaners.words.array_types import Ints
from cleaners.words.scripts import one_line

HEADING_TAGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")


def ints(values: list[int]) -> Ints:
    """A list of numbers as an array; twice as fast as np.array, which looks at each for its type first."""
    return np.fromiter(values, np.int64, len(values))


@dataclass
class Tree:
    """The elements of a page. Filled by the parser, read-only afterwards."""

    tags: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    attributes: list[Mapping[str, str]] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    first_block: list[int] = field(default_factory=list)
    last_block: list[int] = field(default_factory=list)
    first_run: list[int] = field(default_factory=list)
    last_run: list[int] = field(default_factory=list)
    run_text: list[str] = field(default_factory=list)
    run_element: list[int] = field(default_factory=list)
    json_ld: list[str] = field(default_factory=list)
    title: str = ""

    @cached_property
    def depths(self) -> Ints:
        """The number of elements around each element: those that start before it, without those that end before it."""
        size = len(self.tags)
        return np.arange(size) - np.cumsum(np.bincount(ints(self.ends), minlength=size + 1)[:size])

    @cached_property
    def block_bounds(self) -> tuple[Ints, Ints]:
        """`first_block` and `last_block` as arrays."""
        return ints(self.first_block), ints(self.last_block)

    @cached_property
    def by_tag(self) -> dict[str, list[int]]:
        """Element indices by tag, in document order."""
        found: dict[str, list[int]] = {}
        for element, tag in enumerate(self.tags):
            if tag in found:
                found[tag].append(element)
            else:
                found[tag] = [element]
        return found

    @cached_property
    def by_class(self) -> dict[str, list[int]]:
        """Element indices by class attribute, as it is written, in document order."""
        found: dict[str, list[int]] = {}
        for element, attributes in enumerate(self.attributes):
            if attributes and (label := attributes.get("class")) is not None:
                found.setdefault(label, []).append(element)
        return found

    def having(self, attribute: str) -> list[int]:
        """Every element with this attribute, in document order."""
        return [element for element, attributes in enumerate(self.attributes) if attribute in attributes]

    def all(self, tag: str) -> list[int]:
        """Every element with this tag."""
        return self.by_tag.get(tag, [])

    def properties(self, name: str) -> list[str]:
        """What the meta elements with this property (in lower case) state, in document order."""
        return [self.get(meta, "content") for meta in self.all("meta") if self.get(meta, "property").lower() == name]

    def get(self, element: int, name: str) -> str:
        """An attribute's value, or the empty string."""
        return self.attributes[element].get(name) or ""

    def text(self, element: int) -> str:
        """The element's visible text, white space collapsed."""
        return one_line("".join(self.run_text[self.first_run[element] : self.last_run[element]]))

    def ancestors(self, element: int) -> Iterator[int]:
        """The element itself, then its parent, up to the root."""
        while element >= 0:
            yield element
            element = self.parents[element]

    def classes(self, element: int) -> str:
        """Class, id, role and itemprop as one lower-case string: what an author says an element is."""
        at = self.attributes[element]
        if not at:
            return ""
        return " ".join(at[k] for k in ("class", "id", "role", "itemprop") if k in at).lower()
