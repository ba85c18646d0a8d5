"""Records that an earlier run wrote, read back one at a time; a line that is no record costs no other."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from cleaners.errors import InputError
from cleaners.parsing.foreign_json import read_foreign_json
from pipelines.inputs.streams import open_stream
from pipelines.record.upgrade import upgraded


def saved_records(name: str) -> Iterator[dict[str, Any] | InputError]:
    """The records of a file of JSON Lines (.jsonl, also compressed), or of standard input for "-".

    Records of an earlier schema come as the present one has them, and a line that is no record as an InputError that
    names it. Raises InputError where the file cannot be read, or
    ends too early.
    """
    for place, row in json_rows(name):
        try:
            yield row if isinstance(row, InputError) else upgraded(row)
        except InputError as error:
            yield InputError(f"{name}, line {place}: {error}. The other lines are read.", error.cause)


def json_rows(name: str) -> Iterator[tuple[int, dict[str, Any] | InputError]]:
    """The objects of a file of JSON Lines, each with its line number from 1; blank lines are passed over."""
    with open_stream(name) as stream, io.TextIOWrapper(stream, "utf-8", errors="replace") as lines:
        for place, line in enumerate(lines, start=1):
            if line.strip():
                yield place, _object(name, place, line)
        stream.check()


def _object(name: str, place: int, line: str) -> dict[str, Any] | InputError:
    try:
        row = read_foreign_json(line)
    except ValueError as error:
        return InputError(f"{name}, line {place}: no JSON ({error}). The other lines are read.")
    if isinstance(row, dict):
        return row
    return InputError(f"{name}, line {place}: no JSON object but {type(row).__name__}. The other lines are read.")
