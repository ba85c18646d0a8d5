"""What a crawl asks of its frontier. crawler.storage.addresses keeps one in SQLite; others pass the same tests.

The tests are tests/crawl/test_frontier.py. All addresses are in one spelling (crawler.urls.spelling).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from crawler.frontier.outcomes import CrawlOutcome
from crawler.frontier.targets import Known, Settlement, Status, Target


class Frontier(Protocol):
    """Knows every address of a crawl: what is still to fetch, what was fetched and how that ended.

    Nothing is kept before commit(). abandon() takes back what came since, and nothing can be written after it.
    Writing raises OSError or sqlite3.Error when it fails.
    """

    run: int
    """The number of this run, from 1. A further run may fetch again what an earlier one fetched."""

    @property
    def queued(self) -> int:
        """How many addresses are pending."""
        ...

    @property
    def broken(self) -> bool:
        """Whether a write failed. What is committed is whole; the next run goes on from there."""
        ...

    # Addresses in

    def use_seeds(self, urls: Sequence[str]) -> None:
        """Number what is known by today's rows of the seed list; settle what a removed row led to as SEED_REMOVED."""
        ...

    def add(self, targets: Sequence[Target], stale_before: str = "") -> int:
        """Queue the addresses that are not known yet, or are due again. Returns how many were queued.

        An address of an earlier run is due if it is no article or a seed, failed, has a later lastmod, or was last
        fetched before `stale_before` (UTC, ISO 8601).
        """
        ...

    def known_listings(self, depth: int, live_since: str) -> list[Target]:
        """Pages of earlier runs that may hold something new: listings, feeds and sitemaps up to a depth, and live
        blogs that changed since `live_since` (UTC, ISO 8601)."""
        ...

    # Addresses out

    def hosts(self) -> list[str]:
        """The hosts that have something pending, in the order of their most urgent address."""
        ...

    def take(self, host: str, most: int) -> list[Target]:
        """Hand out the most urgent pending addresses of a host. Each is handed out once until it is given back or
        queued again."""
        ...

    def give_back(self, urls: Iterable[str]) -> None:
        """Let addresses that were handed out and not settled be handed out again."""
        ...

    def known(self, url: str) -> Known | None:
        """What the last fetch of an address left behind, if there was one."""
        ...

    def status_of(self, url: str) -> Status | None:
        """The state of an address, the record made of it and how its fetch ended; None if the address is unknown."""
        ...

    # How fetches ended

    def settle(self, target: Target, settlement: Settlement) -> None:
        """Write how the fetch of an address ended. One that is UNCHANGED keeps its outcome from before."""
        ...

    def call_back(self, url: str) -> list[str]:
        """Queue again the pages that deferred to an address that gave no article. Returns their hosts."""
        ...

    def give_up(self, host: str, outcome: str) -> int:
        """Settle everything pending of a host as failed. Returns how many addresses that were."""
        ...

    def counts(self) -> dict[str, int]:
        """How many addresses are in each state: pending, done, failed."""
        ...

    # A seed's limit of articles

    def take_slot(self, seed: int, limit: int) -> bool:
        """Count one more article of a seed. False, and nothing counted, if `limit` articles were taken already."""
        ...

    def free_slot(self, seed: int) -> None:
        """Take back one article that was counted and then left out."""
        ...

    def let_go(self, seed: int, outcome: CrawlOutcome) -> None:
        """Settle everything still pending of a seed."""
        ...

    # Facts that hold for the crawl as a whole, and writing

    def fact(self, name: str) -> str | None:
        """A fact about the crawl as a whole."""
        ...

    def set_fact(self, name: str, value: str) -> None:
        """Keep a fact about the crawl as a whole."""
        ...

    def commit(self) -> None:
        """Keep everything since the last commit, whatever happens to this process."""
        ...

    def mark(self) -> int:
        """How much is committed by now, for acknowledge()."""
        ...

    def acknowledge(self, mark: int) -> None:
        """What was committed up to a mark is on the disk, with its records: nobody needs to fetch it again."""
        ...

    def leave(self) -> None:
        """This process ends: others may have what it was handed."""
        ...

    def abandon(self) -> None:
        """Take back everything since the last commit, and write nothing any more."""
        ...
