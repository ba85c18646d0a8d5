"""Writes records as tables: Parquet and CSV. Records are written as they come; a few are held in memory."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from cleaners.errors import UsageError
from pipelines.outputs.files import Output
from pipelines.record.columns import Column, columns

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP: Final = 5000
"""Records of a row group of Parquet: enough for columns to pack well, few enough to be held in memory."""
ROW_GROUP_BYTES: Final = 64 * 1024 * 1024
"""Bytes of JSON after which a row group is written, however few its records are."""


def rows_in(lines: bytes) -> list[dict[str, Any]]:
    """The records of whole lines of JSON."""
    return [json.loads(line) for line in lines.splitlines() if line]


class CsvOutput:
    """A CSV file in UTF-8 with a header, one row a record. A list of texts is joined by "; ", other lists are JSON."""

    def __init__(self, name: str) -> None:
        self._output = Output(name)
        self._put([one.name for one in columns()])

    def write(self, lines: bytes) -> None:
        """Append records."""
        for row in rows_in(lines):
            self._put([_flat(row.get(one.name), one) for one in columns()])

    def flush(self) -> None:
        """Pass on what was written."""
        self._output.flush()

    def __enter__(self) -> Self:
        """The output, open."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Complete after success, discard after an error."""
        self._output.__exit__(kind, error, at)

    def _put(self, cells: Sequence[Any]) -> None:
        line = io.StringIO(newline="")
        csv.writer(line, lineterminator="\n").writerow(cells)
        self._output.write(line.getvalue().encode("utf-8", "replace"))


def _flat(value: Any, column: Column) -> Any:
    if column.kind == "boolean" and value is not None:
        return str(value).lower()
    if column.item:
        return "; ".join(map(str, value or ()))
    if column.inner:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value


class HeldLines:
    """Whole lines of JSON that wait until there are enough for a row group."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._records = self._bytes = 0

    def add(self, lines: bytes) -> bool:
        """Hold lines. Returns whether there are enough for a row group."""
        self._pieces.append(lines)
        self._records += lines.count(b"\n")
        self._bytes += len(lines)
        return self._records >= ROW_GROUP or self._bytes >= ROW_GROUP_BYTES

    def take(self) -> list[bytes]:
        """Take out all held lines."""
        pieces, self._pieces = self._pieces, []
        self._records = self._bytes = 0
        return pieces


class ParquetOutput:
    """Parquet with zstd, a row group every ROW_GROUP records. Needs pyarrow (the extra `parquet`).

    A thread packs and writes a row group while the records of the next one are collected: pyarrow releases the lock of
    Python for that. One group is written at a time, so that memory stays bounded.
    """

    def __init__(self, name: str) -> None:
        try:
            import pyarrow.parquet as pq
        except ImportError as error:
            raise UsageError(f"{name}: Parquet needs pyarrow ({error}). pip install 'copydesk[parquet]'") from error
        self._output = Output(name)
        self._sink = _Sink(self._output)
        self._writer = pq.ParquetWriter(self._sink, arrow_schema(), compression="zstd")
        self._thread = ThreadPoolExecutor(1, "writes row groups")
        self._group: Future[None] | None = None
        self._held = HeldLines()

    def write(self, lines: bytes) -> None:
        """Append records. Raises the error, if any, of writing the row group before."""
        if self._held.add(lines):
            self._write_group()

    def flush(self) -> None:
        """Wait for the row group that is being written, so that the file's size depends on the records alone."""
        self._await_group()

    def __enter__(self) -> Self:
        """The output, open."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Complete after success, discard after an error."""
        try:
            if kind is None:
                self._write_group()
                self._await_group()
                self._writer.close()
        except BaseException:
            self._abandon()
            raise
        finally:
            self._thread.shutdown()
        if kind is not None:
            self._abandon()
        self._output.__exit__(kind, error, at)

    def _abandon(self) -> None:
        """Let the library close its file without writing any more to the output."""
        self._sink.is_abandoned = True
        self._thread.shutdown()
        self._output.discard()
        self._writer.close()

    def _write_group(self) -> None:
        """Let the thread write the held records, after the group before them is written."""
        self._await_group()
        if held := self._held.take():
            self._group = self._thread.submit(self._put, held)

    def _await_group(self) -> None:
        group, self._group = self._group, None
        if group is not None:
            group.result()

    def _put(self, lines: list[bytes]) -> None:
        self._writer.write_table(arrow_table(b"".join(lines)))


class _Sink:
    """An Output as the file object that pyarrow writes to."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._at = 0
        self.closed = False
        self.is_abandoned = False

    def write(self, data: bytes) -> int:
        piece = bytes(data)
        if not self.is_abandoned:
            self._output.write(piece)
        self._at += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        """Does nothing: the file is flushed when it is whole."""

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        self.closed = True


@cache
def arrow_schema() -> pa.Schema:
    """The Arrow schema of records. Raises ImportError without pyarrow."""
    import pyarrow as pa

    return pa.schema([pa.field(one.name, _arrow_type(one), nullable=one.nullable) for one in columns()])


def arrow_table(lines: bytes) -> pa.Table:
    """Whole lines of JSON as an Arrow table of `arrow_schema()`."""
    import pyarrow as pa
    import pyarrow.json as pj

    schema = arrow_schema()
    as_said = [pa.field(one.name, pa.string() if column.kind in ("day", "instant") else one.type)
               for one, column in zip(schema, columns(), strict=True)]  # fmt: skip
    try:
        table = pj.read_json(
            io.BytesIO(lines),
            pj.ReadOptions(block_size=len(lines) + 1),
            pj.ParseOptions(explicit_schema=pa.schema(as_said), unexpected_field_behavior="ignore"),
        )
        arrays = [found.cast(one.type) for found, one in zip(table.columns, schema, strict=True)]
        whole = pa.table(arrays, schema=schema)
        whole.validate(full=True)
        if any(found.null_count and not one.nullable for found, one in zip(arrays, schema, strict=True)):
            raise ValueError("a value is missing")
    except (pa.ArrowException, ValueError):  # for records of other origin: slower, and an invalid day becomes null
        return pa.Table.from_batches([arrow_batch(rows_in(lines))])
    return whole


def arrow_batch(rows: Iterable[dict[str, Any]]) -> pa.RecordBatch:
    """Records as one Arrow batch of `arrow_schema()`."""
    import pyarrow as pa

    typed = [{one.name: _typed(row.get(one.name), one) for one in columns()} for row in rows]
    return pa.RecordBatch.from_pylist(typed, schema=arrow_schema())


def _arrow_type(column: Column) -> pa.DataType:
    import pyarrow as pa

    plain = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(),
             "day": pa.date32(), "instant": pa.timestamp("us", "UTC")}  # fmt: skip
    if column.inner:
        return pa.list_(
            pa.struct([pa.field(one.name, _arrow_type(one), nullable=one.nullable) for one in column.inner])
        )
    return pa.list_(plain[column.item]) if column.item else plain[column.kind]


def _typed(value: Any, column: Column) -> Any:
    """The value in the type that Arrow needs; an invalid day or instant (in a record of other origin) becomes null."""
    if not isinstance(value, str) or column.kind not in ("day", "instant"):
        return value
    with suppress(ValueError):
        return date.fromisoformat(value) if column.kind == "day" else datetime.fromisoformat(value)
    return None
