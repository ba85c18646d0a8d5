"""Recognises versions of one article (AMP, print, parameters), and decides which address the record is made from."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from crawler.frontier.interface import Frontier
from crawler.urls.spelling import site_of, within
from pipelines.record.kinds.link_kinds import link_kind

_VERSION_SEGMENT: Final = re.compile(r"/(?:amp|print|printable|printversion|print-version|druckversion)(?=/|$)", re.I)
_VERSION_SUFFIX: Final = re.compile(r"\.(?:amp|print)(?=\.s?html?$|$)", re.I)
_VERSION_NAMES: Final = frozenset({"amp", "print", "printable", "outputtype", "druck"})


def stands_for(url: str, canonical: str | None, frontier: Frontier) -> str | None:
    """The address whose article this page is another version of; None if the page itself makes the record.

    A canonical link counts if it stays on the site and can be an article: many sites name their front page on every
    page. It does not count if its page was fetched and is no article. A page without a canonical link, whose address
    is that of a version (/print/…, ?amp=1), is a version of the plain address if the crawl knows that one.
    """
    if canonical is None:
        plain = plain_version(url)
        known = frontier.status_of(plain) if plain != url else None
        return plain if known and (known.is_pending or known.is_article) else None
    if canonical == url or not _plausible(url, canonical):
        return None
    known = frontier.status_of(canonical)
    return canonical if known is None or known.is_pending or known.is_article else None


def plain_version(url: str) -> str:
    """The address without the parts that ask for an AMP or print version; the address itself if it has none.

    >>> plain_version("https://a.example/print/2024/05/a-report")
    'https://a.example/2024/05/a-report'
    >>> plain_version("https://a.example/a-report.amp.html?page=2&amp=1")
    'https://a.example/a-report.html?page=2'
    """
    parts = urlsplit(url)
    path = _VERSION_SUFFIX.sub("", _VERSION_SEGMENT.sub("", parts.path, count=1)) or "/"
    pairs = [pair for pair in parts.query.split("&") if pair.partition("=")[0].lower() not in _VERSION_NAMES]
    return urlunsplit(parts._replace(path=path, query="&".join(pairs)))


def _plausible(url: str, canonical: str) -> bool:
    if not (within(canonical, site_of(url)) or within(url, site_of(canonical))):
        return False
    if urlsplit(canonical).path in ("", "/"):
        return False
    return link_kind(canonical) == "article" or _last(canonical) in url


def _last(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]
