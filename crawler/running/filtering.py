"""The filters of a crawl, and the file of the records that they leave out."""

from __future__ import annotations

from pathlib import Path

from scrapy.crawler import Crawler

from cleaners.errors import UsageError
from pipelines.selection.filters import wanted_of
from pipelines.selection.sieve import Sieve


class RejectedFile:
    """Adds lines to a file, so that an interrupted crawl keeps what it wrote."""

    def __init__(self, name: str) -> None:
        self._path = Path(name)
        try:
            self._path.open("ab").close()
        except OSError as error:
            raise UsageError(f"{name}: cannot be written ({error.strerror or error}). Name another file.") from error

    def write(self, lines: bytes) -> None:
        """Add whole lines. Raises OSError where the disk is full."""
        with self._path.open("ab") as file:
            file.write(lines)


def sieve_of(crawler: Crawler) -> Sieve:
    """The sieve that the settings WANTED and REJECTED ask for. Raises UsageError where they cannot be meant."""
    rejected = crawler.settings.get("REJECTED")
    return Sieve(wanted_of(crawler.settings.getdict("WANTED")), RejectedFile(rejected) if rejected else None)
