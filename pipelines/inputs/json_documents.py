"""Documents in JSON: one a line, an array of them, or a single one."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any, Final

from cleaners.errors import InputError
from cleaners.page import Page
from cleaners.parsing.foreign_json import read_foreign_json
from cleaners.words.amounts import amount
from pipelines.inputs.kinds import begins_utf16
from pipelines.inputs.limits import MAX_PAGE_BYTES, too_big
from pipelines.inputs.rows import RowFields, page_of_row
from pipelines.inputs.streams import CHUNK, ByteStream

_BETWEEN: Final = " \t\r\n,"


def jsonl_pages(stream: ByteStream, fields: RowFields) -> Iterator[Page | InputError]:
    """One page for each line; an InputError takes the place of a line that cannot be used."""
    number = 0
    while line := stream.readline(MAX_PAGE_BYTES + 1):
        number += 1
        where = f"{stream.source_name}#{number}"
        if len(line) > MAX_PAGE_BYTES:
            yield too_big(where)
            _skip_line(stream, line)
        elif line.strip() and (line.endswith(b"\n") or not stream.damage):
            yield _json_page(line, where, fields)
    stream.check()


def _skip_line(stream: ByteStream, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(MAX_PAGE_BYTES)


def _json_page(line: bytes, where: str, fields: RowFields) -> Page | InputError:
    try:
        row = read_foreign_json(line)
    except ValueError as error:
        return InputError(f"{where}: not a line of JSON ({error}). Mend or leave out the line.", "bad_json")
    return page_of_row(row, where, fields)


def json_pages(stream: ByteStream, fields: RowFields) -> Iterator[Page | InputError]:
    """A page for each document of a JSON array, or of values one after the other; a few are held at a time.

    Nothing after a damaged value can be read: an InputError names the place.
    """
    charset = "utf-16" if begins_utf16(stream.peek(2)) else "utf-8-sig"
    with io.TextIOWrapper(stream, charset, errors="replace") as text:
        for number, row in enumerate(_values(text, stream.source_name), 1):
            yield page_of_row(row, f"{stream.source_name}#{number}", fields)
        stream.check()


def _values(text: io.TextIOWrapper, name: str) -> Iterator[Any]:
    """The elements of an array, or the values of a sequence. Raises InputError if one cannot be read."""
    decoder = json.JSONDecoder()
    held = text.read(CHUNK).lstrip()
    held = held[1:] if held.startswith("[") else held
    number = 0
    while True:
        held = held.lstrip(_BETWEEN)
        if held in ("", "]"):
            if not (more := text.read(CHUNK)):
                return
            held += more
            continue
        if held[0] == "]":
            raise InputError(f"{name}: there is more after the end of the array. Mend the file.", "bad_json")
        try:
            value, end = decoder.raw_decode(held)
        except (ValueError, RecursionError) as error:
            more = text.read(max(CHUNK, len(held)))
            if not more or len(held) > MAX_PAGE_BYTES or isinstance(error, RecursionError):
                raise _unreadable(name, number, held, error) from error
            held += more
            continue
        number += 1
        yield value
        held = held[end:]


def _unreadable(name: str, number: int, held: str, error: Exception) -> InputError:
    if len(held) > MAX_PAGE_BYTES:
        return too_big(f"{name}#{number + 1}")
    why = "nested too deeply" if isinstance(error, RecursionError) else str(error)
    return InputError(
        f"{name}#{number + 1}: not JSON ({why}); read before it: {amount(number, 'document')}. Mend the file.",
        "bad_json",
    )
