"""Reads sitemaps: the addresses that a site lists itself, with their dates."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any, Final, NamedTuple

from lxml import etree

from crawler.urls.spelling import MAX_ADDRESS_CHARS, absolute
from pipelines.dates.utc import utc_text
from pipelines.record.kinds.link_kinds import LinkKind, link_points

MAX_ENTRIES: Final = 50_000
"""Entries a sitemap may have. Source: sitemaps.org protocol."""
MAX_BYTES: Final = 64 * 1024 * 1024
"""Bytes read of one sitemap, unpacked: the protocol's 50 MB with some room."""
PIECE: Final = 64 * 1024
"""Bytes unpacked and parsed at a time: some hundred entries."""
PACKED_PIECE: Final = 4 * 1024
"""Packed bytes given to the unpacker at a time: it copies unread bytes once a piece and once a member."""
PARTS_OF_TEXT: Final = 50
"""The most pieces of an address's text that are kept: the parser gives a piece for each line and each entity."""

DEPTH: Final = 32
"""The deepest nesting of elements; a news or video sitemap has five levels."""
MAX_ELEMENTS: Final = 20 * MAX_ENTRIES
"""The most elements of a sitemap; an entry has four, with an image ten."""

_XML_STARTS: Final = (b"<", b"\xff\xfe", b"\xfe\xff")
_TYPED: Final = re.compile(rb"&(?!#?\w{1,10};)")  # an & that begins no entity
_LONGEST_ENTITY: Final = 12
"""Bytes that the longest of the entities has: those of XML, and numbers."""
_BEFORE_TEXT: Final = b"\xef\xbb\xbf \t\r\n"  # a byte order mark, and white space
_SURE_LISTING: Final = -4


class Listed(NamedTuple):
    """An address in a sitemap or feed: the kind of its page, and when it last changed (UTC, ISO 8601)."""

    url: str
    kind: LinkKind | str
    lastmod: str | None = None


def read_sitemap(body: bytes, url: str) -> Iterator[Listed]:
    """Read a sitemap, a sitemap index or a news sitemap, gzipped or not, or a plain list of addresses, as a stream.

    Only a piece of it is unpacked at a time and no tree is built, so memory does not grow with the sitemap. Everything
    after damage, MAX_ENTRIES or MAX_BYTES is left out; never raises.
    """
    start = next(_unpacked(body), b"").lstrip(_BEFORE_TEXT)
    found = _entries(body, url) if start.startswith(_XML_STARTS) else _plain(body, url)
    return islice(found, MAX_ENTRIES)


class _NoSitemapError(Exception):
    """More elements, or deeper ones, than any sitemap has."""


class _Entries:
    """A parser's target that keeps the entries read since they were last taken, and nothing else of the document."""

    def __init__(self, url: str) -> None:
        self.ready: list[Listed] = []
        self._url = url
        self._open = self._elements = 0
        self._entry = ""  # url or sitemap, inside of one
        self._depth = 0  # elements open within the entry
        self._said: dict[str, str] = {}
        self._text: list[str] | None = None

    def start(self, tag: str, attributes: object) -> None:
        self._open += 1
        self._elements += 1
        if self._open > DEPTH or self._elements > MAX_ELEMENTS:
            raise _NoSitemapError
        name = _local(tag)
        if not self._entry and name in ("url", "sitemap"):
            self._entry, self._depth, self._said = name, 0, {}
        elif self._entry:
            self._depth += 1
            # An image of the entry has an address too; only the entry's own counts.
            own = name in ("loc", "lastmod") and self._depth == 1
            self._text = [] if own or name == "publication_date" else None

    def data(self, text: str) -> None:
        if self._text is not None and len(self._text) < PARTS_OF_TEXT:
            self._text.append(text[:MAX_ADDRESS_CHARS])

    def end(self, tag: str) -> None:
        self._open -= 1
        name = _local(tag)
        if self._entry and not self._depth and name == self._entry:
            if listed := _listed(self._said, name, self._url):
                self.ready.append(listed)
            self._entry = ""
        elif self._entry:
            self._depth = max(0, self._depth - 1)
            if self._text is not None:
                self._said.setdefault(name, "".join(self._text))
            self._text = None

    def close(self) -> None:
        """The end of the document; the parser needs this method."""


def _entries(body: bytes, url: str) -> Iterator[Listed]:
    target: Any = _Entries(url)
    parser = etree.XMLParser(target=target, recover=True, resolve_entities=False, no_network=True)
    try:
        for piece in _mended(_unpacked(body)):
            parser.feed(piece)
            yield from target.ready
            target.ready.clear()
        parser.close()
    except (etree.XMLSyntaxError, _NoSitemapError):
        pass
    yield from target.ready


def _mended(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces with `&` as `&amp;` where it begins no entity: many sitemaps have addresses as people type them.

    A sitemap in UTF-16 stays as it is, and so does one whose first piece has a CDATA section, where `&` is right.
    """
    first = next(pieces, b"")
    if b"\0" in first[:4] or b"<![CDATA[" in first:
        yield first
        yield from pieces
        return
    rest = b""
    for piece in chain((first,), pieces):
        at = piece.rfind(b"&", -_LONGEST_ENTITY)
        whole, cut = (piece[:at], piece[at:]) if at >= 0 else (piece, b"")  # an entity may go on in the next piece
        yield _TYPED.sub(b"&amp;", rest + whole)
        rest = cut
    yield _TYPED.sub(b"&amp;", rest)


def _listed(said: Mapping[str, str], name: str, url: str) -> Listed | None:
    link = absolute(url, said.get("loc", ""))
    if link is None:
        return None
    changed = utc_text(said.get("lastmod")) or utc_text(said.get("publication_date"))
    return Listed(link, "sitemap" if name == "sitemap" else _kind(link), changed)


def _kind(url: str) -> LinkKind:
    # Sitemaps list pages on purpose, so an address that does not look like a listing counts as an article.
    points = link_points(url)
    if points is None:
        return "skip"
    return "listing" if points <= _SURE_LISTING else "article"


def _plain(body: bytes, url: str) -> Iterator[Listed]:
    rest = b""
    for piece in chain(_unpacked(body), (b"\n",)):
        *lines, rest = (rest + piece).split(b"\n")
        rest = rest[-MAX_ADDRESS_CHARS - 1 :]  # longer lines are not addresses
        for line in lines:
            text = line.lstrip(_BEFORE_TEXT)
            if text.startswith((b"http://", b"https://")) and (link := absolute(url, text.decode("utf-8", "replace"))):
                yield Listed(link, _kind(link))


def _unpacked(body: bytes) -> Iterator[bytes]:
    if not body.startswith(b"\x1f\x8b"):
        yield from (body[at : at + PIECE] for at in range(0, min(len(body), MAX_BYTES), PIECE))
        return
    unpacker, total = zlib.decompressobj(31), 0
    try:
        for at in range(0, len(body), PACKED_PIECE):
            rest = body[at : at + PACKED_PIECE]
            while rest and total < MAX_BYTES:
                piece = unpacker.decompress(rest, PIECE)
                rest = unpacker.unconsumed_tail or unpacker.unused_data
                unpacker = zlib.decompressobj(31) if unpacker.eof else unpacker  # a further member of the file
                total += len(piece)
                yield piece
    except zlib.error:
        return


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()
