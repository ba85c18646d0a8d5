"""Reads documents in tables: CSV, TSV and Parquet, one document a row."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from cleaners.errors import InputError
from cleaners.page import Page
from cleaners.parsing.decode import decode
from cleaners.words.amounts import amount
from pipelines.inputs.cells import delimiter_of, rows_of
from pipelines.inputs.kinds import begins_utf16, ending
from pipelines.inputs.limits import MAX_PAGE_BYTES, MAX_ROW_CHARS, bounded_lines
from pipelines.inputs.overlap import RECORD_KEYS
from pipelines.inputs.rows import RowFields, no_column, no_text, page_of_row
from pipelines.inputs.seekable import seekable
from pipelines.inputs.streams import CHUNK, ByteStream

if TYPE_CHECKING:
    import pyarrow.parquet as pq

_ROWS_AT_ONCE: Final = 64


def csv_pages(stream: ByteStream, fields: RowFields) -> Iterator[Page | InputError]:
    """One page for each row of a table with a header; an InputError takes the place of a row that cannot be used."""
    charset = _charset(stream.peek(CHUNK))
    name = stream.source_name
    with io.TextIOWrapper(stream, charset, errors="replace", newline="") as text:
        lines = _whole_lines(text, stream)
        first = next(lines, "")
        delimiter = "\t" if ending(name) == ".tsv" else delimiter_of(first)
        rows = rows_of(chain([first], lines), delimiter, MAX_PAGE_BYTES, MAX_ROW_CHARS)
        header = next(rows, [])
        if isinstance(header, ValueError):
            raise InputError(f"{name}: the header cannot be read ({header}). Mend the first line.", "bad_row")
        if fields.text_of(header) is None:
            raise no_text(name, header, fields)
        yield from no_column(name, header, fields)
        for number, cells in enumerate((row for row in rows if row), 1):
            yield _page_of_cells(header, cells, f"{name}#{number}", fields)
        stream.check()


def _whole_lines(text: io.TextIOWrapper, stream: ByteStream) -> Iterator[str]:
    """The lines of a table, without the rest of a line in which a damaged stream ends."""
    for line in bounded_lines(text, MAX_ROW_CHARS):
        if line.endswith(("\n", "\r")) or not stream.damage:
            yield line


def _charset(start: bytes) -> str:
    """The charset of a table: UTF-8, unless its first whole lines are something else, as spreadsheets write it."""
    if begins_utf16(start):
        return "utf-16"
    lines = start[: start.rfind(b"\n") + 1]
    try:
        lines.decode("utf-8")
    except UnicodeDecodeError:
        return decode(lines).encoding
    return "utf-8-sig"


def _page_of_cells(
    header: list[str], cells: list[str] | ValueError, where: str, fields: RowFields
) -> Page | InputError:
    if isinstance(cells, ValueError):
        return InputError(f"{where}: the row cannot be read ({cells}). Is a quotation mark not closed?", "bad_row")
    if len(cells) != len(header):
        what = (
            f"{where}: {amount(len(cells), 'cell')} where the header has {len(header)}. Mend the row, or leave it out."
        )
        return InputError(what, "bad_row")
    return page_of_row({name: cell for name, cell in zip(header, cells, strict=True) if cell}, where, fields)


def parquet_pages(stream: ByteStream, fields: RowFields, skipped: Counter[str]) -> Iterator[Page | InputError]:
    """One page for each row of a Parquet file. An InputError takes the place of a row group that cannot be read."""
    with seekable(stream) as file:
        table = open_parquet(file, stream.source_name)
        names = table.schema_arrow.names
        if set(names) >= RECORD_KEYS and fields.text is None:
            skipped["own_output"] += 1
            return
        text = fields.text_of(names)
        if text is None:
            raise no_text(stream.source_name, names, fields)
        yield from no_column(stream.source_name, names, fields)
        wanted = [name for name in (text, fields.url, fields.date, *fields.keep) if name in names]
        yield from _rows_of_groups(table, list(dict.fromkeys(wanted)), stream.source_name, fields)


def open_parquet(file: Any, name: str) -> pq.ParquetFile:
    """Open a Parquet file. Raises InputError if it is not whole, or if pyarrow is missing."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        what = f"{name}: Parquet needs pyarrow ({error}). pip install 'copydesk[parquet]'"
        raise InputError(what, "no_pyarrow") from error
    try:
        return pq.ParquetFile(file)
    except (pa.ArrowException, OSError) as error:
        what = f"{name}: no whole Parquet file ({_first_line(error)}). Get the file again."
        raise InputError(what, "damaged") from error


def _rows_of_groups(
    table: pq.ParquetFile, names: list[str], where: str, fields: RowFields
) -> Iterator[Page | InputError]:
    import pyarrow as pa

    number = 0
    for group in range(table.num_row_groups):
        after = number + table.metadata.row_group(group).num_rows
        try:
            for batch in table.iter_batches(_ROWS_AT_ONCE, row_groups=[group], columns=names):
                for row in batch.to_pylist():
                    number += 1
                    yield page_of_row(row, f"{where}#{number}", fields)
        except (pa.ArrowException, OSError, ValueError) as error:
            what = f"{where}: rows {number + 1} to {after} cannot be read ({_first_line(error)}). Get the file again."
            yield InputError(what, "damaged")
        number = after


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
