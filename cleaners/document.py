"""Blocks, Documents, Marks and Cleaned: the values that one cleaning step hands to the next. None is ever changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, NamedTuple

from cleaners.page import Decoded
from cleaners.tree import Tree
from cleaners.words.scripts import one_line

Action = Literal["drop", "keep", "hint", "cut"]
Engine = Literal["blocks", "trafilatura", "both", "text"]
TRUNCATED: Final = "truncated"
"""The flag of a document that was too long to be read to its end."""


class Block(NamedTuple):
    """A run of text between block-level tags, or a line or paragraph of a dump.

    index       place in reading order
    text        white space collapsed
    element     index of the innermost block-level element in the Tree (-1 in a dump)
    link_chars  how many characters of the text are inside links
    runs        indices of the Tree's text runs (empty in a dump)
    continues   true after a <br> or a single line break: the same paragraph goes on
    detached    true for text that is not shown at its place in the markup (SVG titles, screen-reader spans, icon names)
    """

    index: int  # type: ignore[assignment]  # shadows tuple.index, which no one needs
    text: str
    element: int = -1
    link_chars: int = 0
    runs: tuple[int, ...] = ()
    continues: bool = False
    detached: bool = False


@dataclass(frozen=True)
class Document:
    """One page, segmented: Blocks in reading order, and the Tree they came from (None for a dump)."""

    blocks: tuple[Block, ...]
    decoded: Decoded
    url: str | None = None
    tree: Tree | None = None
    flags: tuple[str, ...] = ()


class Mark(NamedTuple):
    """One cleaner's statement about a block. The last drop or keep on a block wins; the history stays.

    drop  the block is not part of the body
    keep  the block is part of the body
    hint  the reason to give if the classifier drops the block; a hint decides nothing itself
    cut   characters start:end of the block's text are not part of the body, the rest is
    """

    block: int
    action: Action
    reason: str
    evidence: str
    start: int = 0
    end: int = 0


class CleanerResult(NamedTuple):
    """A cleaner's marks and, if it knows them, the engine's name, the expected F1, flags and the page's kinds."""

    marks: Sequence[Mark] = ()
    engine: Engine | None = None
    confidence: float | None = None
    flags: tuple[str, ...] = ()
    kinds: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Cleaned:
    """A Document with its Marks, which say what is body, what is not, and why.

    `kinds` says how likely each kind of page is (article, listing, forum …); empty if no model looked at it.
    """

    document: Document
    marks: tuple[Mark, ...]
    confidence: float = 0.0
    engine: Engine = "blocks"
    flags: tuple[str, ...] = field(default=())
    kinds: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def verdicts(self) -> dict[int, Mark]:
        """The mark that decides on each marked block: the last drop or keep."""
        return {mark.block: mark for mark in self.marks if mark.action in ("drop", "keep")}

    @cached_property
    def kept(self) -> tuple[Block, ...]:
        """The blocks of the body, cuts applied."""
        verdicts = self.verdicts
        cuts: dict[int, list[Mark]] = {}
        for mark in self.marks:
            if mark.action == "cut":
                cuts.setdefault(mark.block, []).append(mark)
        blocks = (b for b in self.document.blocks if b.index not in verdicts or verdicts[b.index].action == "keep")
        if not cuts:
            return tuple(blocks)
        trimmed = (_without(b, cuts[b.index]) if b.index in cuts else b for b in blocks)
        return tuple(b for b in trimmed if b.text)

    @cached_property
    def dropped(self) -> tuple[tuple[Block, Mark], ...]:
        """The removed blocks and cut passages (as blocks of their own text), each with the mark that says why."""
        blocks = self.document.blocks
        verdicts = self.verdicts
        gone = [(blocks[i], verdicts[i]) for i in sorted(verdicts) if verdicts[i].action == "drop"]
        cuts = []
        for mark in self.marks:
            if mark.action == "cut" and (mark.block not in verdicts or verdicts[mark.block].action == "keep"):
                block = blocks[mark.block]
                cuts.append((block._replace(text=block.text[mark.start : mark.end]), mark))
        if not cuts:
            return tuple(gone)
        return tuple(sorted(gone + cuts, key=lambda pair: (pair[0].index, pair[1].start)))

    @cached_property
    def text(self) -> str:
        """The body: paragraphs joined by a blank line, lines of one paragraph by a line break.

        In a dump what continues is a piece of the same line: it is joined by a space, or nothing after wide characters.
        """
        return paragraphs(self.kept)


def dropped_blocks(marks: Iterable[Mark]) -> set[int]:
    """Indices of the blocks whose last drop or keep mark is a drop."""
    last = {mark.block: mark.action for mark in marks if mark.action in ("drop", "keep")}
    return {block for block, action in last.items() if action == "drop"}


def hinted_reasons(marks: Iterable[Mark]) -> dict[int, Mark]:
    """For each block the first hint, which names the reason if something later drops the block."""
    hints: dict[int, Mark] = {}
    for mark in marks:
        if mark.action == "hint":
            hints.setdefault(mark.block, mark)
    return hints


def paragraphs(blocks: Sequence[Block]) -> str:
    """Blocks as paragraphs: joined by a blank line, the lines of one paragraph by a line break.

    In a dump (where blocks have no element) what continues is a piece of the same line.
    """
    parts: list[str] = []
    last = -2
    for block in blocks:
        joint = "\n\n"
        if block.continues and block.index == last + 1:
            joint = "\n" if block.element >= 0 else "" if parts and parts[-1][-1] >= "\u3000" else " "
        parts += (joint, block.text) if parts else (block.text,)
        last = block.index
    return "".join(parts)


def _without(block: Block, cuts: list[Mark]) -> Block:
    """The block without its cut passages, which may overlap."""
    kept: list[str] = []
    end = 0
    for mark in sorted(cuts, key=lambda mark: mark.start):
        kept.append(block.text[end : max(end, mark.start)])
        end = max(end, mark.end)
    return block._replace(text=one_line(" ".join([*kept, block.text[end:]])))
