"""Decides whether an article that was written before has changed since, and when."""

from __future__ import annotations

from typing import Final

from crawler.frontier.outcomes import CrawlOutcome
from crawler.storage.records import RecordTable
from pipelines.dates.utc import http_time, utc_stamp
from pipelines.record.article import Article, changed

TELLING_CHARS: Final = 200
"""Shorter bodies may be equal by chance or because of a paywall; longer equal bodies are the same article."""


def already_written(written: RecordTable, article: Article) -> CrawlOutcome | None:
    """Why a record need not be written, as it was written before and has not changed; None if it must be written."""
    before = written.record(article.id)
    if before is None:
        is_long = len(article.body) >= TELLING_CHARS
        return CrawlOutcome.DUPLICATE_BODY if is_long and written.has_body(article.body_sha256) else None
    body_sha256, run = before
    if run == written.run:
        return CrawlOutcome.DUPLICATE
    return CrawlOutcome.UNCHANGED if body_sha256 == article.body_sha256 else None


def with_change_date(article: Article, lastmod: str | None, last_modified: str | None) -> Article:
    """The article with `date_modified` from the sitemap, else from the HTTP header, if the page states none.

    Call it only if the article's body has changed: sitemaps and servers also change these dates for a new footer.
    """
    if article.date_modified:
        return article
    header = header_date(last_modified)
    value, raw, source = (lastmod, lastmod, "sitemap") if lastmod else (header, last_modified, "http_header")
    if value is None:
        return article
    return changed(article, date_modified=value, date_modified_raw=raw, date_modified_source=source)


def has_changed(written: RecordTable, article: Article) -> bool:
    """Whether an earlier run wrote this article with another body."""
    before = written.record(article.id)
    return before is not None and before[1] != written.run and before[0] != article.body_sha256


def header_date(text: str | None) -> str | None:
    """An HTTP date as ISO 8601 in UTC; None if it cannot be read.

    >>> header_date("Fri, 31 May 2024 10:00:00 GMT")
    '2024-05-31T10:00:00Z'
    """
    moment = http_time(text)
    return utc_stamp(moment) if moment else None
