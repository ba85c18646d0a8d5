"""Reads records for a command: shows progress on a terminal, and reports and counts what cannot be read."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from cleaners.errors import InputError
from copydesk.cli.terminal import StatusLine, print_line
from pipelines.inputs.saved_records import record_files, saved_lines


class Reading:
    """Reads records of files one by one. `failed` counts the lines and files that could not be read.

    With `silent`, they are not reported: for a first reading that a second one follows.
    """

    def __init__(self, what: str, silent: bool = False) -> None:
        self.failed = 0
        self._silent = silent
        self._what = what
        self._read = 0
        self._status = StatusLine(sys.stderr)

    def records(self, names: Iterable[str]) -> Iterator[dict[str, Any]]:
        """The records of all files, folders and globs, in order."""
        return (record for record, _ in self.lines(names))

    def lines(self, names: Iterable[str]) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """The records of all files, in order, each with its line, if the line has the present schema."""
        for name in (file for named in names for file in record_files(named)):
            if isinstance(name, InputError):
                self.report(name)
            else:
                yield from self._lines_of(name)

    def _lines_of(self, name: str) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        try:
            for found in saved_lines(name):
                if isinstance(found, InputError):
                    self.report(found)
                else:
                    self._tick()
                    yield found
        except InputError as error:
            self.report(error)

    def report(self, error: InputError) -> None:
        """Report a line or file that could not be read, and count it."""
        self.failed += 1
        if self._silent:
            return
        self.close()
        print_line(f"copydesk: {error}")

    def close(self) -> None:
        """Remove the progress line."""
        self._status.clear()

    def _tick(self) -> None:
        self._read += 1
        self._status.show(lambda: f"{self._read:,} {self._what} read")
