"""Whose turn it is: hosts take turns, and no host has more addresses under way than it may."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from scrapy.settings import BaseSettings

from crawler.fetching.host_facts import HostFacts
from crawler.frontier.interface import Frontier
from crawler.frontier.targets import State, Target
from crawler.urls.spelling import host_of
from pipelines.dates.utc import utc_stamp

BUFFER: Final = 64
"""Addresses of a host taken from the frontier at a time."""


@dataclass(slots=True)
class HostQueue:
    """One host: what was taken for it and not begun, what is under way, and how often it failed in a row."""

    host: str
    ready: deque[Target] = field(default_factory=deque)
    under_way: set[str] = field(default_factory=set)
    failures: int = 0
    pauses: int = 0
    is_empty: bool = False


class HostTurns:
    """Hands out addresses, one host after the other.

    A host may have twice CONCURRENT_REQUESTS_PER_DOMAIN under way: while one page is read, the next is fetched.
    """

    def __init__(self, frontier: Frontier, facts: HostFacts, settings: BaseSettings) -> None:
        self._frontier = frontier
        self._facts = facts
        self._most_under_way = max(1, settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")) * 2
        self._stale_before = stale_before(settings["REFETCH_AGE"])
        self._only_new = settings.getbool("ONLY_NEW")
        self._queues: dict[str, HostQueue] = {}
        self._turns: deque[HostQueue] = deque()

    def start(self) -> None:
        """Give a turn to every host that has something pending from an earlier run."""
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
        if self._only_new and self._frontier.run > 1:  # no date of a change makes a known article due
            targets = [target._replace(lastmod=None) for target in targets]
        queued = self._frontier.add(targets, self._stale_before)
        if queued > 0:
            self.wake(host_of(target.url) for target in targets)
        return queued

    def wake(self, hosts: Iterable[str]) -> None:
        """Look again for pending addresses of these hosts."""
        for host in dict.fromkeys(hosts):
            self.queue_of(host).is_empty = False

    def has_more(self) -> bool:
        """Whether anything may be left to hand out, paused hosts included."""
        return any(not queue.is_empty for queue in self._queues.values())

    def next(self) -> Target | None:
        """The next address, now under way; None if no host may have one now."""
        for _ in range(len(self._turns)):
            queue = self._turns[0]
            self._turns.rotate(-1)
            if self._may_fetch(queue) and (target := self._next_of(queue)):
                queue.under_way.add(target.url)
                return target
        return None

    def is_under_way(self, url: str) -> bool:
        """Whether an address was handed out and not settled yet."""
        return url in self.queue_of(host_of(url)).under_way

    def begin(self, url: str) -> None:
        """An address is fetched that was not handed out: a redirect leads to it."""
        self.queue_of(host_of(url)).under_way.add(url)

    def end(self, url: str) -> None:
        """An address is settled, or waits again."""
        self.queue_of(host_of(url)).under_way.discard(url)

    def keep_hosts(self) -> None:
        """Called every few seconds while the crawl runs: here all hosts are its own, and nothing is to be done."""

    def put_off(self, host: str) -> None:
        """Give back what was taken for a host and not begun."""
        queue = self.queue_of(host)
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
                queue.is_empty = not queue.under_way
                return None
            target = queue.ready.popleft()
            if target.url in queue.under_way:  # a redirect led to it since it was taken
                continue
            status = self._frontier.status_of(target.url)
            if status is None or status.state is State.PENDING:
                return target
            self._frontier.give_back([target.url])


def stale_before(days: Any) -> str:
    """The moment (UTC) before which a fetch is too old, for an age in days; empty if age does not matter."""
    if days in (None, ""):
        return ""
    return utc_stamp(datetime.now(UTC) - timedelta(days=float(days)))
