"""Pages that changed since they were last written: what says when."""

from __future__ import annotations

from dataclasses import replace
from email.utils import parsedate_to_datetime

from crawler.storage.store import Store
from pipelines.dates.utc import utc_text
from pipelines.record.article import Article


def with_change_date(article: Article, lastmod: str | None, last_modified: str | None) -> Article:
    """The article with `date_modified` from the sitemap, else from the HTTP header, where the page states none.

    Only for an article whose body was seen to change: sitemaps and servers also move these dates for a new footer.
    """
    if article.date_modified:
        return article
    header = header_date(last_modified)
    value, raw, source = (lastmod, lastmod, "sitemap") if lastmod else (header, last_modified, "http_header")
    if value is None:
        return article
    return replace(article, date_modified=value, date_modified_raw=raw, date_modified_source=source)


def has_changed(store: Store, article: Article) -> bool:
    """Whether an earlier run wrote this article with another body."""
    before = store.record(article.id)
    return before is not None and before[1] != store.run and before[0] != article.body_sha256


def header_date(text: str | None) -> str | None:
    """An HTTP date as ISO 8601 in UTC; None if it cannot be read.

    >>> header_date("Fri, 31 May 2024 10:00:00 GMT")
    '2024-05-31T10:00:00Z'
    """
    try:
        return utc_text(parsedate_to_datetime(text or "").isoformat())
    except (TypeError, ValueError):
        return None
