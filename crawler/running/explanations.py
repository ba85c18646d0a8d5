"""Writes the explanation file of a crawl: what was removed from each record, and where its fields come from."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.settings import BaseSettings

from cleaners.errors import UsageError
from crawler.running.state import state_of
from crawler.storage.descriptors import append_whole, open_binary, read_at
from pipelines.workers.batches import Explained

ROWS: Final = "explanation"
"""The key of a response's meta under which the rows of its record wait until the record is written."""
_BLOCK: Final = 1 << 16


def explained_by(settings: BaseSettings) -> Explained:
    """What to explain: nothing without EXPLAIN, kept blocks too with EXPLAIN_KEPT."""
    if not settings["EXPLAIN"]:
        return "nothing"
    return "everything" if settings.getbool("EXPLAIN_KEPT") else "removed"


def check_place(settings: BaseSettings) -> None:
    """Raise UsageError if the file that EXPLAIN names cannot be written."""
    if settings["EXPLAIN"]:
        try:
            Path(settings["EXPLAIN"]).open("ab").close()
        except OSError as error:
            message = f"{settings['EXPLAIN']}: cannot be written ({error.strerror}); choose another file"
            raise UsageError(message) from error


class Explanations:
    """Extension: appends the rows of each record to the file that EXPLAIN names, once the record is written.

    A run that starts its output over starts this file over too. A half line, left by a kill, is cut off.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._path = Path(crawler.settings["EXPLAIN"])
        self._crawler = crawler
        files = state_of(crawler).files
        goes_on = files.resumed or files.ledger is None or files.ledger.path == files.final
        self._file = open_binary(self._path)  # to continue where its last whole line ends
        os.ftruncate(self._file, _end_of_lines(self._file) if goes_on else 0)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build, which opens the file, and listen for records. Not used without EXPLAIN."""
        if not crawler.settings["EXPLAIN"]:
            raise NotConfigured
        extension = cls(crawler)
        crawler.signals.connect(extension.scraped, signals.item_scraped)
        crawler.signals.connect(extension.closed, signals.spider_closed)
        return extension

    def scraped(self, item: Any, response: Response | None) -> None:
        """Append the rows of the record that was written."""
        rows: Sequence[dict[str, Any]] = response.meta.pop(ROWS, ()) if response is not None else ()
        lines = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
        try:
            append_whole(self._file, lines.encode("utf-8", "backslashreplace"))
        except OSError as error:
            state_of(self._crawler).cannot_write(error, self._path)

    def closed(self) -> None:
        """Close the file."""
        os.close(self._file)


def _end_of_lines(file: int) -> int:
    """Where the last whole line of an open file ends."""
    end = os.fstat(file).st_size
    while end > 0:
        start = max(0, end - _BLOCK)
        found = read_at(file, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0
