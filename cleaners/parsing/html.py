"""Markup to Blocks in one pass of lxml's parser. No tree is kept except the flat arrays.

A block ends at every block-level tag and at <br>. Text that is not shown at its place (SVG titles, spans for screen
readers, names of icon-font glyphs) becomes detached blocks of its own: they can be dropped, with a reason, and the
sentence around them stays whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from lxml import etree

from cleaners.document import TRUNCATED, Block, Document
from cleaners.page import Decoded
from cleaners.parsing.depth import with_bounded_depth
from cleaners.parsing.element_kinds import (
    BLOCK,
    BREAK,
    DETACH,
    HEAD_TEXT,
    INLINE,
    KNOWN,
    LABEL,
    LINK,
    SKIP,
    is_detached,
    is_skipped,
)
from cleaners.tree import Tree

# The most elements of a page that are read. The largest of 4,511 reference pages has 16,000; 300,000 line breaks take
# 1.1 GB of memory and 6 s.
MAX_ELEMENTS: Final = 300_000
_JSON_LD = "application/ld+json"


class TooManyElementsError(Exception):
    """The page has more elements than any page that a person reads."""


class Builder:
    """The parser's target: fills a Tree and collects Blocks.

    The parser calls `start` and `end` for an element and `data` for a run of text; `close` closes what is still open.
    `data` only appends to a list, which the next tag reads.
    """

    __slots__ = (
        "_continues", "_detached", "_heard", "_is_json", "_kinds", "_line", "_link_chars", "_links", "_owners",
        "_pending", "_preformatted", "_side", "_skipped", "_title", "_top", "blocks", "data", "tree",
    )  # fmt: skip

    def __init__(self) -> None:
        self.start_anew()

    def start_anew(self) -> None:
        """Forget the page, so that its memory is free at once.

        A parser and its target refer to each other, so only the garbage collector frees them: hundreds of pages of
        several megabytes would wait for it.
        """
        self.tree = Tree()
        self.blocks: list[Block] = []
        self._kinds: list[int] = []  # what each element is
        self._top = -1  # the innermost open element
        self._owners = [-1]  # open block-level elements, innermost last
        self._skipped = 0  # depth inside skipped elements
        self._is_json = False  # whether the skipped element holds JSON-LD
        self._links = 0  # depth inside links
        self._preformatted = 0  # depth inside <pre>, where white space is text
        self._heard: list[str] = []  # text since the last tag
        self.data = self._heard.append
        self._title: list[str] | None = None  # text of the open <title>
        self._pending: list[int] = []  # runs of the block being collected
        self._link_chars = 0  # of the block being collected
        self._continues = False  # whether the next block goes on after a line break
        self._detached = -1  # the element that took its text out of the line
        self._side: list[int] = []  # runs of that text
        self._line = self._pending  # where the next run goes: one of these two lists

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open an element."""
        if self._skipped:
            self._skipped += 1
            return
        if self._heard:
            self._read_heard()
        tag, kind = KNOWN.get(tag) or (tag, INLINE)  # the table's string, so that the parser's copy can be freed
        if kind == BLOCK:
            kind = self._start_block(tag)
        elif kind == LINK:
            self._links += 1
        elif kind == LABEL:
            if attributes and self._detached < 0 and is_detached(attributes):
                self._detach()
        elif kind == SKIP and is_skipped(tag, attributes):
            self._skipped = 1
            self._is_json = tag == "script" and (attributes.get("type") or "").strip().lower().startswith(_JSON_LD)
            return
        elif kind == BREAK:
            # One <br> starts a line, a second one in a row a paragraph.
            self._continues = bool(self._pending) and self._flush()
        elif kind == HEAD_TEXT:
            if self._detached < 0 and not self.tree.title:
                self._title = []
        elif kind == DETACH and self._detached < 0:
            self._detach()
        self._open(tag, kind, attributes)

    def end(self, tag: str) -> None:
        """Close the innermost open element."""
        if self._skipped:
            self._end_skipped()
            return
        if self._heard:
            self._read_heard()
        top, tree = self._top, self.tree
        if top < 0:
            return
        kind = self._kinds[top]
        if kind == BLOCK:
            self._end_line()
            self._owners.pop()
            self._preformatted -= tree.tags[top] == "pre"
        elif kind == LINK:
            self._links -= 1
        elif top == self._detached:
            self._reattach()
        elif kind == HEAD_TEXT and self._title is not None:
            tree.title = _collapsed("".join(self._title))
            self._title = None
        tree.ends[top] = len(tree.tags)
        tree.last_block[top] = len(self.blocks)
        tree.last_run[top] = len(tree.run_text)
        self._top = tree.parents[top]

    def close(self) -> None:
        """Close what is still open."""
        if self._skipped:
            self._skipped = 0
            self._heard.clear()
        while self._top >= 0:
            self.end("")
        self._read_heard()
        self._end_line()

    def _open(self, tag: str, kind: int, attributes: Mapping[str, str]) -> None:
        """Add an element to the tree, with its ends still to come. Raises TooManyElementsError."""
        tree, element = self.tree, len(self._kinds)
        tree.tags.append(tag)
        tree.parents.append(self._top)
        tree.attributes.append(attributes)
        tree.first_block.append(len(self.blocks))
        tree.first_run.append(len(tree.run_text))
        tree.ends.append(0)
        tree.last_block.append(0)
        tree.last_run.append(0)
        self._kinds.append(kind)
        self._top = element
        if element >= MAX_ELEMENTS - 1:
            raise TooManyElementsError

    def _start_block(self, tag: str) -> int:
        """Begin a line with a block-level element. Returns the element's kind; inside an icon it counts as no block."""
        if self._detached >= 0:
            if self.tree.tags[self._detached] == "svg":
                return INLINE
            self._reattach()  # a hidden block is more than a label
        self._end_line()
        self._owners.append(len(self._kinds))
        self._preformatted += tag == "pre"
        return BLOCK

    def _end_skipped(self) -> None:
        """Close a skipped element or one inside it. Only the text of JSON-LD is kept."""
        self._skipped -= 1
        if not self._skipped:
            if self._is_json:
                self.tree.json_ld.append("".join(self._heard))
            self._heard.clear()

    def _read_heard(self) -> None:
        """Move the text since the last tag to the title, or to the line as a run of the innermost element."""
        if self._title is not None:
            self._title += self._heard
        else:
            run_text, run_element, line = self.tree.run_text, self.tree.run_element, self._line
            for text in self._heard:
                if line or self._preformatted or not text.isspace():  # else indentation between block-level tags
                    line.append(len(run_text))
                    run_text.append(text)
                    run_element.append(self._top)
                    if self._links and self._detached < 0:
                        self._link_chars += len(text.strip())
        self._heard.clear()

    def _end_line(self) -> None:
        """End the block being collected, if there is one, at the start or end of a block-level element."""
        if self._pending:
            self._flush()
        self._continues = False

    def _flush(self) -> bool:
        """End the block being collected. Returns whether it has text."""
        runs, texts, blocks = self._pending, self.tree.run_text, self.blocks
        text = _collapsed("".join([texts[run] for run in runs]) if len(runs) > 1 else texts[runs[0]])
        if text:
            chars = min(self._link_chars, len(text))
            blocks.append(Block(len(blocks), text, self._owners[-1], chars, tuple(runs), self._continues, False))
        runs.clear()
        self._link_chars = 0
        return bool(text)

    def _detach(self) -> None:
        """Begin to collect the text of the element that opens now apart from the line."""
        self._detached = len(self._kinds)
        self._line = self._side

    def _reattach(self) -> None:
        """Make a block of the text collected apart, and go on with the line."""
        if self._side:
            text = _collapsed(" ".join([self.tree.run_text[run] for run in self._side]))
            if text:
                self.blocks.append(Block(len(self.blocks), text, self._detached, 0, tuple(self._side), False, True))
            self._side.clear()
        self._detached = -1
        self._line = self._pending


def source_of(decoded: Decoded) -> str | bytes:
    """A page's markup in the form that the parser needs: text, or UTF-8 bytes."""
    # libxml2 ends a document at a NUL, and refuses text that was already decoded if it declares another encoding.
    return decoded.utf8 or decoded.text.replace("\x00", "")


def _collapsed(text: str) -> str:
    """Text with its white space collapsed. Most text needs no change, and the check for that is faster."""
    text = text.strip()
    if text.isprintable() and "  " not in text:  # the space is the only white space that counts as printable
        return text
    return " ".join(text.split())


def parse(markup: str | bytes) -> tuple[Tree, tuple[Block, ...]]:
    """Parse markup (text or UTF-8), however broken, into a Tree and Blocks in reading order.

    Linear in the length of the markup. What follows the first MAX_ELEMENTS elements is left out.
    """
    builder = Builder()
    encoding = "utf-8" if isinstance(markup, bytes) else None  # the parser reads UTF-8, so bytes save it the encoding
    parser = etree.HTMLParser(target=cast(Any, builder), huge_tree=True, encoding=encoding)
    try:
        try:
            parser.feed(markup or " ")
            parser.close()
        except TooManyElementsError:
            builder.close()
        return builder.tree, tuple(builder.blocks)
    finally:
        builder.start_anew()


def segment_html(decoded: Decoded, url: str | None = None) -> Document:
    """A decoded page as a Document. Falls back to BeautifulSoup's parser if lxml refuses the markup."""
    try:
        tree, blocks = parse(source_of(decoded))
    except (etree.LxmlError, UnicodeError, ValueError, AssertionError):
        from cleaners.parsing.soup import replay

        builder = Builder()
        replay(decoded.text, builder, MAX_ELEMENTS - 1)
        tree, blocks = builder.tree, tuple(builder.blocks)
    tree, blocks = with_bounded_depth(tree, blocks)
    flags = (TRUNCATED,) if len(tree.tags) >= MAX_ELEMENTS - 1 else ()
    return Document(blocks, decoded, url, tree, flags)
