"""The SQLite file beside the output: its tables, its transactions, and facts about the crawl as a whole."""

from __future__ import annotations

import sqlite3
import weakref
from pathlib import Path
from typing import Any, Final

from cleaners.errors import UsageError

SCHEMA_VERSION: Final = 1
"""Version of the tables, in SQLite's user_version. 0: records belonged to one output."""

STORE_SUFFIX: Final = ".crawl"
"""What the name of a store beside an output ends in."""

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


class _Connection(sqlite3.Connection):
    """Remembers a failed statement: SQLite may have rolled back the ones before it, so no more may be written."""

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


class Database:
    """One SQLite file; if `path` is None, a temporary one that lasts as long as this process."""

    run: int

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        # "" is a temporary file that SQLite removes itself: it may grow beyond memory.
        self._db = sqlite3.connect(
            str(path) if path else "", isolation_level=None, check_same_thread=False, factory=_Connection
        )
        self._closing = weakref.finalize(self, self._db.close)  # also if an error leaves the store unclosed
        try:
            self._prepare()
        except (sqlite3.Error, UsageError):
            self._db.close()
            raise

    def _prepare(self) -> None:
        self._refuse_foreign()
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        # Checkpoints wait for the disk, so sync() makes them outside the reactor's thread.
        self._db.execute("PRAGMA wal_autocheckpoint = 0" if self.path else "PRAGMA wal_autocheckpoint = 1000")
        self._migrate()
        self._db.executescript(_SCHEMA)
        self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        self.run = self.number("run", 1)

    def _refuse_foreign(self) -> None:
        """Raise UsageError for a database that is not from a crawl, before anything in it is changed."""
        tables = {row[0] for row in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if tables and "facts" not in tables:
            raise UsageError(
                f"{self.path}: a database, but not the store of a crawl; nothing was changed. Choose another place"
            )

    def _migrate(self) -> None:
        """Update a store of an earlier version. Raises UsageError for one of a later version."""
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
        """Assign the lines in a store of version 0 to the output beside it."""
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

    def number(self, name: str, otherwise: int = 0) -> int:
        """A fact that is a number; `otherwise` if it is unknown. Raises UsageError if it is not a number."""
        value = self.fact(name)
        try:
            return otherwise if value is None else int(value)
        except ValueError:
            raise self.damaged(name) from None

    def damaged(self, name: str) -> UsageError:
        """The error for a fact that no crawl can have written."""
        return UsageError(
            f"{self.path}: damaged, its fact {name!r} cannot be read; put a copy of it back, or remove it to begin anew"
        )

    def set_fact(self, name: str, value: str) -> None:
        """Store a fact about the crawl as a whole."""
        self._begin()
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def commit(self) -> None:
        """Make all changes since the last commit last, whatever happens to this process."""
        if self._db.broken:
            self.abandon()
        if self._db.in_transaction:
            self._db.execute("COMMIT")

    def abandon(self) -> None:
        """Take back all changes since the last commit, and write nothing any more."""
        self._db.broken = True
        if self._db.in_transaction:
            self._db.rollback()

    @property
    def broken(self) -> bool:
        """Whether a write failed. Everything committed is whole, and the next run goes on from there."""
        return self._db.broken

    def sync(self) -> None:
        """Sync the commits to the disk. This waits for the disk, so call it from a thread."""
        if self.path:
            with_own = sqlite3.connect(self.path)
            try:
                with_own.execute("PRAGMA wal_checkpoint(PASSIVE)")
            finally:
                with_own.close()

    def close(self) -> None:
        """Commit and close; this merges the write-ahead log into the file."""
        self.commit()
        self._db.close()

    def _begin(self) -> None:
        if self._db.broken:
            raise sqlite3.OperationalError("an earlier write failed")
        if not self._db.in_transaction:
            self._db.execute("BEGIN")
