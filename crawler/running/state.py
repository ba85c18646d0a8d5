"""The state of one crawl while it runs, which the spider, the scheduler and the middlewares share."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from scrapy.crawler import Crawler

from crawler.fetching.host_facts import HostFacts
from crawler.frontier.interface import Frontier
from crawler.frontier.shared.connection import FrontierError
from crawler.running.turns import HostTurns
from crawler.sources.seeds import Seed
from crawler.storage.descriptors import cannot_write
from crawler.storage.files import CrawlFiles
from crawler.urls.spelling import one_spelling, site_of
from crawler.urls.traps import Trails


@dataclass(slots=True)
class CrawlState:
    """The state of one crawl.

    frontier        every address: those to be fetched, those fetched, and their outcomes
    files           the output, the store and the archive
    sitemaps_taken  sitemaps read or queued so far, by seed
    failed_inputs   a line for each seed, page or output that failed; they make the exit status
    """

    crawler: Crawler
    seeds: list[Seed]
    files: CrawlFiles
    frontier: Frontier
    host_facts: HostFacts
    turns: HostTurns
    trails: Trails = field(default_factory=Trails)
    sitemaps_taken: Counter[int] = field(default_factory=Counter)
    failed_inputs: list[str] = field(default_factory=list)
    is_stopping: bool = False
    closing: asyncio.Future[Any] | None = None

    def site_of_seed(self, seed: int) -> str:
        """The site of a seed, after redirects."""
        url = self.seeds[seed].url
        return self.frontier.fact(f"site {one_spelling(url)}") or site_of(url)

    def input_failed(self, message: str, level: int = logging.ERROR) -> None:
        """Report an input that failed. The rest goes on; the closing lines and the exit status show the failure."""
        self.crawler.spider.logger.log(level, message)  # type: ignore[union-attr]
        self.failed_inputs.append(message)
        self.crawler.stats.inc_value("copydesk/failed_inputs")

    def commit(self) -> None:
        """Make all changes since the last commit last."""
        self.files.store.commit()
        self.frontier.commit()

    def cannot_write(self, error: BaseException, place: object = None) -> None:
        """Stop because of a full disk or the like. Changes since the last commit are lost; the next run goes on."""
        self.files.store.abandon()
        self.frontier.abandon()
        if isinstance(error, FrontierError):
            self.stop(str(error))
            return
        where = place or self.files.store.path or "the store"
        if "malformed" in str(error):
            self.stop(f"{where}: damaged ({error}); put a copy of it back, or remove it to begin anew")
            return
        self.stop(cannot_write(where, error))

    def stop(self, message: str) -> None:
        """Stop the crawl because its files cannot be written; the same command continues it later."""
        if not self.is_stopping:
            self.is_stopping = True
            self.input_failed(message)
            engine: Any = self.crawler.engine
            self.closing = asyncio.ensure_future(engine.close_spider_async(reason="output"))


class HasState(Protocol):
    """A spider that crawls with a frontier."""

    crawl_state: CrawlState


def state_of(crawler: Crawler) -> CrawlState:
    """The state of a running crawl, for Scrapy's components, which are given only the crawler."""
    return cast(HasState, crawler.spider).crawl_state
