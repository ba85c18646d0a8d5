"""Makes pieces of self-contained HTML files: escaped text, the frame, colours of reasons, a safe original."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from functools import cache
from importlib.resources import files
from typing import Final
from zlib import crc32

import lxml.html
from lxml import etree
from lxml.etree import LxmlError
from lxml_html_clean import Cleaner

MOST_ORIGINAL_CHARS: Final = 3_000_000
"""A longer page is not shown beside its blocks: the browser would hang on two copies of it."""

# Only the original's text and inline styles are kept: nothing that loads, runs or sends anything.
_SAFE: Final = Cleaner(
    scripts=True, javascript=True, comments=True, style=False, inline_style=False, links=True, meta=True,
    page_structure=False, processing_instructions=True, embedded=True, frames=True, forms=True,
    annoying_tags=False, safe_attrs_only=False, remove_unknown_tags=False, kill_tags=("base", "noscript", "template"),
)  # fmt: skip

# Attributes that make a browser contact a server, at once or on a click. The policy forbids that, but not DNS look-ups.
_LOADING: Final = (
    "src", "srcset", "imagesrcset", "poster", "background", "lowsrc", "dynsrc", "data", "href", "xlink:href", "ping",
    "action",
)  # fmt: skip
_LOADING_STYLE: Final = re.compile(r"(?i)@import|(?:url|image|image-set)\s*\(")


def escaped(text: object) -> str:
    """Text for HTML, in elements and in quoted attributes. Control characters become visible, since they may matter.

    >>> escaped("<b>a & b</b>")
    '&lt;b&gt;a &amp; b&lt;/b&gt;'
    """
    visible = "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in str(text))
    return html.escape(visible, quote=True)


def hue(reason: str) -> int:
    """The colour of a reason, as a hue from 0 to 359; the same in every page and every run."""
    return crc32(reason.encode()) * 137 % 360


def document(title: str, body: str) -> str:
    """A whole page around a body. Its content security policy forbids everything that the file does not hold itself."""
    style, script = _part("page.css"), _part("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"script-src 'sha256-{digest}'"
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escaped(title)}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n{body}\n<script>{script}</script>\n</body>\n</html>\n"
    )


def safe_original(markup: str) -> str | None:
    """A page's own markup without anything that runs, loads or navigates; None if it cannot be shown."""
    if len(markup) > MOST_ORIGINAL_CHARS:
        return None
    try:
        tree = lxml.html.document_fromstring(markup.replace("\x00", ""))
        _SAFE(tree)
    except (LxmlError, ValueError, AssertionError, RecursionError):
        return None
    for element in tree.iter(etree.Element):
        for name in _LOADING:
            if name in element.attrib:
                del element.attrib[name]
        style = element.get("style")
        if style:
            element.set("style", _LOADING_STYLE.sub("none(", style))
        if element.tag == "style" and element.text:
            element.text = _LOADING_STYLE.sub("none(", element.text)
    return str(lxml.html.tostring(tree, encoding="unicode"))


@cache
def _part(name: str) -> str:
    return files("pipelines.review").joinpath(name).read_text("utf-8")
