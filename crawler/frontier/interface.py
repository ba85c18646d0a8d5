"""The interface of a frontier. crawler.storage.addresses keeps one in SQLite; all others must pass the same tests.

The tests are tests/crawl/test_frontier.py. All addresses have one spelling (crawler.urls.spelling).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from crawler.frontier.outcomes import CrawlOutcome
from crawler.frontier.targets import Known, Settlement, Status, Target


class Frontier(Protocol):
    """Knows every address of a crawl: which are still to be fetched, which were fetched, and with what outcome.

    Only commit() makes changes last. abandon() takes back all changes since then, and allows no more.
    A failed write raises OSError or sqlite3.Error.
    """

    run: int
    """The number of this run, from 1. A further run may fetch again the addresses of an earlier one."""

    @property
    def queued(self) -> int:
        """How many addresses are pending."""
        ...

    @property
    def broken(self) -> bool:
        """Whether a write failed. Everything committed is whole, and the next run goes on from there."""
        ...

    # Addresses in

    def use_seeds(self, urls: Sequence[str]) -> None:
        """Number known addresses by today's rows of the seed list; settle those of a removed row as SEED_REMOVED."""
        ...

    def add(self, targets: Sequence[Target], stale_before: str = "") -> int:
        """Queue the addresses that are not known yet, or are due again. Returns how many were queued.

        An address of an earlier run is due if it is no article or a seed, failed, has a later lastmod, or was last
        fetched before `stale_before` (UTC, ISO 8601).
        """
        ...

    def to_fetch_again(self, depth: int, live_since: str, stale_before: str = "") -> Iterator[Target]:
        """Pages of earlier runs that may hold something new: listings, feeds and sitemaps up to a depth, live blogs
        that changed since `live_since` (UTC, ISO 8601), pages whose failure may be over, and written articles that were
        last fetched before `stale_before`. They may be queued while they are read; only a few are in memory."""
        ...

    # Addresses out

    def hosts(self) -> list[str]:
        """The hosts that have something pending, in the order of their most urgent address."""
        ...

    def take(self, host: str, most: int) -> list[Target]:
        """Hand out the most urgent pending addresses of a host. An address is handed out once, until it is given back
        or queued again."""
        ...

    def give_back(self, urls: Iterable[str]) -> None:
        """Make addresses that were handed out and not settled available again."""
        ...

    def known(self, url: str) -> Known | None:
        """The facts that the last fetch of an address left behind, if there was one."""
        ...

    def status_of(self, url: str) -> Status | None:
        """The state of an address, its record and the outcome of its fetch; None if the address is unknown."""
        ...

    # How fetches ended

    def settle(self, target: Target, settlement: Settlement) -> None:
        """Write how the fetch of an address ended. If it is UNCHANGED, the earlier outcome stays."""
        ...

    def call_back(self, url: str) -> list[str]:
        """Queue again the pages that deferred to an address which turned out to be no article. Returns their hosts."""
        ...

    def give_up(self, host: str, outcome: str) -> int:
        """Settle all pending addresses of a host as failed. Returns how many there were."""
        ...

    def counts(self) -> dict[str, int]:
        """How many addresses are in each state: pending, done, failed."""
        ...

    # A seed's limit of articles

    def take_slot(self, seed: int, limit: int) -> bool:
        """Count one more article of a seed. Returns False, without counting, if `limit` articles were taken already."""
        ...

    def free_slot(self, seed: int) -> None:
        """Take back one article that was counted and then left out."""
        ...

    def let_go(self, seed: int, outcome: CrawlOutcome) -> None:
        """Settle all pending addresses of a seed."""
        ...

    # Facts that hold for the crawl as a whole, and writing

    def fact(self, name: str) -> str | None:
        """A fact about the crawl as a whole."""
        ...

    def set_fact(self, name: str, value: str) -> None:
        """Store a fact about the crawl as a whole."""
        ...

    def commit(self) -> None:
        """Make all changes since the last commit last, whatever happens to this process."""
        ...

    def mark(self) -> int:
        """The amount committed so far, for acknowledge()."""
        ...

    def acknowledge(self, mark: int) -> None:
        """Confirm that all commits up to a mark are on the disk with their records: nobody fetches them again."""
        ...

    def leave(self) -> None:
        """Announce that this process ends: others may have the addresses that were handed to it."""
        ...

    def abandon(self) -> None:
        """Take back all changes since the last commit, and write nothing any more."""
        ...
