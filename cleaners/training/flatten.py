"""Flattens pages to text in the several ways that dumps are made, so that the text model depends on no single way."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping

from lxml import etree
from lxml import html as lxml_html
from resiliparse.extract.html2text import extract_plain_text

from cleaners.page import Decoded
from cleaners.parsing.html import segment_html

# The line width of mail and of Usenet, from which most wrapped dumps come.
_WRAP_COLUMNS = 72
_UNREAD = ("script", "style", "template", "head")


def block_lines(markup: str) -> str:
    """Each block of the page on a line of its own."""
    return "\n".join(_block_texts(markup))


def wrapped(markup: str) -> str:
    """Blocks wrapped at 72 columns, parted by blank lines."""
    return "\n\n".join(textwrap.fill(text, _WRAP_COLUMNS) for text in _block_texts(markup))


def text_nodes(markup: str) -> str:
    """Each text node on a line of its own: a link breaks its sentence."""
    return "\n".join(_strings(markup))


def one_line(markup: str) -> str:
    """All text nodes on one line, parted by spaces."""
    return " ".join(_strings(markup))


def as_it_stands(markup: str) -> str:
    """The text nodes and nothing between them: lines break where the source's lines broke."""
    root = _readable(markup)
    return "" if root is None else "".join(_all_text(root))


def laid_out(markup: str) -> str:
    """Resiliparse's plain text: paragraphs, bullets, alternative texts of images."""
    return str(extract_plain_text(markup))


FLATTENERS: Mapping[str, Callable[[str], str]] = {
    "block_lines": block_lines,
    "wrapped": wrapped,
    "text_nodes": text_nodes,
    "one_line": one_line,
    "as_it_stands": as_it_stands,
    "laid_out": laid_out,
}


def _block_texts(markup: str) -> list[str]:
    return [block.text for block in segment_html(Decoded(markup, "str", "given")).blocks]


def _strings(markup: str) -> list[str]:
    root = _readable(markup)
    stripped = () if root is None else (" ".join(text.split()) for text in _all_text(root))
    return [text for text in stripped if text]


def _all_text(root: lxml_html.HtmlElement) -> list[str]:
    return [str(text) for text in root.itertext()]


def _readable(markup: str) -> lxml_html.HtmlElement | None:
    try:
        root = lxml_html.document_fromstring(markup.replace("\x00", "\ufffd").encode("utf-8", "replace"), _parser())
    except (etree.LxmlError, ValueError):
        return None
    etree.strip_elements(root, *_UNREAD, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    return root


def _parser() -> lxml_html.HTMLParser:
    return lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
