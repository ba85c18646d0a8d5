"""Markup to Blocks: one pass of lxml's parser, no tree kept but the flat arrays.

A block ends at every block-level tag and at <br>. Text that is not shown where it stands (SVG titles, spans for screen
readers, names of icon-font glyphs) becomes detached blocks of its own: they can be dropped, with a reason, and the
sentence around them stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

from lxml import etree

from cleaners.class_names import hides
from cleaners.decode import Decoded
from cleaners.document import Block, Document
from cleaners.tree import Tree

_INLINE, _BLOCK, _SKIP, _BREAK, _DETACH, _HEAD_TEXT, _LINK = range(7)

# HTML's elements that start a new line (https://html.spec.whatwg.org/multipage/rendering.html#flow-content-3), and the
# form controls, whose labels are never part of the sentence around them.
_BLOCK_TAGS = """address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset
 figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html label legend li main menu nav noscript
 ol optgroup option p pre search section select slot summary table tbody td textarea tfoot th thead tr ul video audio"""
# Elements whose text is not for reading: code, alternatives for a missing feature, annotations for machines.
_SKIP_TAGS = """script style template iframe object embed applet canvas datalist noembed noframes
 annotation annotation-xml map area"""

_KIND: dict[str, int] = (
    dict.fromkeys(_BLOCK_TAGS.split(), _BLOCK)
    | dict.fromkeys(_SKIP_TAGS.split(), _SKIP)
    | {"br": _BREAK, "svg": _DETACH, "title": _HEAD_TEXT}
)

# Inline elements of these classes hold text that a reader does not see there: text for screen readers, glyph names.
_DETACHED_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-?reader(?:-text|-only)?|assistive-text|a11y-hidden|offscreen"
    r"|material-(?:icons?|symbols)|icons?|glyphicon|svg-icon|ligature)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Elements that hold such labels; links and elements of unknown name hold whole passages too often.
_DETACHABLE = frozenset("span i em b small strong abbr u s sup ins mark font".split())
_JSON_LD = "application/ld+json"


class Builder:
    """The parser's target: fills a Tree and collects Blocks."""

    def __init__(self) -> None:
        self.tree = tree = Tree()
        self.blocks: list[Block] = []
        self._path: list[int] = []  # open elements
        self._kinds: list[int] = []  # what each open element is
        self._owners = [-1]  # open block-level elements, innermost last
        self._skip = 0  # depth inside skipped elements
        self._links = 0  # depth inside links
        self._pending: list[int] = []  # runs of the block being collected
        self._link_chars = 0
        self._continues = False
        self._detached_from = -1  # the element that took its text out of the line
        self._side: list[int] = []
        self._script: list[str] | None = None
        self._title: list[str] | None = None
        self._run_text = tree.run_text
        self._run_element = tree.run_element
        # Bound once: an element costs nine appends, and looking each up would cost as much again.
        self._add_tag = tree.tags.append
        self._add_parent = tree.parents.append
        self._add_depth = tree.depths.append
        self._add_attributes = tree.attributes.append
        self._add_first_block = tree.first_block.append
        self._add_first_run = tree.first_run.append
        self._add_end = tree.ends.append
        self._add_last_block = tree.last_block.append
        self._add_last_run = tree.last_run.append

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open an element."""
        if self._skip:
            self._skip += 1
            return
        kind = _KIND.get(tag, _INLINE)
        here = len(self.tree.tags)
        if kind == _BLOCK:
            if self._detached_from >= 0:
                kind = self._block_in_detached()
            if kind == _BLOCK:
                self._flush(False)
                self._owners.append(here)
        elif kind != _INLINE:
            if kind == _SKIP and not (tag == "template" and "shadowrootmode" in attributes):
                self._skip = 1
                if tag == "script" and (attributes.get("type") or "").strip().lower().startswith(_JSON_LD):
                    self._script = []
                return
            self._start_special(kind, here)
        elif attributes and self._detached_from < 0 and tag in _DETACHABLE and _is_detached(attributes):
            self._detached_from = here
        if tag == "a":
            self._links += 1
            kind = _LINK
        path = self._path
        self._add_tag(tag)
        self._add_parent(path[-1] if path else -1)
        self._add_depth(len(path))
        self._add_attributes(attributes)
        self._add_first_block(len(self.blocks))
        self._add_first_run(len(self._run_text))
        self._add_end(0)
        self._add_last_block(0)
        self._add_last_run(0)
        path.append(here)
        self._kinds.append(kind)

    def end(self, tag: str) -> None:
        """Close the innermost open element."""
        if self._skip:
            self._skip -= 1
            if self._script is not None and not self._skip:
                self.tree.json_ld.append("".join(self._script))
                self._script = None
            return
        if not self._path:
            return
        here = self._path.pop()
        kind = self._kinds.pop()
        if kind == _BLOCK:
            self._flush(False)
            self._owners.pop()
        elif here == self._detached_from:
            self._detached_from = -1
            self._emit_side(here)
        elif kind == _HEAD_TEXT and self._title is not None:
            self.tree.title = " ".join("".join(self._title).split())
            self._title = None
        elif kind == _LINK:
            self._links -= 1
        tree = self.tree
        tree.ends[here] = len(tree.tags)
        tree.last_block[here] = len(self.blocks)
        tree.last_run[here] = len(self._run_text)

    def data(self, text: str) -> None:
        """Take a run of text."""
        if self._skip:
            if self._script is not None:
                self._script.append(text)
            return
        if self._title is not None:
            self._title.append(text)
            return
        target = self._pending if self._detached_from < 0 else self._side
        if not target and text.isspace():  # indentation between block-level tags
            return
        target.append(len(self._run_text))
        self._run_text.append(text)
        self._run_element.append(self._path[-1] if self._path else -1)
        if self._links and target is self._pending:
            self._link_chars += len(text.strip())

    def close(self) -> Builder:
        """Close what is still open."""
        while self._path:
            self._skip = 0
            self.end("")
        self._flush(False)
        return self

    def _start_special(self, kind: int, here: int) -> None:
        if kind == _BREAK:
            self._flush(True)
        elif kind == _HEAD_TEXT and self._detached_from < 0 and not self.tree.title:
            self._title = []
        elif kind == _DETACH and self._detached_from < 0:
            self._detached_from = here

    def _block_in_detached(self) -> int:
        """Inside an icon a block-level tag means nothing; elsewhere it shows that more than a label is hidden."""
        element = self._detached_from
        if self.tree.tags[element] == "svg":
            return _INLINE
        self._detached_from = -1
        self._emit_side(element)
        return _BLOCK

    def _flush(self, by_break: bool) -> None:
        emitted = False
        if self._pending:
            text = " ".join("".join([self._run_text[run] for run in self._pending]).split())
            if text:
                chars = min(self._link_chars, len(text))
                runs = tuple(self._pending)
                self.blocks.append(Block(len(self.blocks), text, self._owners[-1], chars, runs, self._continues))
                emitted = True
            self._pending = []
            self._link_chars = 0
        # A second <br> in a row parts paragraphs; a first one only lines.
        self._continues = by_break and emitted

    def _emit_side(self, element: int) -> None:
        if self._side:
            text = " ".join(" ".join([self._run_text[run] for run in self._side]).split())
            if text:
                self.blocks.append(Block(len(self.blocks), text, element, 0, tuple(self._side), False, True))
            self._side = []


def _is_detached(attributes: Mapping[str, str]) -> bool:
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    if style and hides(style):
        return True
    label = attributes.get("class")
    return bool(label and _names_detached(label))


@lru_cache(maxsize=65_536)
def _names_detached(label: str) -> bool:
    return bool(_DETACHED_CLASS.search(label))


def parse(markup: str) -> tuple[Tree, tuple[Block, ...]]:
    """Parse markup, however broken, into a Tree and Blocks in reading order. Linear in the length of the markup."""
    builder = Builder()
    parser = etree.HTMLParser(target=cast(Any, builder), huge_tree=True)
    # libxml2 ends a document at a NUL, and refuses text that was already decoded if it declares another encoding.
    parser.feed(markup.replace("\x00", "") or " ")
    parser.close()
    return builder.tree, tuple(builder.blocks)


def segment_html(decoded: Decoded, url: str | None = None) -> Document:
    """A decoded page as a Document. Falls back to BeautifulSoup's parser on markup that lxml does not take."""
    try:
        tree, blocks = parse(decoded.text)
    except (etree.LxmlError, UnicodeError, ValueError, AssertionError):
        from cleaners.soup import parse_with_beautifulsoup

        tree, blocks = parse_with_beautifulsoup(decoded.text, Builder())
    return Document(blocks, decoded, url, tree)
