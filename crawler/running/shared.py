"""A crawl that shares its frontier: which hosts are its own, for how long, and what others must know of them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from scrapy.settings import BaseSettings

from cleaners.errors import UsageError
from crawler.fetching.host_facts import HostFacts
from crawler.frontier.shared.frontier import SharedFrontier
from crawler.frontier.targets import Target
from crawler.running.turns import HostQueue, HostTurns
from crawler.storage.files import lines_feed

LOOK_EVERY: Final = 1.0
"""Seconds between two looks for hosts that have something pending."""


@dataclass(slots=True)
class SharedHostFacts(HostFacts):
    """Facts about hosts, of which the pauses hold for all crawlers. A host whose lease is over is left alone."""

    frontier: SharedFrontier | None = None

    def pause(self, host: str, seconds: float) -> None:
        """Leave a host alone for so long, also if another crawler gets it."""
        HostFacts.pause(self, host, seconds)
        if self.frontier is not None:
            self.frontier.share_pause(host, seconds)

    def is_paused(self, host: str) -> bool:
        """Whether a host is to be left alone now."""
        lost = self.frontier is not None and self.frontier.has_lost(host)
        return lost or HostFacts.is_paused(self, host)


class SharedTurns(HostTurns):
    """Hands out addresses of the hosts that this crawler holds: no more hosts than its share of those there are."""

    def __init__(self, frontier: SharedFrontier, facts: HostFacts, settings: BaseSettings) -> None:
        super().__init__(frontier, facts, settings)
        self._shared = frontier
        self._pending: list[str] = []
        self._looked = 0.0
        self._leaving: set[str] = set()

    def has_more(self) -> bool:
        """Whether anything is pending, also what other crawlers have: they may die."""
        return not self._shared.broken and (super().has_more() or self._shared.queued > 0)

    def next(self) -> Target | None:
        """The next address, now under way; None if no host of ours may have one now."""
        if time.monotonic() - self._looked >= LOOK_EVERY:
            self._looked = time.monotonic()
            self._pending = self._shared.hosts()
            self.wake(self._pending)
        return super().next()

    def keep_hosts(self) -> None:
        """Renew the leases, and let go of hosts that are done with, or beyond our share now that others came."""
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
            queue.is_empty = True  # until the next look
            return None
        return super()._next_of(queue)


def shared_frontier(settings: BaseSettings, facts: SharedHostFacts) -> SharedFrontier:
    """The frontier that FRONTIER names. Raises UsageError where it cannot be used, or the output would start over."""
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
