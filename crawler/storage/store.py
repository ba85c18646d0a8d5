"""The store: one SQLite file beside the output that knows every address, when it was fetched, and every record written.

It is the crawl's frontier (what is still to fetch) and its memory (what is new next time). Nothing of it is held in
Python: a million addresses cost disk, not memory.
"""

from __future__ import annotations

from typing import Final

from crawler.storage.addresses import AddressTable
from crawler.storage.records import RecordTable

_UNSEEN: Final = "state = 0, fetched_at = NULL, etag = NULL, last_modified = NULL, content_sha256 = NULL"


class Store(AddressTable, RecordTable):
    """One crawl's addresses and records. `path` None keeps them for this run only."""

    def start_run(self) -> None:
        """Begin a further run: addresses that are queued from now on may be fetched again if they changed."""
        self.run += 1
        self.set_fact("run", str(self.run))

    def forget_archived_after(self, number: int, end: int) -> int:
        """Queue again the pages that the archive lost, after byte `end` of file `number`. Returns how many."""
        self._begin()
        lost = "SELECT id FROM archived WHERE (number, end) > (?, ?)"
        queued = self._db.execute(f"UPDATE urls SET {_UNSEEN} WHERE record_id IN ({lost})", (number, end)).rowcount
        self._db.execute("DELETE FROM archived WHERE (number, end) > (?, ?)", (number, end))
        self.count_queued()
        return queued

    def forget_after(self, size: int, output: str) -> int:
        """Queue again the records that an output has lost, whose lines end after its size. Returns how many."""
        self._begin()
        lost = "SELECT id FROM records WHERE output = ? AND output_end > ?"
        queued = self._db.execute(f"UPDATE urls SET {_UNSEEN} WHERE record_id IN ({lost})", (output, size)).rowcount
        self._db.execute("DELETE FROM records WHERE output = ? AND output_end > ?", (output, size))
        self.count_queued()
        return queued
