"""Writes records: to a local JSON Lines file (-O, -o) through the ledger, to every other feed through Scrapy."""

from __future__ import annotations

import json
import logging
import sqlite3
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.logformatter import LogFormatter
from scrapy.settings import BaseSettings

from cleaners.errors import OutputError
from crawler.running.settler import LeftOut
from crawler.running.state import state_of
from crawler.storage.changes import already_written
from crawler.storage.files import lines_feed
from pipelines.record.article import Article


class DurableOutput:
    """Add-on: takes the first local JSON Lines feed out of FEEDS, because the ledger writes it."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Move the feed. Scrapy's feed exports keep other formats and places."""
        if feed := lines_feed(settings):
            rest = {uri: options for uri, options in settings.getdict("FEEDS").items() if uri != feed.uri}
            settings.set("FEEDS", rest, priority="cmdline")


class OutputPipeline:
    """The last item pipeline: leaves out articles that were written before, and appends the rest to the ledger."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build; the crawl's files are in its state."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Write an Article once. Raises LeftOut if it was written before, OutputError if the disk is full."""
        if not isinstance(item, Article):
            return item
        state = state_of(self._crawler)
        store, ledger = state.files.store, state.files.ledger
        if why := already_written(store, item):
            raise LeftOut(why)
        if ledger is None:
            store.put_record(item.id, item.body_sha256, 0)
            return item
        try:
            ledger.append(item.id, item.body_sha256, line_of(item))
        except OutputError as error:
            state.stop(str(error))
            raise
        return item


def line_of(article: Article) -> str:
    """An article as one line of JSON."""
    return json.dumps(article.as_dict(), ensure_ascii=False, separators=(",", ":")) + "\n"


class BriefLog(LogFormatter):
    """Log lines without the whole article in them; a crawl that stops because the disk is full says so once."""

    def dropped(self, item: Any, *rest: Any, **more: Any) -> Any:
        """A record that was left out: the address."""
        return _brief(super().dropped(item, *rest, **more), item, logging.DEBUG)

    def item_error(self, item: Any, exception: BaseException, *rest: Any, **more: Any) -> Any:
        """A record that could not be written: the address."""
        line = super().item_error(item, exception, *rest, **more)
        return _brief(line, item, logging.DEBUG if isinstance(exception, (OutputError, sqlite3.Error)) else None)

    def spider_error(self, failure: Any, *rest: Any, **more: Any) -> Any:
        """A page that could not be read."""
        line: Any = super().spider_error(failure, *rest, **more)
        return {**line, "level": logging.DEBUG} if isinstance(failure.value, (OutputError, sqlite3.Error)) else line


def _brief(line: Any, item: Any, level: int | None) -> Any:
    return {**line, "level": level or line["level"], "args": {**line["args"], "item": getattr(item, "url", item)}}
