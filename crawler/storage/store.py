"""The store: one SQLite file beside the output that knows every address, when it was fetched, and every record written.

It is the crawl's frontier (what is still to fetch) and its memory (what is new next time). Nothing of it is held in
Python: a million addresses cost disk, not memory.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from cleaners.errors import UsageError
from crawler.urls.spelling import address_key, host_of

Kind = Literal["seed", "article", "live", "listing", "feed", "sitemap"]

SCHEMA_VERSION: Final = 1
"""Version of the tables, in SQLite's user_version. 0: records belonged to one output."""

STORE_SUFFIX: Final = ".crawl"
"""What the name of a store beside an output ends in."""

PENDING: Final = 0
DONE: Final = 1
FAILED: Final = 2

PRIORITIES: Final[dict[str, int]] = {"sitemap": 0, "feed": 1, "seed": 2, "article": 10, "live": 10, "listing": 20}
"""What is fetched first, smallest number first: what tells most about the site, then articles, then more listings."""

NO_SEED: Final = -1
"""The seed of addresses whose row is no longer in the seed list."""
CACHE_KIB: Final = 32 * 1024
"""SQLite's page cache. Enough for the inner pages of the index of ten million addresses."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS urls (
    key INTEGER PRIMARY KEY,         -- 64-bit hash of the address in one spelling
    url TEXT NOT NULL,
    host TEXT NOT NULL,
    kind TEXT NOT NULL,              -- what it was taken for, then what it was found to be
    state INTEGER NOT NULL,          -- 0 pending, 1 done, 2 failed
    priority INTEGER NOT NULL,
    depth INTEGER NOT NULL,          -- links away from the seed
    barren INTEGER NOT NULL,         -- listings before it that led to nothing new
    seed INTEGER NOT NULL,           -- row of the seed list it was found from
    run INTEGER NOT NULL,            -- run that last queued it
    lastmod TEXT,                    -- as the sitemap or feed states it, UTC
    fetched_at TEXT,                 -- of a live blog: when it was last fetched and had changed
    etag TEXT, last_modified TEXT, content_sha256 TEXT, body_sha256 TEXT,
    record_id TEXT, outcome TEXT,
    stands_for TEXT                  -- the address whose article this page is another version or page of
);
CREATE INDEX IF NOT EXISTS standing_in ON urls (stands_for) WHERE stands_for IS NOT NULL;
CREATE INDEX IF NOT EXISTS pending ON urls (host, priority) WHERE state = 0;
CREATE TABLE IF NOT EXISTS records (
    id TEXT PRIMARY KEY, body_sha256 TEXT NOT NULL, run INTEGER NOT NULL,
    output_end INTEGER NOT NULL,     -- where its line ends in the output: a shorter file has lost it
    output TEXT NOT NULL DEFAULT ''  -- the output that holds its line, by its path
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_body ON records (body_sha256);
CREATE INDEX IF NOT EXISTS by_output ON records (output, output_end);
CREATE TABLE IF NOT EXISTS archived (
    id TEXT PRIMARY KEY,             -- of a record whose pages are in the archive
    number INTEGER NOT NULL, end INTEGER NOT NULL  -- the file, and where in it they end: a shorter one has lost them
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

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


_UNSEEN: Final = "state = 0, fetched_at = NULL, etag = NULL, last_modified = NULL, content_sha256 = NULL"


class Target(NamedTuple):
    """An address to fetch. `url` is in one spelling; `lastmod` is UTC, ISO 8601, where a sitemap or feed gives one.

    `barren` counts listings before this one that led to nothing new, or sitemap indexes around a sitemap.
    """

    url: str
    kind: Kind
    depth: int = 0
    barren: int = 0
    seed: int = 0
    lastmod: str | None = None


class Known(NamedTuple):
    """What the last fetch of an address left behind."""

    etag: str | None
    last_modified: str | None
    content_sha256: str | None


class OutputState(NamedTuple):
    """How many bytes of an output are on the disk for sure, and whether its last crawl ended without closing it."""

    synced: int
    was_open: bool


@dataclass(slots=True)
class Outcome:
    """How the fetch of an address ended. None leaves what is known from before."""

    outcome: str
    state: int = DONE
    kind: Kind | None = None
    fetched_at: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    content_sha256: str | None = None
    body_sha256: str | None = None
    record_id: str | None = None
    stands_for: str | None = None
    pages: tuple[str, ...] = ()


class _Connection(sqlite3.Connection):
    """Remembers that a statement failed: SQLite may have rolled back what came before it, so no more may be written."""

    broken = False

    def execute(self, *statement: Any) -> sqlite3.Cursor:
        try:
            return super().execute(*statement)
        except sqlite3.Error:
            self.broken = True
            raise

    def executemany(self, *statement: Any) -> sqlite3.Cursor:
        try:
            return super().executemany(*statement)
        except sqlite3.Error:
            self.broken = True
            raise


class Store:
    """One crawl's addresses and records. `path` None keeps them for this run only."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        # "" is a temporary file that SQLite removes itself: it may grow beyond memory.
        self._db = sqlite3.connect(
            str(path) if path else "", isolation_level=None, check_same_thread=False, factory=_Connection
        )
        try:
            self._prepare()
        except (sqlite3.Error, UsageError):
            self._db.close()
            raise

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        # Checkpoints wait for the disk: sync() makes them, away from the reactor.
        self._db.execute("PRAGMA wal_autocheckpoint = 0" if self.path else "PRAGMA wal_autocheckpoint = 1000")
        self._migrate()
        self._db.executescript(_SCHEMA)
        self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        self.run = int(self.fact("run") or 1)
        self.queued: int = self._db.execute("SELECT count(*) FROM urls WHERE state = 0").fetchone()[0]

    def _migrate(self) -> None:
        """Bring a store of an earlier version to this one. Raises UsageError for one of a later version."""
        found = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        if found > SCHEMA_VERSION:
            raise UsageError(
                f"{self.path}: a store of version {found}; this copydesk knows {SCHEMA_VERSION}. Use a newer copydesk"
            )
        columns = [row[1] for row in self._db.execute("PRAGMA table_info(records)")]
        if columns and "output" not in columns:
            self._db.execute("ALTER TABLE records ADD COLUMN output TEXT NOT NULL DEFAULT ''")
            self._db.execute("DROP INDEX IF EXISTS by_end")
            self._adopt_lines()

    def _adopt_lines(self) -> None:
        """Give the lines that a store of version 0 knows to the output that it lies beside."""
        if self.path is None or self.path.suffix != STORE_SUFFIX:
            return
        output = self.path.stem
        self._db.execute("UPDATE records SET output = ?", (output,))
        self._db.execute("UPDATE facts SET name = ? WHERE name = 'synced'", (f"synced {output}",))
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, 'yes')", (f"open {output}",))

    def fact(self, name: str) -> str | None:
        """A fact about the crawl as a whole."""
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set_fact(self, name: str, value: str) -> None:
        """Keep a fact about the crawl as a whole."""
        self._open()
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def use_seeds(self, urls: Sequence[str]) -> None:
        """Number what is stored by today's rows of the seed list; what a removed row led to is let go."""
        before = json.loads(self.fact("seeds") or "[]")
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
        self.let_go(NO_SEED, "seed_removed")

    def start_run(self) -> None:
        """Begin a further run: what is queued from now on may be fetched again if it changed."""
        self.run += 1
        self.set_fact("run", str(self.run))

    def add(self, targets: Sequence[Target], stale_before: str = "") -> int:
        """Queue the addresses that are not known yet, or are due again. Gives how many were queued.

        An address of an earlier run is due if it is no article or a seed, failed, has a later lastmod, or was last
        fetched before `stale_before` (UTC, ISO 8601).
        """
        self._open()
        rows = [_row(target, self.run, stale_before) for target in targets]
        added = max(0, self._db.executemany(_ADD, rows).rowcount) if rows else 0
        dated = [(target.lastmod, address_key(target.url)) for target in targets if target.lastmod]
        if dated:
            self._db.executemany("UPDATE urls SET lastmod = ? WHERE key = ? AND lastmod IS NULL", dated)
        self.queued += added
        return added

    def known_listings(self, depth: int, live_since: str) -> list[Target]:
        """Pages of earlier runs that may hold something new: listings, feeds and sitemaps up to a depth, and live blogs
        that changed since `live_since` (UTC, ISO 8601)."""
        query = (
            f"SELECT url, kind, depth, 0, seed, NULL FROM urls WHERE state = 1 AND run < ? AND seed > {NO_SEED} AND ("
            "kind IN ('listing', 'feed', 'sitemap') AND depth <= ? OR kind = 'live' AND fetched_at >= ?)"
        )
        return [Target(*row) for row in self._db.execute(query, (self.run, depth, live_since))]

    def hosts(self) -> list[str]:
        """The hosts that have something pending, in the order of their most urgent address."""
        query = "SELECT host FROM urls WHERE state = 0 GROUP BY host ORDER BY min(priority), host"
        return [row[0] for row in self._db.execute(query)]

    def pending(self, host: str, limit: int) -> list[Target]:
        """The most urgent pending addresses of a host."""
        query = (
            "SELECT url, kind, depth, barren, seed, lastmod FROM urls "
            "WHERE state = 0 AND host = ? ORDER BY priority LIMIT ?"
        )
        return [Target(*row) for row in self._db.execute(query, (host, limit))]

    def known(self, url: str) -> Known | None:
        """What the last fetch of an address left, if there was one."""
        query = "SELECT etag, last_modified, content_sha256 FROM urls WHERE key = ? AND fetched_at IS NOT NULL"
        row = self._db.execute(query, (address_key(url),)).fetchone()
        return Known(*row) if row else None

    def is_settled(self, url: str) -> bool:
        """Whether an address was fetched or given up in this run, or needs no fetch."""
        row = self._db.execute("SELECT state FROM urls WHERE key = ?", (address_key(url),)).fetchone()
        return row is not None and row[0] != PENDING

    def settle(self, target: Target, outcome: Outcome) -> None:
        """Write how the fetch of an address ended. Nothing is kept before commit()."""
        self._open()
        self._db.execute(
            "INSERT OR IGNORE INTO urls (key, url, host, kind, state, priority, depth, barren, seed, run) "
            "VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?)",
            (*_row(target, self.run, "")[:8], self.run),
        )
        self._db.execute(
            "UPDATE urls SET state = ?, outcome = ?, run = ?, kind = coalesce(?, kind), "
            "fetched_at = iif(kind = 'live' AND ? = 'unchanged', fetched_at, coalesce(?, fetched_at)), "
            "etag = coalesce(?, etag), last_modified = coalesce(?, last_modified), "
            "content_sha256 = coalesce(?, content_sha256), "
            "body_sha256 = coalesce(?, body_sha256), record_id = coalesce(?, record_id), stands_for = ? WHERE key = ?",
            (outcome.state, outcome.outcome, self.run, outcome.kind, outcome.outcome, outcome.fetched_at,
             outcome.etag, outcome.last_modified, outcome.content_sha256, outcome.body_sha256, outcome.record_id,
             outcome.stands_for, address_key(target.url)),
        )  # fmt: skip
        self.queued = max(0, self.queued - 1)

    def outcome_of(self, url: str) -> tuple[int, str | None] | None:
        """State of an address and the record made of it; None if the address is unknown."""
        row = self._db.execute("SELECT state, record_id FROM urls WHERE key = ?", (address_key(url),)).fetchone()
        return (row[0], row[1]) if row else None

    def call_back(self, url: str) -> list[str]:
        """Queue again the pages that stood back for an address that gave no article. Gives their hosts."""
        self._open()
        query = "UPDATE urls SET state = 0, stands_for = NULL WHERE stands_for = ? AND state = 1 RETURNING host"
        hosts = [row[0] for row in self._db.execute(query, (url,)).fetchall()]
        self.queued += len(hosts)
        return hosts

    def records_of(self, seed: int) -> int:
        """How many articles were found from a seed."""
        query = "SELECT count(*) FROM urls WHERE seed = ? AND record_id IS NOT NULL"
        return int(self._db.execute(query, (seed,)).fetchone()[0])

    def let_go(self, seed: int, outcome: str) -> None:
        """Leave out everything still pending of a seed."""
        self._open()
        query = "UPDATE urls SET state = ?, outcome = ?, run = ? WHERE state = 0 AND seed = ?"
        self.queued -= self._db.execute(query, (DONE, outcome, self.run, seed)).rowcount

    def give_up(self, host: str, outcome: str) -> int:
        """Mark everything pending of a host as failed. Gives how many."""
        self._open()
        query = "UPDATE urls SET state = ?, outcome = ?, run = ? WHERE state = 0 AND host = ?"
        return self._db.execute(query, (FAILED, outcome, self.run, host)).rowcount

    def record(self, record_id: str) -> tuple[str, int] | None:
        """Body hash and run of the last record written under an id."""
        row = self._db.execute("SELECT body_sha256, run FROM records WHERE id = ?", (record_id,)).fetchone()
        return (row[0], row[1]) if row else None

    def has_body(self, body_sha256: str) -> bool:
        """Whether a record with this body was written."""
        return self._db.execute("SELECT 1 FROM records WHERE body_sha256 = ?", (body_sha256,)).fetchone() is not None

    def put_record(self, record_id: str, body_sha256: str, output_end: int, output: str = "") -> None:
        """Remember a record whose line ends at byte `output_end` of an output."""
        self._open()
        row = (record_id, body_sha256, self.run, output_end, output)
        self._db.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?)", row)

    def name_of(self, path: Path) -> str:
        """The name under which a file is known here: its path from the store's folder, so that both can be moved."""
        return os.path.relpath(path.resolve(), self.path.resolve().parent) if self.path else str(path.resolve())

    def output_state(self, output: str) -> OutputState | None:
        """What is known of an output; None if this store never wrote to it."""
        synced = self.fact(f"synced {output}")
        return None if synced is None else OutputState(int(synced), self.fact(f"open {output}") == "yes")

    def set_output_state(self, output: str, synced: int, is_open: bool) -> None:
        """Remember how much of an output is on the disk for sure, and whether a crawl is writing to it."""
        self.set_fact(f"synced {output}", str(synced))
        self.set_fact(f"open {output}", "yes" if is_open else "no")

    def put_archived(self, record_id: str, number: int, end: int) -> None:
        """Remember that a record's pages end at byte `end` of the archive's file `number`."""
        self._open()
        self._db.execute("INSERT OR REPLACE INTO archived VALUES (?, ?, ?)", (record_id, number, end))

    def is_archived(self, record_id: str) -> bool:
        """Whether a record's pages are in the archive."""
        return self._db.execute("SELECT 1 FROM archived WHERE id = ?", (record_id,)).fetchone() is not None

    def forget_archived_after(self, number: int, end: int) -> int:
        """Queue again what the archive has lost: pages that end after byte `end` of file `number`. Gives how many."""
        self._open()
        lost = "SELECT id FROM archived WHERE (number, end) > (?, ?)"
        queued = self._db.execute(f"UPDATE urls SET {_UNSEEN} WHERE record_id IN ({lost})", (number, end)).rowcount
        self._db.execute("DELETE FROM archived WHERE (number, end) > (?, ?)", (number, end))
        self.queued += queued
        return queued

    def written_to(self, output: str) -> int:
        """Where the last known line of an output ends, in bytes."""
        row = self._db.execute("SELECT max(output_end) FROM records WHERE output = ?", (output,)).fetchone()
        return row[0] or 0

    def last_end(self, output: str, size: int) -> int:
        """Where the last known line ends that an output of this size still holds, in bytes."""
        query = "SELECT max(output_end) FROM records WHERE output = ? AND output_end <= ?"
        return self._db.execute(query, (output, size)).fetchone()[0] or 0

    def forget_after(self, size: int, output: str) -> int:
        """Queue again what an output has lost: records whose line ends after its size. Gives how many."""
        self._open()
        lost = "SELECT id FROM records WHERE output = ? AND output_end > ?"
        queued = self._db.execute(f"UPDATE urls SET {_UNSEEN} WHERE record_id IN ({lost})", (output, size)).rowcount
        self._db.execute("DELETE FROM records WHERE output = ? AND output_end > ?", (output, size))
        return queued

    def forget_lines(self, output: str) -> None:
        """An output starts anew: no line of it is known any more, what was written before still is."""
        self._open()
        self._db.execute("UPDATE records SET output_end = 0 WHERE output = ?", (output,))

    def counts(self) -> dict[str, int]:
        """How many addresses are in each state: pending, done, failed."""
        rows = dict(self._db.execute("SELECT state, count(*) FROM urls GROUP BY state").fetchall())
        return {"pending": rows.get(PENDING, 0), "done": rows.get(DONE, 0), "failed": rows.get(FAILED, 0)}

    def commit(self) -> None:
        """Make everything since the last commit hold together, whatever happens to this process."""
        if self._db.broken:
            self.abandon()
        if self._db.in_transaction:
            self._db.execute("COMMIT")

    def abandon(self) -> None:
        """Take back everything since the last commit, and write nothing any more."""
        self._db.broken = True
        if self._db.in_transaction:
            self._db.rollback()

    @property
    def broken(self) -> bool:
        """Whether a write failed: what is committed is whole, the next run goes on from there."""
        return self._db.broken

    def sync(self) -> None:
        """Bring what is committed to the disk. Waits for it: call it from a thread."""
        if self.path:
            with_own = sqlite3.connect(self.path)
            try:
                with_own.execute("PRAGMA wal_checkpoint(PASSIVE)")
            finally:
                with_own.close()

    def close(self) -> None:
        """Commit and close; the write-ahead log is folded into the file."""
        self.commit()
        self._db.close()

    def _open(self) -> None:
        if self._db.broken:
            raise sqlite3.OperationalError("an earlier write failed")
        if not self._db.in_transaction:
            self._db.execute("BEGIN")


def _priority(target: Target) -> int:
    """What is fetched first, smallest number first. Sitemaps far below an index wait for the articles known by then."""
    if target.kind == "sitemap" and target.barren > 1:
        return PRIORITIES["article"] + target.barren
    return PRIORITIES[target.kind] + (target.depth if target.kind == "listing" else 0)


def _row(target: Target, run: int, stale_before: str) -> tuple[object, ...]:
    return (
        address_key(target.url), target.url, host_of(target.url), target.kind,
        _priority(target),
        target.depth, target.barren, target.seed, target.lastmod, run, stale_before,
    )  # fmt: skip
