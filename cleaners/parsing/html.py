"""Markup to Blocks: one pass of lxml's parser, no tree kept but the flat arrays.

A block ends at every block-level tag and at <br>. Text that is not shown where it stands (SVG titles, spans for screen
readers, names of icon-font glyphs) becomes detached blocks of its own: they can be dropped, with a reason, and the
sentence around them stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, cast

from lxml import etree

from cleaners.document import TRUNCATED, Block, Document
from cleaners.page import Decoded
from cleaners.parsing.class_names import REMEMBERED_CHARS, hides
from cleaners.tree import Tree

_INLINE, _BLOCK, _SKIP, _BREAK, _DETACH, _HEAD_TEXT, _LINK, _LABEL = range(8)

# HTML's elements that start a new line (https://html.spec.whatwg.org/multipage/rendering.html#flow-content-3), and the
# form controls, whose labels are never part of the sentence around them.
_BLOCK_TAGS = """address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset
 figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html label legend li main menu nav noscript
 ol optgroup option p pre search section select slot summary table tbody td textarea tfoot th thead tr ul video audio"""
# Elements whose text is not for reading: code, alternatives for a missing feature, annotations for machines.
_SKIP_TAGS = """script style template iframe object embed applet canvas datalist noembed noframes
 annotation annotation-xml map area"""

# Inline elements that hold labels which are not shown in their line; links and elements of unknown name hold whole
# passages too often.
_LABEL_TAGS = "span i em b small strong abbr u s sup ins mark font"

_KIND: dict[str, int] = (
    dict.fromkeys(_BLOCK_TAGS.split(), _BLOCK)
    | dict.fromkeys(_SKIP_TAGS.split(), _SKIP)
    | dict.fromkeys(_LABEL_TAGS.split(), _LABEL)
    | {"br": _BREAK, "svg": _DETACH, "title": _HEAD_TEXT, "a": _LINK}
)

# Other elements that are met often.
_PLAIN_TAGS = "meta link img path g use source picture time input cite code q rect circle polygon wbr samp kbd var"
_KNOWN: dict[str, tuple[str, int]] = {
    tag: (tag, kind) for tag, kind in (dict.fromkeys(_PLAIN_TAGS.split(), _INLINE) | _KIND).items()
}

# Inline elements of these classes hold text that a reader does not see there: text for screen readers, glyph names.
_DETACHED_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-?reader(?:-text|-only)?|assistive-text|a11y-hidden|offscreen"
    r"|material-(?:icons?|symbols)|icons?|glyphicon|svg-icon|ligature)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Elements of a page that are read. Of 4,511 reference pages the largest has 16,000; 300,000 line breaks take 1.1 GB of
# memory and 6 s.
MAX_ELEMENTS: Final = 300_000
_JSON_LD = "application/ld+json"


class TooManyElementsError(Exception):
    """The page has more elements than any page that a person reads."""


class Builder:
    """The parser's target: fills a Tree and collects Blocks.

    The parser calls `start` and `end` for an element and `data` for a run of text; `close` closes what is still open.
    A page makes thousands of these calls and little else here takes time, so they are closures over plain counters
    and lists: an attribute of `self` costs as much to look up as a list takes to grow. `data` only appends to a list,
    which the next tag reads.
    """

    __slots__ = ("blocks", "close", "data", "end", "start", "tree")

    def __init__(self) -> None:
        self.tree = tree = Tree()
        self.blocks: list[Block] = []
        blocks, run_text, run_element = self.blocks, tree.run_text, tree.run_element
        tags, parents, attributes_of, ends = tree.tags, tree.parents, tree.attributes, tree.ends
        first_block, last_block, first_run, last_run = tree.first_block, tree.last_block, tree.first_run, tree.last_run
        kinds: list[int] = []  # what each element is
        owners = [-1]  # open block-level elements, innermost last
        heard: list[str] = []  # text since the last tag
        pending: list[int] = []  # runs of the block being collected
        side: list[int] = []  # runs of the label that is taken out of the line
        line = pending  # where the next run goes
        title: list[str] | None = None
        top = -1  # the innermost open element
        elements = runs = 0  # how many there are so far
        skipped = 0  # depth inside skipped elements
        is_json = False  # whether the skipped element holds JSON-LD
        links = 0  # depth inside links
        preformatted = 0  # depth inside <pre>, where white space is text
        link_chars = 0
        continues = False
        detached = -1  # the element that took its text out of the line
        known = _KNOWN.get

        def take() -> None:
            """Add the text since the last tag to the title, or to the line as runs of the innermost element."""
            nonlocal runs, link_chars
            if title is not None:
                title.extend(heard)
            else:
                for text in heard:
                    if line or preformatted or not text.isspace():
                        line.append(runs)
                        runs += 1
                        run_text.append(text)
                        run_element.append(top)
                        if links and detached < 0:
                            link_chars += len(text.strip())
            heard.clear()

        def flush() -> bool:
            """End the block being collected. Whether there was one."""
            nonlocal link_chars
            text = _collapsed("".join([run_text[run] for run in pending]) if len(pending) > 1 else run_text[pending[0]])
            if text:
                chars = min(link_chars, len(text)) if link_chars else 0
                blocks.append(_block(Block, (len(blocks), text, owners[-1], chars, tuple(pending), continues, False)))
            pending.clear()
            link_chars = 0
            return bool(text)

        def reattach() -> None:
            """End the label, and go on with the line."""
            nonlocal detached, line
            if side:
                text = _collapsed(" ".join([run_text[run] for run in side]))
                if text:
                    blocks.append(Block(len(blocks), text, detached, 0, tuple(side), False, True))
                side.clear()
            detached = -1
            line = pending

        def start(tag: str, attributes: Mapping[str, str]) -> None:
            """Open an element."""
            nonlocal top, elements, skipped, is_json, links, continues, detached, line, title, preformatted
            if skipped:
                skipped += 1
                return
            if heard:
                if line or preformatted or len(heard) > 1 or title is not None or not heard[0].isspace():
                    take()
                else:  # indentation between block-level tags
                    heard.clear()
            tag, kind = known(tag) or (tag, _INLINE)  # the table's own string, so that this one can go
            if kind == _BLOCK:
                if detached >= 0:
                    # Inside an icon a block-level tag means nothing; elsewhere it shows that more than a label is
                    # hidden.
                    if tags[detached] == "svg":
                        kind = _INLINE
                    else:
                        reattach()
                if kind == _BLOCK:
                    if pending:
                        flush()
                    continues = False
                    owners.append(elements)
                    preformatted += tag == "pre"
            elif kind == _LINK:
                links += 1
            elif kind == _LABEL:
                if attributes and detached < 0 and _is_detached(attributes):
                    detached = elements
                    line = side
            elif kind == _SKIP and is_skipped(tag, attributes):
                skipped = 1
                is_json = tag == "script" and (attributes.get("type") or "").strip().lower().startswith(_JSON_LD)
                return
            elif kind == _BREAK:
                # A second <br> in a row parts paragraphs; a first one only lines.
                continues = bool(pending) and flush()
            elif kind == _HEAD_TEXT:
                if detached < 0 and not tree.title:
                    title = []
            elif kind == _DETACH and detached < 0:
                detached = elements
                line = side
            tags.append(tag)
            parents.append(top)
            attributes_of.append(attributes)
            kinds.append(kind)
            first_block.append(len(blocks))
            first_run.append(runs)
            ends.append(0)
            last_block.append(0)
            last_run.append(0)
            top = elements
            elements += 1
            if elements >= MAX_ELEMENTS:
                raise TooManyElementsError

        def end(tag: str) -> None:
            """Close the innermost open element."""
            nonlocal top, skipped, links, continues, title, preformatted
            if skipped:
                skipped -= 1
                if not skipped:
                    if is_json:
                        tree.json_ld.append("".join(heard))
                    heard.clear()
                return
            if heard:
                if line or preformatted or len(heard) > 1 or title is not None or not heard[0].isspace():
                    take()
                else:
                    heard.clear()
            if top < 0:
                return
            kind = kinds[top]
            if kind == _BLOCK:
                if pending:
                    flush()
                continues = False
                owners.pop()
                preformatted -= tags[top] == "pre"
            elif kind == _LINK:
                links -= 1
            elif top == detached:
                reattach()
            elif kind == _HEAD_TEXT and title is not None:
                tree.title = _collapsed("".join(title))
                title = None
            ends[top] = elements
            last_block[top] = len(blocks)
            last_run[top] = runs
            top = parents[top]

        def close() -> None:
            """Close what is still open."""
            nonlocal skipped
            if skipped:
                skipped = 0
                heard.clear()
            while top >= 0:
                end("")
            take()
            if pending:
                flush()

        self.start, self.end, self.data, self.close = start, end, heard.append, close

    def let_go(self) -> None:
        """Forget the page. The parser and its context hold each other, and this, until the garbage collector comes by.

        A page is megabytes, and hundreds would wait for it.
        """
        for call in (self.start, self.end, self.close):
            for cell in call.__closure__ or ():
                cell.cell_contents = None
        del self.tree, self.blocks


def is_skipped(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether the Tree leaves an element out, with all that is in it: its text is not for reading."""
    return _KIND.get(tag) == _SKIP and not (tag == "template" and "shadowrootmode" in attributes)


def source_of(decoded: Decoded) -> str | bytes:
    """A page's markup as the parser takes it: text, or UTF-8."""
    # libxml2 ends a document at a NUL, and refuses text that was already decoded if it declares another encoding.
    return decoded.utf8 or decoded.text.replace("\x00", "")


_block = tuple.__new__  # what Block(...) comes to, without the call of Python code in between


def _collapsed(text: str) -> str:
    """Text with its white space collapsed. Most text has no other than single spaces, and that is seen faster."""
    text = text.strip()
    if text.isprintable() and "  " not in text:  # of white space only the space is printable
        return text
    return " ".join(text.split())


def _is_detached(attributes: Mapping[str, str]) -> bool:
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    if style and hides(style):
        return True
    label = attributes.get("class")
    if not label:
        return False
    return _names_detached(label) if len(label) <= REMEMBERED_CHARS else bool(_DETACHED_CLASS.search(label))


@lru_cache(maxsize=65_536)
def _names_detached(label: str) -> bool:
    return bool(_DETACHED_CLASS.search(label))


def parse(markup: str | bytes) -> tuple[Tree, tuple[Block, ...]]:
    """Parse markup (text or UTF-8), however broken, into a Tree and Blocks in reading order.

    Linear in the length of the markup. What follows the first MAX_ELEMENTS elements is left out.
    """
    builder = Builder()
    encoding = "utf-8" if isinstance(markup, bytes) else None  # the parser reads UTF-8: bytes spare it the encoding
    parser = etree.HTMLParser(target=cast(Any, builder), huge_tree=True, encoding=encoding)
    try:
        try:
            parser.feed(markup or " ")
            parser.close()
        except TooManyElementsError:
            builder.close()
        return builder.tree, tuple(builder.blocks)
    finally:
        builder.let_go()


def segment_html(decoded: Decoded, url: str | None = None) -> Document:
    """A decoded page as a Document. Falls back to BeautifulSoup's parser on markup that lxml does not take."""
    try:
        tree, blocks = parse(source_of(decoded))
    except (etree.LxmlError, UnicodeError, ValueError, AssertionError):
        from cleaners.parsing.soup import replay

        builder = Builder()
        replay(decoded.text, builder, MAX_ELEMENTS - 1)
        tree, blocks = builder.tree, tuple(builder.blocks)
    flags = (TRUNCATED,) if len(tree.tags) >= MAX_ELEMENTS - 1 else ()
    return Document(blocks, decoded, url, tree, flags)
