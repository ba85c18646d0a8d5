"""Reads records that an earlier run wrote, one at a time; a line that is not a record does not affect the
others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from math import isfinite
from typing import Any, Final

import orjson

from cleaners.errors import InputError
from cleaners.parsing.foreign_json import read_foreign_json
from cleaners.words.surrogates import encodable
from pipelines.inputs.files import files_of
from pipelines.inputs.kinds import begins_parquet, binary_format, ending
from pipelines.inputs.overlap import is_own_output
from pipelines.inputs.saved_tables import table_rows
from pipelines.inputs.streams import CHUNK, ByteStream, open_stream
from pipelines.record.typed import check_types
from pipelines.record.upgrade import upgraded

_ENDINGS: Final = (".jsonl", ".ndjson", ".parquet")
_MOST_BRACKETS: Final = 500
"""A line with more brackets may be nested too deeply for the rest of the program."""


def record_files(name: str) -> Iterator[str | InputError]:
    """The files of records that a name stands for: itself, or those in a folder or of a glob, by their endings."""
    others = 0
    read = 0
    for found in files_of(name):
        if isinstance(found, InputError) or found.folder is None or ending(found.path) in _ENDINGS:
            read += 1
            yield found if isinstance(found, InputError) else found.path
        else:
            others += 1
    if others and not read:
        kinds = ", ".join(_ENDINGS)
        yield InputError(f"{name}: no file of records ({kinds}) in this folder. Name a folder with records.", "missing")


def saved_records(name: str) -> Iterator[dict[str, Any] | InputError]:
    """The records of a file of JSON Lines (also compressed) or of Parquet, or of standard input for "-".

    Records of an earlier schema are brought up to date. An InputError takes the place of a line that is not a record,
    or that has a value of another type than its column. Raises InputError if the file cannot be read or ends too early.
    """
    return (found if isinstance(found, InputError) else found[0] for found in saved_lines(name))


def saved_lines(name: str) -> Iterator[tuple[dict[str, Any], bytes | None] | InputError]:
    """The records, each with the line that it was read from; None for the line if the record differs from it."""
    for place, row, line in _rows(name):
        try:
            if isinstance(row, InputError):
                yield row
                continue
            record = upgraded(row)
            check_types(record)
            yield record, line if record == row else None
        except InputError as error:
            yield InputError(f"{name}, line {place}: {error}. The other lines are read.", error.cause)


def json_rows(name: str) -> Iterator[tuple[int, dict[str, Any] | InputError]]:
    """The objects of a file of JSON Lines, each with its line number from 1; blank lines are passed over."""
    return ((place, row) for place, row, _ in _rows(name))


def _rows(name: str) -> Iterator[tuple[int, dict[str, Any] | InputError, bytes | None]]:
    with open_stream(name) as stream:
        start = stream.peek(CHUNK)
        if begins_parquet(start):
            yield from ((place, row, None) for place, row in table_rows(stream))
        elif what := _other_file(start):
            raise InputError(f"{name}: {what}. Records are read from JSON Lines and Parquet.", "other_file")
        else:
            yield from _lines(name, stream)


def _other_file(start: bytes) -> str | None:
    """What a file is that holds no lines of JSON, by its first bytes; None if it may hold some."""
    if not start.startswith(b"{") and is_own_output(start):
        return "records as CSV, which has no types and no lists"
    return binary_format(start)


def _lines(name: str, stream: ByteStream) -> Iterator[tuple[int, dict[str, Any] | InputError, bytes | None]]:
    for place, line in enumerate(_ended(stream), start=1):
        if line.strip():
            yield place, *_object(name, place, line)
    stream.check()


def _ended(stream: ByteStream) -> Iterator[bytes]:
    """The lines of a stream in valid UTF-8, each ended by a line feed, whichever end of line the file has."""
    for found in stream:
        for line in found.splitlines() if b"\r" in found else (found.rstrip(b"\n"),):
            try:
                line.decode()
            except UnicodeDecodeError:
                yield line.decode("utf-8", "replace").encode() + b"\n"
            else:
                yield line + b"\n"


def _object(name: str, place: int, line: bytes) -> tuple[dict[str, Any] | InputError, bytes | None]:
    """The object of a line, and the line if it holds the object as it is."""
    try:
        row, is_plain = _value(line)
    except ValueError as error:
        return InputError(f"{name}, line {place}: no JSON ({error}). The other lines are read."), None
    if isinstance(row, dict):
        return row, line if is_plain else None
    what = type(row).__name__
    return InputError(f"{name}, line {place}: no JSON object but {what}. The other lines are read."), None


def _value(line: bytes) -> tuple[Any, bool]:
    """The value of a line of JSON, and whether it is in the line as it is. Raises ValueError for text that is not JSON.

    orjson takes a quarter of json's time. What orjson refuses (NaN, lone surrogates), json may still read; and json
    refuses text that is nested too deeply.
    """
    if line.count(b"[") + line.count(b"{") <= _MOST_BRACKETS:
        with suppress(orjson.JSONDecodeError):
            return orjson.loads(line), True
    try:
        return _writable(read_foreign_json(line)), False
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _writable(value: Any) -> Any:
    """The value as every format of output can hold it: without lone surrogates, and with null for NaN."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, list):
        return [_writable(item) for item in value]
    if isinstance(value, dict):
        return {encodable(name): _writable(item) for name, item in value.items()}
    return value
