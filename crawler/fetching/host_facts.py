"""Facts that a crawl learns about hosts while it fetches: from their robots.txt, and until when they are paused."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from scrapy.crawler import Crawler


@dataclass(slots=True)
class HostFacts:
    """The facts about hosts, by host and port in lower case.

    seed_hosts     hosts that the seeds name; only these may be inside the network
    crawl_delays   seconds between two requests, if robots.txt asks for more than the crawl's own delay
    sitemaps       addresses of sitemaps that robots.txt names
    robots_unread  why a host's robots.txt could not be read
    paused_until   when a host may be asked again, in seconds of time.monotonic()
    """

    seed_hosts: frozenset[str] = frozenset()
    crawl_delays: dict[str, float] = field(default_factory=dict)
    sitemaps: dict[str, tuple[str, ...]] = field(default_factory=dict)
    robots_unread: dict[str, str] = field(default_factory=dict)
    paused_until: dict[str, float] = field(default_factory=dict)

    def pause(self, host: str, seconds: float) -> None:
        """Pause a host for this many seconds, or leave a longer pause as it is."""
        self.paused_until[host] = max(self.paused_until.get(host, 0.0), time.monotonic() + seconds)

    def is_paused(self, host: str) -> bool:
        """Whether a host is paused now."""
        return self.paused_until.get(host, 0.0) > time.monotonic()

    def next_end(self) -> float | None:
        """When the first of all pauses ends, in seconds of time.monotonic(); None if no host is paused."""
        now = time.monotonic()
        self.paused_until = {host: until for host, until in self.paused_until.items() if until > now}
        return min(self.paused_until.values(), default=None)

    def turn_of(self, host: str) -> dict[str, Any]:
        """The meta of a request to a host: Scrapy sends it in turn with the host's others, at the host's own delay."""
        return {"download_slot": host, "autothrottle_dont_adjust_delay": host in self.crawl_delays}


class KnowsHosts(Protocol):
    """A spider with facts about hosts: every spider of this project."""

    host_facts: HostFacts


def host_facts(crawler: Crawler) -> HostFacts:
    """The facts about hosts of a running crawl."""
    return cast(KnowsHosts, crawler.spider).host_facts
