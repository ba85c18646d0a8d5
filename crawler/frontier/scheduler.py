"""The frontier: a Scrapy scheduler over the store. Hosts take turns; an address is done when its page is settled."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.storage.store import FAILED, Outcome, Store, Target
from crawler.urls.spelling import host_of, one_spelling
from pipelines.dates.utc import utc_stamp

BUFFER: Final = 64
"""Addresses of a host read from the store at a time."""

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class HostQueue:
    """One host's turn: what was read ahead, what is under way, and how it has been answering."""

    host: str
    ready: deque[Target] = field(default_factory=deque)
    under_way: set[str] = field(default_factory=set)
    failures: int = 0
    pauses: int = 0
    paused_until: float = 0.0
    empty: bool = False


class Frontier:
    """Hands out pending addresses, host by host, no more of one host than it may have under way.

    Retries and redirects of an address that is under way come back first and stay that address. An address counts as
    settled when its record is in the output, or when the spider says that there is none.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._a_host = max(1, settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")) * 2  # one on the wire, one being read
        self._failures_allowed = settings.getint("HOST_FAILURES")
        self._pause = settings.getfloat("HOST_PAUSE")
        self._pauses_allowed = settings.getint("HOST_PAUSES")
        self._stale_before = stale_before(settings["REFETCH_AGE"])
        self._hosts: dict[str, HostQueue] = {}
        self._turns: deque[HostQueue] = deque()
        self._continued: deque[Request] = deque()
        self._store: Store  # the spider's, from open() on

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build, and listen to what becomes of the pages."""
        frontier = cls(crawler)
        crawler.signals.connect(frontier.item_settled, signals.item_scraped)
        crawler.signals.connect(frontier.item_dropped, signals.item_dropped)
        crawler.signals.connect(frontier.item_failed, signals.item_error)
        crawler.signals.connect(frontier.spider_failed, signals.spider_error)
        return frontier

    def open(self, spider: Any) -> None:
        """Take over the spider's store."""
        self._store = spider.crawl.store
        spider.frontier = self
        for host in self._store.hosts():
            self._queue(host)

    def close(self, reason: str) -> None:
        """Keep what is left for the next run. A disk that is full by now costs what came after the last commit."""
        try:
            self._store.commit()
        except sqlite3.Error as error:
            self._store.abandon()
            logger.error("%s: cannot write (%s); free some space and run it again", self._store.path, error)

    def has_pending_requests(self) -> bool:
        """Whether anything is left to fetch, paused hosts included."""
        return bool(self._continued) or any(not queue.empty for queue in self._hosts.values())

    def enqueue_request(self, request: Request) -> bool:
        """Take a request back (a retry or redirect of one under way), or queue the address of a new one."""
        target: Target | None = request.meta.get("target")
        if target is None:
            return self.add([Target(one_spelling(request.url), "listing")]) > 0
        url = one_spelling(request.url)
        if url != target.url and (self._store.is_settled(url) or url in self._queue(host_of(url)).under_way):
            self.settle(request, Outcome("redirect_to_known"))
            return False
        if url != target.url:
            self._queue(host_of(url)).under_way.add(url)
            request.meta.setdefault("passed", []).append(url)
        self._continued.append(request)
        return True

    def next_request(self) -> Request | None:
        """The next request: what continues first, then the hosts in turn."""
        now = time.monotonic()
        for _ in range(len(self._continued)):
            request = self._continued.popleft()
            if self._queue(host_of(request.url)).paused_until <= now:
                return request
            self._continued.append(request)
        for _ in range(len(self._turns)):
            queue = self._turns[0]
            self._turns.rotate(-1)
            if queue.empty or queue.paused_until > now or len(queue.under_way) >= self._a_host:
                continue
            target = self._next_of(queue)
            if target is not None:
                return self._request(queue, target)
        return None

    def add(self, targets: list[Target]) -> int:
        """Queue addresses. Gives how many were new or due."""
        queued = self._store.add(targets, self._stale_before)
        if queued > 0:
            for host in dict.fromkeys(host_of(target.url) for target in targets):
                self._queue(host).empty = False
        return queued

    def settle(self, request: Request | None, outcome: Outcome) -> None:
        """An address is done with: write down how, together with everything found on its page."""
        target: Target | None = request.meta.pop("target", None) if request else None
        if request is None or target is None:
            return
        try:
            self._write(request, target, outcome)
        except (sqlite3.Error, OSError) as error:
            self._cannot_write(error)
            return
        self._crawler.stats.inc_value(f"copydesk/outcome/{outcome.outcome}")

    def _cannot_write(self, error: BaseException) -> None:
        # Nothing that this page led to may be kept without it: the next run fetches it again.
        self._store.abandon()
        spider: Any = self._crawler.spider
        spider.stop(f"{self._store.path or 'the store'}: cannot write ({error}); free some space and run it again")

    def _write(self, request: Request, target: Target, outcome: Outcome) -> None:
        for url in (target.url, *request.meta.get("passed", ())):
            self._store.settle(target._replace(url=url), outcome if url == target.url else _passed(outcome))
            self._queue(host_of(url)).under_way.discard(url)
        if outcome.record_id is None:
            for host in self._store.call_back(target.url):
                self._queue(host).empty = False
        archive = getattr(self._crawler.spider, "archive", None)
        if archive is not None:
            archive.decided(request, outcome)
        self._store.commit()

    def pause(self, host: str, seconds: float) -> None:
        """Leave a host alone for a while: it asked for it."""
        queue = self._queue(host)
        queue.paused_until = max(queue.paused_until, time.monotonic() + seconds)

    def answered(self, host: str) -> None:
        """The host gave an answer: its count of failures starts anew."""
        queue = self._queue(host)
        queue.failures = queue.pauses = 0

    def host_failed(self, request: Request, outcome: Outcome) -> None:
        """The host gave no usable answer: its address waits while the host is set aside, and is given up at last."""
        target: Target | None = request.meta.get("target")
        queue = self._queue(host_of(target.url if target else request.url))
        queue.failures += 1
        if queue.failures < self._failures_allowed:
            self.settle(request, outcome)
        elif queue.pauses >= self._pauses_allowed:
            self.settle(request, outcome)
            self._give_up(queue, outcome)
        else:
            self._set_aside(queue, request)

    def item_settled(self, item: Any, response: Response) -> None:
        """The record is in the output."""
        self._settle_by_item(response, None)

    def item_dropped(self, item: Any, response: Response, exception: BaseException) -> None:
        """A pipeline left the record out, and says why; it does not count towards its seed's limit."""
        target = response.meta.get("target")
        if target is not None:
            spider: Any = self._crawler.spider
            spider.taken[target.seed] -= 1
        self._settle_by_item(response, str(exception))

    def item_failed(self, item: Any, response: Response, failure: Any) -> None:
        """A pipeline broke: reported, and fetched again by the next run; if the crawl stops for it, when it goes on."""
        spider: Any = self._crawler.spider
        if isinstance(failure.value, sqlite3.Error):
            self._cannot_write(failure.value)
        elif response.request is not None and not spider.stopping:
            spider.input_failed(f"{response.url}: not written, {failure.getErrorMessage()}")
            self.settle(response.request, Outcome("not_written", FAILED))

    def spider_failed(self, failure: Any, response: Any) -> None:
        """The spider broke on this page: reported, and not tried again."""
        request = getattr(response, "request", None)
        spider: Any = self._crawler.spider
        if isinstance(failure.value, sqlite3.Error):
            self._cannot_write(failure.value)
        elif request is not None and "target" in request.meta:
            spider.input_failed(f"{request.url}: {type(failure.value).__name__}: {failure.value}; please report it")
            self.settle(request, Outcome("error", FAILED))

    def _settle_by_item(self, response: Response, dropped: str | None) -> None:
        request = getattr(response, "request", None)
        if request is None:
            return
        outcome: Outcome = request.meta.get("outcome") or Outcome("record")
        if dropped:
            outcome.outcome = dropped
        self.settle(request, outcome)

    def _queue(self, host: str) -> HostQueue:
        queue = self._hosts.get(host)
        if queue is None:
            queue = self._hosts[host] = HostQueue(host)
            self._turns.append(queue)
        return queue

    def _next_of(self, queue: HostQueue) -> Target | None:
        while True:
            if not queue.ready:
                read = self._store.pending(queue.host, BUFFER + len(queue.under_way))
                queue.ready.extend(target for target in read if target.url not in queue.under_way)
                queue.empty = not read
                if not queue.ready:
                    return None
            target = queue.ready.popleft()
            if target.url not in queue.under_way and not self._store.is_settled(target.url):
                return target

    def _request(self, queue: HostQueue, target: Target) -> Request:
        queue.under_way.add(target.url)
        headers = {}
        known = self._store.known(target.url)
        if known and known.etag:
            headers["If-None-Match"] = known.etag
        if known and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        spider: Any = self._crawler.spider
        return Request(
            target.url,
            headers=headers,
            callback=spider.callback_of(target.kind),
            errback=spider.failed,
            meta={
                "target": target,
                "known": known,
                "download_slot": queue.host,
                "autothrottle_dont_adjust_delay": queue.host in spider.crawl_delays,
                "download_maxsize": spider.max_bytes(target.kind),
            },
            dont_filter=True,
        )

    def _set_aside(self, queue: HostQueue, request: Request) -> None:
        target = request.meta.pop("target", None)
        if target:
            queue.under_way.discard(target.url)
        if queue.paused_until > time.monotonic():
            return
        seconds = self._pause * 2**queue.pauses
        queue.pauses += 1
        queue.failures = self._failures_allowed - 1  # one more failure after the pause is enough
        queue.paused_until = time.monotonic() + seconds
        queue.ready.clear()
        self._crawler.stats.inc_value("copydesk/hosts_set_aside")
        logger.warning("%s keeps failing; set aside for %g s, other hosts go on", queue.host, seconds)

    def _give_up(self, queue: HostQueue, outcome: Outcome) -> None:
        left = self._store.give_up(queue.host, outcome.outcome)
        self._store.commit()
        queue.ready.clear()
        queue.empty = True
        self._crawler.stats.inc_value("copydesk/outcome/host_given_up", left)
        logger.error("%s failed after %d pauses; its %d addresses left wait for the next run",
                     queue.host, queue.pauses, left)  # fmt: skip


def stale_before(days: Any) -> str:
    """The moment (UTC) before which a fetch is too old, for an age in days; empty if age does not matter."""
    if days in (None, ""):
        return ""
    return utc_stamp(datetime.now(UTC) - timedelta(days=float(days)))


def _passed(outcome: Outcome) -> Outcome:
    return Outcome("redirected_to", outcome.state, outcome.kind, fetched_at=outcome.fetched_at)
