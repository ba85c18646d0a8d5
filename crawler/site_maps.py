"""Sitemaps and feeds: the addresses a site lists itself, with their dates. Read in worker processes."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from time import struct_time
from typing import Any, Final, NamedTuple

import feedparser
from lxml import etree

from crawler.link_kinds import LinkKind, link_points
from crawler.page_links import absolute

MAX_ENTRIES: Final = 50_000
"""Entries a sitemap may have. Source: sitemaps.org protocol."""
MAX_BYTES: Final = 64 * 1024 * 1024
"""Bytes read of one sitemap, unpacked: the protocol's 50 MB with some room."""
PIECE: Final = 64 * 1024

_SURE_LISTING: Final = -4
_DATES: Final = ("updated_parsed", "published_parsed")


class Listed(NamedTuple):
    """An address that a sitemap or feed lists: what it leads to, and when it last changed (UTC, ISO 8601)."""

    url: str
    kind: LinkKind | str
    lastmod: str | None = None


def read_sitemap(body: bytes, url: str) -> list[Listed]:
    """Read a sitemap, a sitemap index or a news sitemap, gzipped or not; or a plain list of addresses.

    Parsed piece by piece, elements thrown away once read. What follows damage is left out; never raises.
    """
    start = next(_unpacked(body), b"").lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"<"):
        return list(_plain(body, url))[:MAX_ENTRIES]
    found: list[Listed] = []
    for listed in _entries(body, url):
        found.append(listed)
        if len(found) >= MAX_ENTRIES:
            break
    return found


def read_feed(body: bytes, url: str) -> list[Listed]:
    """Read an RSS or Atom feed. Entries without a usable link are left out; never raises on a damaged feed."""
    feed: Any = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    found = []
    for entry in feed.get("entries", []):
        link = absolute(url, entry.get("link") or "")
        if link:
            changed = next((entry[name] for name in _DATES if dict.get(entry, name)), None)
            found.append(Listed(link, "article", _utc_of(changed) if changed else None))
    return found


def utc_text(text: str | None) -> str | None:
    """A sitemap's date as UTC text that sorts by time: `2024-05-31` stays a day, a time gets `Z`. None if unreadable.

    >>> utc_text("2024-05-31T10:00:00+02:00")
    '2024-05-31T08:00:00Z'
    >>> utc_text("2024-05-31")
    '2024-05-31'
    >>> utc_text("yesterday") is None
    True
    """
    text = (text or "").strip()
    try:
        if len(text) <= 10:
            return date.fromisoformat(text).isoformat()
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _entries(body: bytes, url: str) -> Iterator[Listed]:
    parser = etree.XMLPullParser(events=("end",), recover=True, resolve_entities=False, no_network=True)
    try:
        for piece in _unpacked(body):
            parser.feed(piece)
            yield from _read(parser, url)
        parser.close()
    except etree.XMLSyntaxError:
        pass
    yield from _read(parser, url)


def _read(parser: etree.XMLPullParser, url: str) -> Iterator[Listed]:
    for _, node in parser.read_events():
        element: Any = node
        name = _local(element)
        if name in ("url", "sitemap"):
            listed = _listed(element, name, url)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
            if listed:
                yield listed


def _listed(element: Any, name: str, url: str) -> Listed | None:
    said = {_local(child): (child.text or "") for child in element.iter() if isinstance(child.tag, str)}
    link = absolute(url, said.get("loc", ""))
    if link is None:
        return None
    changed = utc_text(said.get("lastmod")) or utc_text(said.get("publication_date"))
    return Listed(link, "sitemap" if name == "sitemap" else _kind(link), changed)


def _kind(url: str) -> LinkKind:
    # A sitemap lists pages on purpose: what does not look like a listing is taken for an article.
    points = link_points(url)
    if points is None:
        return "skip"
    return "listing" if points <= _SURE_LISTING else "article"


def _plain(body: bytes, url: str) -> Iterator[Listed]:
    for line in body[:MAX_BYTES].decode("utf-8", "replace").splitlines():
        link = absolute(url, line) if line.startswith(("http://", "https://")) else None
        if link:
            yield Listed(link, _kind(link))


def _unpacked(body: bytes) -> Iterator[bytes]:
    if not body.startswith(b"\x1f\x8b"):
        yield from (body[at : at + PIECE] for at in range(0, min(len(body), MAX_BYTES), PIECE))
        return
    unpacker = zlib.decompressobj(47)
    total, rest = 0, body
    try:
        while rest and total < MAX_BYTES:
            piece = unpacker.decompress(rest, PIECE)
            rest = unpacker.unconsumed_tail
            total += len(piece)
            yield piece
    except zlib.error:
        return


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _utc_of(moment: struct_time) -> str:
    return datetime(*moment[:6], tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
