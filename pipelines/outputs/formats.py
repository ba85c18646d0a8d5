"""The formats of output: a table of rows, each with the endings of file names and the class that opens the output."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from types import TracebackType
from typing import Final, NamedTuple, Protocol

from pipelines.inputs.addresses import is_address
from pipelines.inputs.kinds import ending
from pipelines.outputs.databases import DuckdbOutput, SqliteOutput
from pipelines.outputs.files import Output
from pipelines.outputs.remote import RemoteOutput
from pipelines.outputs.tables import CsvOutput, ParquetOutput


class RecordOutput(Protocol):
    """An output being written. It is completed at the end of the `with` block, or removed after an error."""

    def write(self, lines: bytes) -> object:
        """Append records: whole lines of JSON, each with its line break."""

    def flush(self) -> object:
        """Pass on what was written, for programs that read along; may do nothing."""

    def __enter__(self) -> RecordOutput:
        """The output, open."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> bool | None:
        """Complete after success, discard after an error."""


class OutputFormat(NamedTuple):
    """One format of output: the endings of its files' names (lower case, with the dot), and what opens a file of it."""

    name: str
    suffixes: tuple[str, ...]
    open: Callable[[str], RecordOutput]


JSON_LINES: Final = OutputFormat("jsonl", (".jsonl", ".ndjson"), Output)
OUTPUT_FORMATS: Final[tuple[OutputFormat, ...]] = (
    JSON_LINES,
    OutputFormat("csv", (".csv",), CsvOutput),
    OutputFormat("parquet", (".parquet",), ParquetOutput),
    OutputFormat("sqlite", (".sqlite", ".sqlite3", ".db"), SqliteOutput),
    OutputFormat("duckdb", (".duckdb", ".ddb"), DuckdbOutput),
)


def format_of(name: str, formats: Sequence[OutputFormat] = OUTPUT_FORMATS) -> OutputFormat:
    """The format that a name states; JSON Lines if it states none, and for "-". An address opens at its store."""
    row = next((row for row in formats if ending(name) in row.suffixes), JSON_LINES)
    return row._replace(open=partial(RemoteOutput, opens=row.open)) if is_address(name) else row


def open_lines(name: str) -> RecordOutput:
    """Open an output of JSON Lines, whatever its name ends in."""
    return RemoteOutput(name, Output) if is_address(name) else Output(name)
