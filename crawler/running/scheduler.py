"""The Scrapy scheduler: hands out the frontier's addresses, host by host. An address is done when it is settled."""

from __future__ import annotations

import logging
import sqlite3
from collections import deque
from typing import Protocol, Self

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.frontier.outcomes import CrawlOutcome
from crawler.frontier.shared.connection import FrontierError
from crawler.frontier.targets import Known, Settlement, Target
from crawler.running.settler import Settler
from crawler.running.state import CrawlState
from crawler.storage.descriptors import cannot_write
from crawler.urls.spelling import host_of, one_spelling

logger = logging.getLogger(__name__)


class CrawlingSpider(Protocol):
    """The interface of a spider for the scheduler."""

    crawl_state: CrawlState
    settler: Settler

    def request_for(self, target: Target, known: Known | None) -> Request:
        """The request that fetches an address; `known` holds the facts of its last fetch."""
        ...


class Scheduler:
    """Hands out pending addresses as requests. Retries and redirects of an address under way come back first."""

    _spider: CrawlingSpider
    _state: CrawlState

    def __init__(self) -> None:
        self._continued: deque[Request] = deque()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build; open() will give the spider and its state."""
        return cls()

    def open(self, spider: CrawlingSpider) -> None:
        """Continue with the addresses that the frontier holds."""
        self._spider, self._state = spider, spider.crawl_state
        self._state.turns.start()

    def close(self, reason: str) -> None:
        """Keep the remaining addresses for the next run. On a full disk, changes after the last commit are lost."""
        try:
            self._state.commit()
        except (sqlite3.Error, OSError) as error:
            self._state.files.store.abandon()
            self._state.frontier.abandon()
            logger.error(cannot_write(self._state.files.store.path, error))

    def has_pending_requests(self) -> bool:
        """Whether anything is left to fetch, including addresses of paused hosts."""
        try:
            return bool(self._continued) or self._state.turns.has_more()
        except (sqlite3.Error, FrontierError) as error:
            self._state.cannot_write(error)
            return False

    def enqueue_request(self, request: Request) -> bool:
        """Take back a request (a retry or redirect of one under way), or queue the address of a new one."""
        target: Target | None = request.meta.get("target")
        url = one_spelling(request.url)
        if target is None:
            return self._state.turns.add([Target(url, "listing")]) > 0
        if url != target.url:
            if self._is_taken(url, request):
                self._spider.settler.settle(request, Settlement(CrawlOutcome.REDIRECT_TO_KNOWN))
                return False
            self._state.turns.begin(url)
            request.meta.setdefault("passed", []).append(url)
        self._continued.append(request)
        return True

    def next_request(self) -> Request | None:
        """The next request: first retries and redirects, then the hosts in turn."""
        for _ in range(len(self._continued)):
            request = self._continued.popleft()
            if not self._state.host_facts.is_paused(host_of(request.url)):
                return request
            self._continued.append(request)
        if self._state.is_stopping:
            return None
        try:
            target = self._state.turns.next()
            return self._spider.request_for(target, self._state.frontier.known(target.url)) if target else None
        except (sqlite3.Error, FrontierError) as error:
            self._state.cannot_write(error)
            return None

    def _is_taken(self, url: str, request: Request) -> bool:
        """Whether the address to which a redirect leads is under way or settled, so that it is not fetched again."""
        if self._state.turns.is_under_way(url):
            return True
        status = self._state.frontier.status_of(url)
        if status is None or status.is_pending:
            return False
        # An address that is due again leads where it led in an earlier run.
        return request.meta.get("known") is None or status.run == self._state.frontier.run
