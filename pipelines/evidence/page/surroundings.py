"""Describes the surroundings of a place on the page: its distance to the headline, and its ancestors' classes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from cleaners.document import Block, Document
from cleaners.tree import Tree
from cleaners.words.remembering import remembered
from pipelines.evidence.page.terms import is_wide
from pipelines.evidence.page.words import words
from pipelines.evidence.ranking import bucket

_CLASSES_UP: Final = 6  # ancestors whose class says what a date or a name is of
_CLASS_WORD: Final = re.compile(r"[a-z]+")
_NOTHING: Final[frozenset[str]] = frozenset()
_TELLING_TAGS: Final = frozenset("footer aside nav header article li td".split())
_FRAMES: Final = frozenset(("body", "html", "main"))
_REMEMBERED, _LABEL_CHARS = 4096, 200  # the elements and pages of a site have the same classes again and again

_PARAGRAPH_CHARS: Final = 120  # a block of running text


def body_start(document: Document, anchor: int) -> int:
    """The first paragraph below the headline's block; the number of blocks where there is none."""
    blocks = document.blocks
    return next((block.index for block in blocks[max(anchor, 0) :] if is_paragraph(block)), len(blocks))


def is_paragraph(block: Block, characters: int = _PARAGRAPH_CHARS) -> bool:
    """Whether a block is running text of at least so many characters; Chinese and Japanese need half as many."""
    length = len(block.text)
    is_long = length >= characters or (length * 2 >= characters and is_wide(block.text))
    return is_long and block.link_chars * 3 < length


@dataclass(frozen=True)
class Surroundings:
    """A page, and the block of its headline (-1: none). `known` and `own` cache what elements say."""

    document: Document
    anchor: int
    known: dict[int, tuple[str, ...]] = field(default_factory=dict, repr=False)
    own: dict[int, frozenset[str]] = field(default_factory=dict, repr=False)

    def distance(self, block: int) -> str:
        """How far a block is from the headline, in blocks, as the name of a feature."""
        if self.anchor < 0:
            return bucket("no anchor", block, (5, 30))
        gap = block - self.anchor
        for edge in (-10, -4, -1, 2, 5, 12, 40):
            if gap <= edge:
                return f"near {edge:+d}"
        return "near far"

    def classes(self, element: int) -> tuple[str, ...]:
        """The parts of the page to which an element belongs by the classes and tags around it, as names of features."""
        tree = self.document.tree
        if tree is None or element < 0:
            return ()
        if element not in self.known:
            self.known[element] = self._kinds_around(tree, element)
        return self.known[element]

    def _kinds_around(self, tree: Tree, element: int) -> tuple[str, ...]:
        kinds: set[str] = set()
        tags, parents, own = tree.tags, tree.parents, self.own
        for _ in range(_CLASSES_UP + 1):
            if element < 0 or tags[element] in _FRAMES:
                break
            if element not in own:
                own[element] = _own_kinds(tags[element], tree.classes(element))
            kinds |= own[element]
            element = parents[element]
        return tuple(sorted([f"in {kind}" for kind in kinds]))


def _own_kinds(tag: str, label: str) -> frozenset[str]:
    """What an element's tag and classes say that it holds."""
    kinds = _kinds_of(label) if label else _NOTHING
    return kinds | {tag} if tag in _TELLING_TAGS else kinds


@remembered(_REMEMBERED, _LABEL_CHARS)
def _kinds_of(label: str) -> frozenset[str]:
    known = _words()
    return frozenset([known[word] for word in _CLASS_WORD.findall(label) if word in known])


@cache
def _words() -> dict[str, str]:
    return {word: kind for kind, listed in words("around").items() for word in listed}
