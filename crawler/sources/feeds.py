"""Reads RSS and Atom feeds: the articles that a site announces, with their dates."""

from __future__ import annotations

import io
from typing import Any, Final

import feedparser

from crawler.sources.sitemaps import Listed
from crawler.urls.spelling import absolute
from pipelines.dates.utc import utc_of

_DATES: Final = ("updated_parsed", "published_parsed")


def read_feed(body: bytes, url: str) -> list[Listed]:
    """Read an RSS or Atom feed. Entries without a usable link are left out; never raises on a damaged feed."""
    feed: Any = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    found = []
    for entry in feed.get("entries", []):
        link = absolute(url, entry.get("link") or "")
        if link:
            changed = next((entry[name] for name in _DATES if dict.get(entry, name)), None)
            found.append(Listed(link, "article", utc_of(changed) if changed else None))
    return found
