"""Applies the filters of a crawl, and writes the records that they leave out to a file."""

from __future__ import annotations

from pathlib import Path

from scrapy.crawler import Crawler

from cleaners.errors import OutputError, UsageError
from crawler.frontier.outcomes import CrawlOutcome
from crawler.storage.descriptors import append_whole, cannot_write
from pipelines.record.article import Article
from pipelines.selection.filters import wanted_of
from pipelines.selection.sieve import Sieve


class RejectedFile:
    """Appends lines to a file, so that an interrupted crawl keeps what it wrote."""

    def __init__(self, name: str) -> None:
        self._path = Path(name)
        try:
            self._path.open("ab").close()
        except OSError as error:
            raise UsageError(f"{name}: cannot be written ({error.strerror or error}). Name another file.") from error

    def write(self, lines: bytes) -> None:
        """Add whole lines. Raises OutputError if the disk is full."""
        try:
            with self._path.open("ab", buffering=0) as file:
                append_whole(file.fileno(), lines)
        except OSError as error:
            raise OutputError(cannot_write(self._path, error)) from error


class RecordFilter:
    """Leaves out the articles that the setting WANTED does not ask for, each once, and writes them to REJECTED.

    Raises UsageError for impossible settings.
    """

    def __init__(self, crawler: Crawler) -> None:
        rejected = crawler.settings.get("REJECTED")
        wanted = wanted_of(crawler.settings.getdict("WANTED"))
        self._sieve = Sieve(wanted, RejectedFile(rejected) if rejected else None)
        self._crawler = crawler
        self._left_out: set[int] = set()

    def outcome_of(self, article: Article) -> CrawlOutcome | None:
        """The outcome of an unwanted article, which is counted by reason; None for a wanted one."""
        name = int(article.id[:16], 16)
        if name in self._left_out:
            return CrawlOutcome.DUPLICATE
        reason = self._sieve.reason(article.as_dict())
        if reason is None:
            return None
        self._left_out.add(name)
        self._crawler.stats.inc_value(f"copydesk/filtered/{reason}")
        return CrawlOutcome.FILTERED
