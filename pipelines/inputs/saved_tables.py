"""Reads records that an earlier run wrote as Parquet; they are the same as from JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from cleaners.errors import InputError
from pipelines.dates.utc import utc_stamp
from pipelines.inputs.seekable import seekable
from pipelines.inputs.streams import ByteStream
from pipelines.inputs.tables import open_parquet

_ROWS_AT_ONCE = 256


def table_rows(stream: ByteStream) -> Iterator[tuple[int, dict[str, Any] | InputError]]:
    """The rows of a Parquet file, each with its number from 1; an InputError for a row group that cannot be read.

    Days and instants are text. Raises InputError for a file that is not whole.
    """
    with seekable(stream) as file:
        table = open_parquet(file, stream.source_name)
        number = 0
        for group in range(table.num_row_groups):
            after = number + table.metadata.row_group(group).num_rows
            try:
                for batch in table.iter_batches(_ROWS_AT_ONCE, row_groups=[group]):
                    for row in batch.to_pylist():
                        number += 1
                        yield number, {name: _plain(value) for name, value in row.items()}
            except (OSError, ValueError) as error:  # errors of Arrow are one or the other
                what = str(error).partition("\n")[0].rstrip(".")
                where = f"{stream.source_name}, rows {number + 1} to {after}"
                yield number + 1, InputError(f"{where}: cannot be read ({what}). The other rows are read.", "damaged")
            number = after


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return utc_stamp(value)
    return value.isoformat() if isinstance(value, date) else value
