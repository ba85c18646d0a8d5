"""Versions of one article: AMP, print, syndicated parameters. Which address the record is made from."""

from __future__ import annotations

from urllib.parse import urlsplit

from crawler.address import site_of, within
from crawler.link_kinds import link_kind
from crawler.store import DONE, PENDING, Store


def stands_for(url: str, canonical: str | None, store: Store) -> str | None:
    """The address whose article this page is another version of, or None if the page is to be taken itself.

    A canonical link counts if it stays on the site and can be an article: many sites name their front page on every
    page. One that was fetched and gave no article does not count either.
    """
    if canonical is None or canonical == url or not _plausible(url, canonical):
        return None
    known = store.outcome_of(canonical)
    if known is None or known[0] == PENDING:
        return canonical
    return canonical if known[0] == DONE and known[1] else None


def _plausible(url: str, canonical: str) -> bool:
    if not (within(canonical, site_of(url)) or within(url, site_of(canonical))):
        return False
    if urlsplit(canonical).path in ("", "/"):
        return False
    return link_kind(canonical) == "article" or _last(canonical) in url


def _last(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]
