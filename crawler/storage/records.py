"""The tables of written records: by id and body, with the ends of their lines in the outputs and of their pages in the
archive."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from crawler.storage.database import Database


class OutputState(NamedTuple):
    """How many bytes of an output are safely on the disk, and whether its last crawl ended without closing it."""

    synced: int
    was_open: bool


class RecordTable(Database):
    """The records of a crawl, its outputs and its archive."""

    def record(self, record_id: str) -> tuple[str, int] | None:
        """Body hash and run of the last record written under an id."""
        row = self._db.execute("SELECT body_sha256, run FROM records WHERE id = ?", (record_id,)).fetchone()
        return (row[0], row[1]) if row else None

    def has_body(self, body_sha256: str) -> bool:
        """Whether a record with this body was written."""
        return self._db.execute("SELECT 1 FROM records WHERE body_sha256 = ?", (body_sha256,)).fetchone() is not None

    def put_record(self, record_id: str, body_sha256: str, output_end: int, output: str = "") -> None:
        """Remember a record whose line ends at byte `output_end` of an output."""
        self._begin()
        row = (record_id, body_sha256, self.run, output_end, output)
        self._db.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?)", row)

    def name_of(self, path: Path) -> str:
        """The name of a file in the store: its path from the store's folder, so that both can be moved together."""
        return os.path.relpath(path.resolve(), self.path.resolve().parent) if self.path else str(path.resolve())

    def output_state(self, output: str) -> OutputState | None:
        """The state of an output; None if this store never wrote to it."""
        synced = self.number(f"synced {output}", -1)
        return None if synced < 0 else OutputState(synced, self.fact(f"open {output}") == "yes")

    def set_output_state(self, output: str, synced: int, is_open: bool) -> None:
        """Remember how much of an output is safely on the disk, and whether a crawl is writing to it."""
        self.set_fact(f"synced {output}", str(synced))
        self.set_fact(f"open {output}", "yes" if is_open else "no")

    def put_archived(self, record_id: str, number: int, end: int) -> None:
        """Remember that a record's pages end at byte `end` of the archive's file `number`."""
        self._begin()
        self._db.execute("INSERT OR REPLACE INTO archived VALUES (?, ?, ?)", (record_id, number, end))

    def is_archived(self, record_id: str) -> bool:
        """Whether a record's pages are in the archive."""
        return self._db.execute("SELECT 1 FROM archived WHERE id = ?", (record_id,)).fetchone() is not None

    def written_to(self, output: str) -> int:
        """Where the last known line of an output ends, in bytes."""
        row = self._db.execute("SELECT max(output_end) FROM records WHERE output = ?", (output,)).fetchone()
        return row[0] or 0

    def last_end(self, output: str, size: int) -> int:
        """Where the last known line ends, in bytes, that an output of this size still holds."""
        query = "SELECT max(output_end) FROM records WHERE output = ? AND output_end <= ?"
        return self._db.execute(query, (output, size)).fetchone()[0] or 0

    def forget_lines(self, output: str) -> None:
        """An output starts over: forget its lines, but not which records were written."""
        self._begin()
        self._db.execute("UPDATE records SET output_end = 0 WHERE output = ?", (output,))
