"""A format of output: a reading list in Markdown (.md), one line per record."""

from __future__ import annotations

import json
from types import TracebackType

from pipelines.outputs.files import Output
from pipelines.outputs.formats import OutputFormat


class ReadingList:
    """Writes through Output, so that the file appears whole or not at all, and compressed if its name asks for it."""

    def __init__(self, name: str) -> None:
        self._output = Output(name)

    def write(self, lines: bytes) -> None:
        """One line of Markdown for each line of JSON."""
        for record in map(json.loads, lines.splitlines()):
            self._output.write(f"- {record['headline']}, <{record['url']}>, {record['section']}\n".encode())

    def flush(self) -> None:
        """Write everything to the file now."""
        self._output.flush()

    def __enter__(self) -> ReadingList:
        """Return the open list."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Complete the file after success, or discard it after an error."""
        self._output.__exit__(kind, error, at)


READING_LIST = OutputFormat("reading list", (".md",), ReadingList)
