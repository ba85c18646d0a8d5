"""Where records go: a local JSON Lines file (-O, -o) is written through the ledger, every other feed by Scrapy."""

from __future__ import annotations

import json
import logging
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.logformatter import LogFormatter
from scrapy.settings import BaseSettings

from cleaners.errors import UsageError
from crawler.storage.ledger import PART_SUFFIX, Ledger, OutputError, finish
from crawler.storage.locks import PlaceLock
from crawler.storage.store import STORE_SUFFIX, Store
from pipelines.record.article import Article

TELLING_CHARS = 200
"""Bodies shorter than this may be alike by chance or by a paywall's words; longer ones are the same article."""
_LINES = ("jsonl", "jsonlines", "jl")


class DurableOutput:
    """Add-on: takes the first local JSON Lines feed, which the ledger writes, out of FEEDS."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Move the feed. Other formats and places stay with Scrapy's feed exports."""
        if feed := lines_feed(settings):
            rest = {uri: options for uri, options in settings.getdict("FEEDS").items() if uri != feed.uri}
            settings.set("FEEDS", rest, priority="cmdline")


class LinesFeed(NamedTuple):
    """A local JSON Lines feed: its key in FEEDS, its path, and whether it starts over."""

    uri: Any
    path: Path
    overwrite: bool


def lines_feed(settings: BaseSettings) -> LinesFeed | None:
    """The first local JSON Lines feed of the settings."""
    for uri, options in settings.getdict("FEEDS").items():
        path = _local_path(str(uri))
        if path and options.get("format") in _LINES:
            return LinesFeed(uri, path, bool(options.get("overwrite")))
    return None


@dataclass(slots=True)
class Crawl:
    """What a crawl keeps on disk: the store, and the ledger if there is a local output.

    `closed` is true once everything was written and closed without an error.
    """

    store: Store
    ledger: Ledger | None = None
    final: Path | None = None
    resumed: bool = False
    locks: tuple[PlaceLock, ...] = ()
    closed: bool = False

    @property
    def place(self) -> Path | None:
        """Where the records are: in place, or in the unfinished file beside it."""
        unfinished = self.ledger is not None and self.ledger.path.exists()
        return self.ledger.path if self.ledger and unfinished else self.final

    def finish(self, reason: str) -> None:
        """Close. A crawl that came to its end puts its output in place; another leaves it to be resumed."""
        complete = reason == "finished" and not self.store.broken and self.store.counts()["pending"] == 0
        if self.ledger:
            self.ledger.close()
        if complete and self.ledger and self.final and self.ledger.path != self.final:
            finish(self.ledger.path, self.final)
        if complete:
            self.store.set_fact("finished", "yes")
        self.store.close()
        self.release()
        self.closed = True

    def release(self) -> None:
        """Let other crawls have the store and the output."""
        for lock in self.locks:
            lock.release()


def open_crawl(settings: BaseSettings, command: str) -> Crawl:
    """Open the store and the output that the settings name; go on with an interrupted crawl of the same command.

    -O starts over, unless its last run was interrupted. -o goes on: what is there stays, what is new or changed is
    added. STORE names the store elsewhere. Without a local output the store lasts as long as the run.
    Raises UsageError if a file cannot be opened or another crawl has it.
    """
    feed = lines_feed(settings)
    stored = Path(settings["STORE"]) if settings["STORE"] else None
    try:
        locks = _locked(feed, stored)
        try:
            crawl = _opened(feed, stored, command)
        except BaseException:
            for lock in locks:
                lock.release()
            raise
    except (sqlite3.Error, OSError) as error:
        place = stored or (feed and feed.path.with_name(feed.path.name + STORE_SUFFIX))
        raise UsageError(
            f"{place}: cannot be opened ({error}); choose another place, or remove the file to begin anew"
        ) from error
    crawl.locks = locks
    return crawl


def _locked(feed: LinesFeed | None, stored: Path | None) -> tuple[PlaceLock, ...]:
    """Hold the output and the store before anything is looked at or removed."""
    places = [path for path in (feed.path if feed else None, stored) if path]
    locks: list[PlaceLock] = []
    try:
        for place in places:
            place.parent.mkdir(parents=True, exist_ok=True)
            locks.append(PlaceLock(place.resolve()))
    except BaseException:
        for lock in locks:
            lock.release()
        raise
    return tuple(locks)


def _opened(feed: LinesFeed | None, stored: Path | None, command: str) -> Crawl:
    if feed is None:
        return _at(Store(stored), command, None, None)
    final = feed.path
    overwrite = feed.overwrite or final.suffix in (".gz", ".zst")
    part = final.with_name(final.name + PART_SUFFIX) if overwrite else final
    beside = stored or final.with_name(final.name + STORE_SUFFIX)
    if overwrite and not _interrupted(beside, command):
        _remove(part, *(() if stored else (beside, _beside(beside, "-wal"), _beside(beside, "-shm"))))
    return _at(Store(beside), command, part, final)


def _at(store: Store, command: str, path: Path | None, final: Path | None) -> Crawl:
    resumed = store.fact("command") is not None and store.fact("finished") == "no"
    if store.fact("finished") == "yes":
        store.start_run()
        if path and final and path != final:
            output = store.name_of(final)
            store.set_output_state(output, 0, is_open=True)
            store.forget_lines(output)
    store.set_fact("command", command)
    store.set_fact("finished", "no")
    store.commit()
    try:
        ledger = Ledger(path, store, store.name_of(final)) if path and final else None
    except BaseException:
        store.close()
        raise
    return Crawl(store, ledger, final, resumed)


def _interrupted(path: Path, command: str) -> bool:
    if not path.exists():
        return False
    store = Store(path)
    try:
        return store.fact("finished") == "no" and store.fact("command") == command
    finally:
        store.close()


def _remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _local_path(uri: str) -> Path | None:
    if uri.startswith("file://"):
        return Path(uri.removeprefix("file://"))
    return None if "://" in uri or uri.startswith("stdout:") else Path(uri)


class OutputPipeline:
    """The last item pipeline: leaves out what was written before, and appends the rest to the ledger."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build; the crawl's files are the spider's."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Write an Article once. Raises DropItem for one that is there, OutputError if the disk is full."""
        if not isinstance(item, Article):
            return item
        crawl: Crawl = self._crawler.spider.crawl  # type: ignore[union-attr]
        if why := already_written(crawl.store, item):
            raise DropItem(why)
        if crawl.ledger:
            self._append(crawl.ledger, item)
        else:
            crawl.store.put_record(item.id, item.body_sha256, 0)
        return item

    def _append(self, ledger: Ledger, article: Article) -> None:
        line = json.dumps(article.as_dict(), ensure_ascii=False, separators=(",", ":")) + "\n"
        try:
            ledger.append(article.id, article.body_sha256, line)
        except OutputError as error:
            spider: Any = self._crawler.spider
            spider.stop(str(error))
            raise


class BriefLog(LogFormatter):
    """Log lines without the whole article in them; a crawl that stops for want of space says so once."""

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
        return {**line, "level": logging.DEBUG} if isinstance(failure.value, sqlite3.Error) else line


def _brief(line: Any, item: Any, level: int | None) -> Any:
    return {**line, "level": level or line["level"], "args": {**line["args"], "item": getattr(item, "url", item)}}


def already_written(store: Store, article: Article) -> str | None:
    """Why a record need not be written: it is there already, or nothing changed since. None if it is to be written."""
    before = store.record(article.id)
    if before is None:
        told = len(article.body) >= TELLING_CHARS
        return "duplicate_body" if told and store.has_body(article.body_sha256) else None
    body_sha256, run = before
    if run == store.run:
        return "duplicate"
    return "unchanged" if body_sha256 == article.body_sha256 else None
