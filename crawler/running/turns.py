"""Lets hosts take turns, and limits the addresses of a host that are under way."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from scrapy.settings import BaseSettings

from crawler.fetching.host_facts import HostFacts
from crawler.frontier.interface import Frontier
from crawler.frontier.targets import Target
from crawler.pages.pagination import numbered
from crawler.urls.spelling import host_of, one_spelling
from pipelines.dates.utc import utc_stamp

BUFFER: Final = 64
"""Addresses of a host taken from the frontier at a time."""


@dataclass(slots=True)
class HostQueue:
    """One host: its addresses that were taken and not begun, those under way, and how often it failed in a row.

    `later` holds further pages of articles whose first page is not settled yet, by the first page's address.
    """

    host: str
    ready: deque[Target] = field(default_factory=deque)
    later: dict[str, list[Target]] = field(default_factory=dict)
    under_way: set[str] = field(default_factory=set)
    failures: int = 0
    pauses: int = 0
    is_empty: bool = False


class HostTurns:
    """Hands out addresses, one host after the other.

    A host may have twice CONCURRENT_REQUESTS_PER_DOMAIN addresses under way: while one page is read, the next is
    fetched.
    """

    def __init__(self, frontier: Frontier, facts: HostFacts, settings: BaseSettings) -> None:
        self._frontier = frontier
        self._facts = facts
        self._most_under_way = max(1, settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")) * 2
        self.stale_before = stale_before(settings["REFETCH_AGE"])
        self._only_new = settings.getbool("ONLY_NEW")
        self._queues: dict[str, HostQueue] = {}
        self._turns: deque[HostQueue] = deque()

    def start(self) -> None:
        """Give a turn to every host with pending addresses from an earlier run."""
        for host in self._frontier.hosts():
            self.queue_of(host)

    def queue_of(self, host: str) -> HostQueue:
        """The queue of a host; a new one waits for its turn behind the others."""
        queue = self._queues.get(host)
        if queue is None:
            queue = self._queues[host] = HostQueue(host)
            self._turns.append(queue)
        return queue

    def add(self, targets: list[Target]) -> int:
        """Queue addresses in the frontier. Returns how many were new or due."""
        if self._only_new and self._frontier.run > 1:  # then no date of a change makes a known article due
            targets = [target._replace(lastmod=None) for target in targets]
        queued = self._frontier.add(targets, self.stale_before)
        if queued > 0:
            self.wake(host_of(target.url) for target in targets)
        return queued

    def wake(self, hosts: Iterable[str]) -> None:
        """Look again for pending addresses of these hosts."""
        for host in dict.fromkeys(hosts):
            self.queue_of(host).is_empty = False

    def has_more(self) -> bool:
        """Whether anything may be left to hand out, including addresses of paused hosts."""
        return any(not queue.is_empty for queue in self._queues.values())

    def next(self) -> Target | None:
        """The next address, which is then under way; None if no host may have a request now."""
        for _ in range(len(self._turns)):
            queue = self._turns[0]
            self._turns.rotate(-1)
            if self._may_fetch(queue) and (target := self._next_of(queue)):
                queue.under_way.add(target.url)
                return target
        return None

    def next_look(self) -> float | None:
        """When a host without a turn may have one again, in seconds of time.monotonic(); None if that is not known."""
        return self._facts.next_end()

    def is_under_way(self, url: str) -> bool:
        """Whether an address was handed out and not settled yet."""
        return url in self.queue_of(host_of(url)).under_way

    def begin(self, url: str) -> None:
        """Count an address as under way that was not handed out, because a redirect leads to it."""
        self.queue_of(host_of(url)).under_way.add(url)

    def end(self, url: str) -> None:
        """Count an address as no longer under way: it is settled, or waits again."""
        queue = self.queue_of(host_of(url))
        queue.under_way.discard(url)
        queue.ready.extendleft(queue.later.pop(url, ()))

    def keep_hosts(self) -> None:
        """Does nothing. It is called every few seconds while the crawl runs, and here all hosts are the crawl's own."""

    def put_off(self, host: str) -> None:
        """Give back the addresses that were taken for a host and not begun."""
        queue = self.queue_of(host)
        queue.ready.extend(_let_in(queue))
        self._frontier.give_back(target.url for target in queue.ready)
        queue.ready.clear()
        queue.is_empty = False

    def _may_fetch(self, queue: HostQueue) -> bool:
        return not (queue.is_empty or len(queue.under_way) >= self._most_under_way or self._facts.is_paused(queue.host))

    def _next_of(self, queue: HostQueue) -> Target | None:
        while True:
            if not queue.ready:
                queue.ready.extend(self._frontier.take(queue.host, BUFFER))
            if not queue.ready:
                queue.is_empty = not (queue.under_way or queue.later)
                return None if queue.under_way else self._left_waiting(queue)
            target = queue.ready.popleft()
            if target.url in queue.under_way:  # a redirect led to this address after it was taken
                continue
            status = self._frontier.status_of(target.url)
            if status and not status.is_pending:
                self._frontier.give_back([target.url])
            elif first := self._pending_first_page(queue, target.url):
                queue.later.setdefault(first, []).append(target)
            else:
                return target

    def _left_waiting(self, queue: HostQueue) -> Target | None:
        """A later page whose first page is pending but cannot be fetched: it waits no longer."""
        if not queue.later or self._facts.is_paused(queue.host):
            return None
        first, *others = _let_in(queue)
        queue.ready.extend(others)
        return first

    def _pending_first_page(self, queue: HostQueue, url: str) -> str | None:
        """The unsettled first page of an article of which `url`, by its address, is a later page; else None.

        The first page decides which pages are fetched with it. Without it, a later page could become its own record.
        """
        number = numbered(url)
        if number.number < 2 or len(queue.later) >= BUFFER:
            return None
        for first in dict.fromkeys(map(one_spelling, (number.base, number.base + "/"))):
            known = self._frontier.status_of(first)
            if first != url and known and known.is_pending:
                return first
        return None


def _let_in(queue: HostQueue) -> list[Target]:
    """Queue the later pages of a host that waited."""
    waiting = [target for targets in queue.later.values() for target in targets]
    queue.later.clear()
    return waiting


def stale_before(days: Any) -> str:
    """The time (UTC) before which a fetch is too old, for an age in days; empty if age does not matter."""
    if days in (None, ""):
        return ""
    return utc_stamp(datetime.now(UTC) - timedelta(days=float(days)))
