"""The frontier in SQLite: every address of a crawl, in the order of fetching."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from cleaners.parsing.foreign_json import read_foreign_json
from crawler.frontier.outcomes import CrawlOutcome, may_pass
from crawler.frontier.targets import Known, Settlement, State, Status, Target, priority_of
from crawler.storage.database import Database
from crawler.urls.spelling import address_key, host_of

NO_SEED: Final = -1
"""The seed of addresses whose row is no longer in the seed list."""
_LEAST_KEY: Final = -(1 << 63)
_AT_A_TIME: Final = 1000
"""Rows read at once where all of them may be many."""

_ADD: Final = """
INSERT INTO urls (key, url, host, kind, state, priority, depth, barren, seed, lastmod, run)
VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET
    state = 0, run = excluded.run, kind = iif(excluded.kind = 'seed', 'seed', kind),
    depth = excluded.depth, barren = excluded.barren, seed = excluded.seed,
    lastmod = coalesce(excluded.lastmod, lastmod)
WHERE urls.run < excluded.run AND (
    urls.state = 2 OR urls.kind <> 'article' OR excluded.kind = 'seed' OR urls.fetched_at IS NULL OR urls.fetched_at < ?
    OR excluded.lastmod > coalesce(urls.lastmod, urls.fetched_at))
"""


class AddressTable(Database):
    """Implements crawler.frontier.interface.Frontier: its methods are described there."""

    def __init__(self, path: Path | None = None) -> None:
        super().__init__(path)
        self.count_queued()
        self._handed_out: defaultdict[str, set[str]] = defaultdict(set)  # by host: given by take(), not settled
        self._slots: dict[int, int] = {}  # by seed, the number of articles taken, after the first call

    def count_queued(self) -> None:
        """Count the pending addresses anew."""
        self.queued: int = self._db.execute("SELECT count(*) FROM urls WHERE state = 0").fetchone()[0]

    def use_seeds(self, urls: Sequence[str]) -> None:
        """Number stored addresses by today's rows of the seed list; settle those found from a removed row."""
        before = self._seeds_before()
        self.set_fact("seeds", json.dumps(urls))
        if not before or before == list(urls):
            return
        rows = {url: number for number, url in reversed(list(enumerate(urls)))}
        self._db.execute("CREATE TEMP TABLE seed_rows (before INTEGER PRIMARY KEY, now INTEGER NOT NULL)")
        pairs = [(number, rows.get(url, NO_SEED)) for number, url in enumerate(before)]
        self._db.executemany("INSERT INTO seed_rows VALUES (?, ?)", pairs)
        now = "coalesce((SELECT now FROM seed_rows WHERE before = seed), ?)"
        self._db.execute(f"UPDATE urls SET seed = {now}", (NO_SEED,))
        self._db.execute("DROP TABLE seed_rows")
        self.let_go(NO_SEED, CrawlOutcome.SEED_REMOVED)

    def _seeds_before(self) -> list[str]:
        try:
            before = read_foreign_json(self.fact("seeds") or "[]")
        except ValueError:
            raise self.damaged("seeds") from None
        if not isinstance(before, list) or not all(isinstance(url, str) for url in before):
            raise self.damaged("seeds")
        return before

    def add(self, targets: Sequence[Target], stale_before: str = "") -> int:
        """Queue the addresses that are not known yet, or are due again. Returns how many were queued.

        An address of an earlier run is due if it is no article or a seed, failed, has a later lastmod, or was last
        fetched before `stale_before` (UTC, ISO 8601).
        """
        self._begin()
        rows = [_row(target, self.run, stale_before) for target in targets]
        added = max(0, self._db.executemany(_ADD, rows).rowcount) if rows else 0
        dated = [(target.lastmod, address_key(target.url)) for target in targets if target.lastmod]
        if dated:
            self._db.executemany("UPDATE urls SET lastmod = ? WHERE key = ? AND lastmod IS NULL", dated)
        self.queued += added
        return added

    def to_fetch_again(self, depth: int, live_since: str, stale_before: str = "") -> Iterator[Target]:
        """Pages of earlier runs that may hold something new."""
        query = (
            "SELECT key, url, kind, depth, 0, seed, NULL, state, outcome FROM urls "
            f"WHERE run < ? AND seed > {NO_SEED} AND (state = 2 OR state = 1 AND ("
            "kind IN ('listing', 'feed', 'sitemap') AND depth <= ? OR kind = 'live' AND fetched_at >= ? "
            "OR kind = 'article' AND record_id IS NOT NULL AND fetched_at < ?)) AND key > ? ORDER BY key LIMIT ?"
        )
        limits, last = (self.run, depth, live_since, stale_before), _LEAST_KEY
        while rows := self._db.execute(query, (*limits, last, _AT_A_TIME)).fetchall():
            yield from (Target(*row) for _, *row, state, outcome in rows if state == State.DONE or may_pass(outcome))
            last = rows[-1][0]

    def hosts(self) -> list[str]:
        """The hosts that have something pending, in the order of their most urgent address."""
        query = "SELECT host FROM urls WHERE state = 0 GROUP BY host ORDER BY min(priority), host"
        return [row[0] for row in self._db.execute(query)]

    def take(self, host: str, most: int) -> list[Target]:
        """Hand out the most urgent pending addresses of a host."""
        query = (
            "SELECT url, kind, depth, barren, seed, lastmod FROM urls "
            "WHERE state = 0 AND host = ? ORDER BY priority LIMIT ?"
        )
        out = self._handed_out[host]
        rows = self._db.execute(query, (host, most + len(out)))
        taken = [target for target in map(Target._make, rows) if target.url not in out][:most]
        self._handed_out[host].update(target.url for target in taken)
        return taken

    def give_back(self, urls: Iterable[str]) -> None:
        """Let addresses that were handed out and not settled be handed out again."""
        for url in urls:
            host = host_of(url)
            self._handed_out[host].discard(url)
            if not self._handed_out[host]:
                del self._handed_out[host]

    def known(self, url: str) -> Known | None:
        """What the last fetch of an address left behind, if there was one."""
        query = "SELECT etag, last_modified, content_sha256 FROM urls WHERE key = ? AND fetched_at IS NOT NULL"
        row = self._db.execute(query, (address_key(url),)).fetchone()
        return Known(*row) if row else None

    def status_of(self, url: str) -> Status | None:
        """The state of an address, the record made of it and how its fetch ended; None if the address is unknown."""
        query = "SELECT state, record_id, outcome, run FROM urls WHERE key = ?"
        row = self._db.execute(query, (address_key(url),)).fetchone()
        return Status(State(row[0]), *row[1:]) if row else None

    def settle(self, target: Target, settlement: Settlement) -> None:
        """Write how the fetch of an address ended."""
        self._begin()
        before = self.status_of(target.url)
        if before is None:
            self._db.execute(
                "INSERT INTO urls (key, url, host, kind, state, priority, depth, barren, seed, run) "
                "VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?)",
                (*_row(target, self.run, "")[:8], self.run),
            )
        self._db.execute(
            "UPDATE urls SET state = ?, outcome = iif(? = 'unchanged', coalesce(outcome, 'unchanged'), ?), run = ?, "
            "kind = coalesce(?, kind), "
            "fetched_at = iif(kind = 'live' AND ? = 'unchanged', fetched_at, coalesce(?, fetched_at)), "
            "etag = coalesce(?, etag), last_modified = coalesce(?, last_modified), "
            "content_sha256 = coalesce(?, content_sha256), "
            "body_sha256 = coalesce(?, body_sha256), record_id = coalesce(?, record_id), stands_for = ? WHERE key = ?",
            (settlement.state, settlement.name, settlement.name, self.run, settlement.kind, settlement.name,
             settlement.fetched_at, settlement.etag, settlement.last_modified, settlement.content_sha256,
             settlement.body_sha256, settlement.record_id, settlement.stands_for, address_key(target.url)),
        )  # fmt: skip
        self.give_back([target.url])
        if before is not None and before.state is State.PENDING:
            self.queued -= 1

    def call_back(self, url: str) -> list[str]:
        """Queue again the pages that deferred to an address that gave no article. Returns their hosts."""
        self._begin()
        query = "UPDATE urls SET state = 0, stands_for = NULL WHERE stands_for = ? AND state = 1 RETURNING host"
        hosts = [row[0] for row in self._db.execute(query, (url,)).fetchall()]
        self.queued += len(hosts)
        return hosts

    def take_slot(self, seed: int, limit: int) -> bool:
        """Count one more article of a seed, unless `limit` articles were taken already."""
        if seed not in self._slots:
            query = "SELECT count(*) FROM urls WHERE seed = ? AND record_id IS NOT NULL"
            self._slots[seed] = int(self._db.execute(query, (seed,)).fetchone()[0])
        if self._slots[seed] >= limit:
            return False
        self._slots[seed] += 1
        return True

    def free_slot(self, seed: int) -> None:
        """Take back one article that was counted and then left out."""
        if seed in self._slots:
            self._slots[seed] -= 1

    def let_go(self, seed: int, outcome: CrawlOutcome) -> None:
        """Settle everything still pending of a seed."""
        self._begin()
        query = "UPDATE urls SET state = ?, outcome = ?, run = ? WHERE state = 0 AND seed = ?"
        self.queued -= self._db.execute(query, (State.DONE, outcome.value, self.run, seed)).rowcount

    def mark(self) -> int:
        """Does nothing: this process has both output and store, and each knows what the other has lost."""
        return 0

    def acknowledge(self, mark: int) -> None:
        """Does nothing, see mark()."""

    def leave(self) -> None:
        """Does nothing: nobody else uses this store."""

    def give_up(self, host: str, outcome: str) -> int:
        """Settle everything pending of a host as failed. Returns how many addresses that were."""
        self._begin()
        query = "UPDATE urls SET state = ?, outcome = ?, run = ? WHERE state = 0 AND host = ?"
        left = self._db.execute(query, (State.FAILED, outcome, self.run, host)).rowcount
        self.queued -= left
        return left

    def counts(self) -> dict[str, int]:
        """How many addresses are in each state: pending, done, failed."""
        rows = dict(self._db.execute("SELECT state, count(*) FROM urls GROUP BY state").fetchall())
        return {state.name.lower(): rows.get(state, 0) for state in State}


def _row(target: Target, run: int, stale_before: str) -> tuple[object, ...]:
    return (
        address_key(target.url), target.url, host_of(target.url), target.kind,
        priority_of(target),
        target.depth, target.barren, target.seed, target.lastmod, run, stale_before,
    )  # fmt: skip
