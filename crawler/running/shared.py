"""Lets a crawl share its frontier: which hosts it holds, for how long, and what other crawlers must know about them."""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass
from typing import Any, Final

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.settings import BaseSettings

from cleaners.errors import UsageError
from crawler.fetching.host_facts import HostFacts
from crawler.frontier.shared.connection import FrontierError
from crawler.frontier.shared.frontier import SharedFrontier
from crawler.frontier.targets import Target
from crawler.running.state import state_of
from crawler.running.turns import HostQueue, HostTurns
from crawler.storage.files import lines_feed
from crawler.urls.spelling import host_of

LOOK_EVERY: Final = 1.0
"""Seconds between two searches for hosts with pending addresses."""


@dataclass(slots=True)
class SharedHostFacts(HostFacts):
    """Facts about hosts; their pauses hold for all crawlers. A host whose lease is over counts as paused."""

    frontier: SharedFrontier | None = None

    def pause(self, host: str, seconds: float) -> None:
        """Pause a host for this many seconds, also if another crawler gets it."""
        HostFacts.pause(self, host, seconds)
        if self.frontier is not None:
            self.frontier.share_pause(host, seconds)

    def is_paused(self, host: str) -> bool:
        """Whether a host is paused now."""
        lost = self.frontier is not None and self.frontier.has_lost(host)
        return lost or HostFacts.is_paused(self, host)


class SharedTurns(HostTurns):
    """Hands out addresses of the hosts that this crawler holds, which are no more than its share of all hosts."""

    def __init__(self, frontier: SharedFrontier, facts: HostFacts, settings: BaseSettings) -> None:
        super().__init__(frontier, facts, settings)
        self._shared = frontier
        self._pending: list[str] = []
        self._looked = 0.0
        self._leaving: set[str] = set()

    def has_more(self) -> bool:
        """Whether anything is pending, including the addresses of other crawlers, since these may die."""
        return not self._shared.broken and (super().has_more() or self._shared.queued > 0)

    def next(self) -> Target | None:
        """The next address, which is then under way; None if no host of ours may have a request now."""
        if time.monotonic() - self._looked >= LOOK_EVERY:
            self._looked = time.monotonic()
            self._pending = self._shared.hosts()
            self.wake(self._pending)
        return super().next()

    def next_look(self) -> float | None:
        """When a pause ends, or hosts are searched again, in seconds of time.monotonic()."""
        return min(super().next_look() or math.inf, self._looked + LOOK_EVERY)

    def keep_hosts(self) -> None:
        """Renew the leases, except of hosts that are finished, or beyond our share because more crawlers came."""
        held = self._shared.held()
        busy = {host for host in held if self.queue_of(host).under_way or self._shared.has_unsent(host)}
        done = {host for host in held if host not in self._pending and not self.queue_of(host).ready}
        spare = len(held) - len(done - busy) - self._share()
        idle_first = sorted(set(held) - done, key=lambda host: (host in busy, host))
        self._leaving = set(idle_first[: max(0, spare)])
        for host in self._leaving:
            self.put_off(host)
        for host in self._shared.renew(sorted((done | self._leaving) - busy)):
            self.put_off(host)

    def _share(self) -> int:
        return max(1, -(-len(self._pending) // max(1, self._shared.crawlers)))

    def _next_of(self, queue: HostQueue) -> Target | None:
        held = self._shared.held()
        if queue.host in self._leaving or (queue.host not in held and len(held) >= self._share()):
            queue.is_empty = True  # until the next search
            return None
        return super()._next_of(queue)


class HostPaused(IgnoreRequest):
    """Since its address was handed out, the host asked this or another crawler for time."""


class SharedDelays:
    """Add-on: with FRONTIER, all crawlers together keep the delay between two requests to a host."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Put SharedDownloader in place of Scrapy's downloader."""
        if not settings["FRONTIER"]:
            raise NotConfigured
        settings.set("DOWNLOADER", SharedDownloader, "cmdline")


class SharedDownloader(Downloader):
    """Scrapy's downloader, which keeps each host's delay in this process, followed by the delay in the frontier.

    Scrapy's own clock is not enough. It starts when a request leaves the queue, which may be long before the request is
    sent: a first connection takes time, and nothing is sent while we wait for Redis. It also does not know about other
    crawlers, and a crawler whose lease has ended may still have requests in its queue.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.handlers: Any = SpacedHandlers(self.handlers, crawler)


class SpacedHandlers:
    """Scrapy's download handlers; each request waits until the frontier allows its host another one."""

    def __init__(self, handlers: Any, crawler: Crawler) -> None:
        self._handlers = handlers
        self._crawler = crawler

    async def download_request_async(self, request: Request) -> Response:
        """Wait, then download.

        Raises HostPaused if the host asked for time meanwhile; robots.txt and further pages of an article that is being
        read wait only for the delay. Raises IgnoreRequest if the frontier cannot be reached; the crawl then stops.
        """
        facts = getattr(self._crawler.spider, "host_facts", None)
        frontier = facts.frontier if isinstance(facts, SharedHostFacts) else None
        if frontier is None:  # a spider that has no frontier
            return await self._download(request)
        host = host_of(request.url)
        try:
            await self._turn(frontier, host, is_page="target" in request.meta)
            try:
                return await self._download(request)
            finally:
                frontier.answered(host)
        except FrontierError as error:
            state_of(self._crawler).cannot_write(error)
            raise IgnoreRequest(str(error)) from error

    async def _turn(self, frontier: SharedFrontier, host: str, is_page: bool) -> None:
        while True:
            if is_page and (left := frontier.pause_left(host)):
                frontier.waits(host, left)
                raise HostPaused(f"{host} asked for time")
            wait = frontier.ask(host)
            if not wait:
                return
            await asyncio.sleep(wait)

    async def _download(self, request: Request) -> Response:
        response: Response = await self._handlers.download_request_async(request)
        return response


def shared_frontier(settings: BaseSettings, facts: SharedHostFacts) -> SharedFrontier:
    """The frontier that FRONTIER names. Raises UsageError if it cannot be used, or if the output would start over."""
    feed = lines_feed(settings)
    if feed is None or feed.overwrite or feed.path.suffix in (".gz", ".zst"):
        raise UsageError("with a shared frontier each crawler adds to an output of its own: give -o FILE.jsonl")
    frontier = SharedFrontier(settings["FRONTIER"], settings.getfloat("LEASE"), settings.getfloat("FRONTIER_PATIENCE"))
    own = settings.getfloat("DOWNLOAD_DELAY")
    frontier.waits = lambda host, seconds: HostFacts.pause(facts, host, seconds)
    frontier.delay = lambda host: max(own, facts.crawl_delays.get(host, 0.0))
    facts.frontier = frontier
    frontier.start_run()
    return frontier
