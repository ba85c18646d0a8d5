"""Writes records as a feed: Atom (RFC 4287) and RSS 2.0, for feed readers and read-later programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from pipelines.dates.utc import utc_beginning

Record = Mapping[str, Any]
# Characters that XML 1.0 does not allow.
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NO_TIME: Final = "1970-01-01T00:00:00Z"


class Feed(NamedTuple):
    """One kind of feed: its beginning, an entry, and its end, given the latest time and the first address."""

    head: str
    entry: Callable[[Record], str]
    tail: Callable[[str, str], str]


def feed_of(records: Iterable[Record], shape: str) -> Iterator[str]:
    """The feed as text, piece by piece; a few records are held at a time. `shape` is a key of FEEDS."""
    feed = FEEDS[shape]
    latest, address = _NO_TIME, ""
    yield feed.head
    for record in records:
        latest = max(latest, time_of(record))
        address = address or str(_link(record) or "")
        yield feed.entry(record)
    yield feed.tail(latest, address)


def time_of(record: Record) -> str:
    """When the record's page says that it was last changed, in UTC; the time of the fetch if it says nothing."""
    return _first_time(record, "modified_at", "published_at", "modified_day", "published_day", "fetched_at") or _NO_TIME


def _published(record: Record) -> str | None:
    return _first_time(record, "published_at", "published_day")


def _first_time(record: Record, *names: str) -> str | None:
    """The first of these fields that holds a readable day or instant, as a time in UTC."""
    times = (utc_beginning(str(record[name])) for name in names if record.get(name))
    return next(filter(None, times), None)


def _link(record: Record) -> str | None:
    return record.get("canonical_url") or record.get("url")


def _rfc_822(instant: str) -> str:
    return format_datetime(datetime.fromisoformat(instant).astimezone(UTC))


def _text(value: object) -> str:
    return escape(_NO_XML.sub(" ", str(value)))


def _element(name: str, value: object, attributes: str = "") -> str:
    return f"<{name}{attributes}>{_text(value)}</{name}>" if value else ""


def _atom_entry(record: Record) -> str:
    link = _link(record)
    parts = (
        _element("id", link or f"urn:sha256:{record.get('id')}"),
        f"<title>{_text(record.get('headline') or '')}</title>",
        f"<link href={quoteattr(_NO_XML.sub('', str(link)))}/>" if link else "",
        _element("updated", time_of(record)),
        _element("published", _published(record)),
        "".join(f"<author><name>{_text(name)}</name></author>" for name in _authors(record)),
        "".join(f"<category term={quoteattr(_NO_XML.sub('', tag))}/>" for tag in record.get("tags") or ()),
        _element("summary", record.get("description")),
        _element("content", record["body_html"], ' type="html"') if record.get("body_html")
        else _element("content", record.get("body"), ' type="text"'),
    )  # fmt: skip
    return "<entry>" + "".join(parts) + "</entry>\n"


def _authors(record: Record) -> list[str]:
    """The authors. Atom needs at least one, so the site is named if no author is known."""
    return list(record.get("authors") or ()) or [record.get("site_name") or "unknown"]


def _rss_item(record: Record) -> str:
    link = _link(record)
    published = _published(record)
    parts = (
        _element("title", record.get("headline")),
        _element("link", link),
        _element("guid", link or record.get("id"), "" if link else ' isPermaLink="false"'),
        _element("pubDate", _rfc_822(published) if published else None),
        "".join(_element("dc:creator", name) for name in record.get("authors") or ()),
        "".join(_element("category", tag) for tag in record.get("tags") or ()),
        f"<description>{_text(record.get('description') or '')}</description>",
        _element("content:encoded", record.get("body_html") or _as_html(record.get("body") or "")),
    )
    return "<item>" + "".join(parts) + "</item>\n"


def _as_html(body: str) -> str:
    """A plain body as HTML: its paragraphs, with their line breaks."""
    return "".join(f"<p>{escape(part)}</p>".replace("\n", "<br>") for part in body.split("\n\n") if part)


def _atom_tail(latest: str, address: str) -> str:
    return f"<updated>{latest}</updated>\n</feed>\n"


def _rss_tail(latest: str, address: str) -> str:
    site = "/".join(address.split("/")[:3]) or "about:blank"
    return f"{_element('link', site)}\n<lastBuildDate>{_rfc_822(latest)}</lastBuildDate>\n</channel></rss>\n"


_XML: Final = '<?xml version="1.0" encoding="utf-8"?>\n'
FEEDS: Final[Mapping[str, Feed]] = {
    "atom": Feed(
        _XML + '<feed xmlns="http://www.w3.org/2005/Atom">\n<id>urn:copydesk:records</id>\n'
        "<title>Records of Copydesk</title>\n<generator>Copydesk</generator>\n",
        _atom_entry,
        _atom_tail,
    ),
    "rss": Feed(
        _XML + '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>\n<title>Records of Copydesk</title>\n'
        "<description>Records of Copydesk</description>\n",
        _rss_item,
        _rss_tail,
    ),
}
