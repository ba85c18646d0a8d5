"""Documents in JSON: one a line, an array of them, or a single one."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any, Final

from cleaners.errors import InputError
from cleaners.page import Page
from cleaners.parsing.foreign_json import foreign_integer, read_foreign_json
from cleaners.words.amounts import amount
from pipelines.inputs.kinds import begins_utf16
from pipelines.inputs.limits import MAX_PAGE_BYTES, bounded_lines, too_big
from pipelines.inputs.rows import RowFields, page_of_row
from pipelines.inputs.streams import CHUNK, ByteStream

_BEGIN: Final = re.compile(r"\s*+\[?")
_BETWEEN: Final = re.compile(r"[\s,]*+")
_END: Final = re.compile(r"\]?\s*+")


def jsonl_pages(stream: ByteStream, fields: RowFields) -> Iterator[Page | InputError]:
    """One page for each line; an InputError takes the place of a line that cannot be used."""
    for number, line in enumerate(bounded_lines(stream), 1):
        where = f"{stream.source_name}#{number}"
        if len(line) > MAX_PAGE_BYTES:
            yield too_big(where)
        elif line.strip() and (line.endswith(b"\n") or not stream.damage):
            yield _json_page(line, where, fields)
    stream.check()


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
    decoder = json.JSONDecoder(parse_int=foreign_integer)
    held = text.read(CHUNK)
    at = _ends(_BEGIN, held, 0)
    number = 0
    while True:
        at = _ends(_BETWEEN, held, at)
        if _END.fullmatch(held, at):
            if not (more := text.read(CHUNK)):
                return
            held, at = held[at:] + more, 0
            continue
        if held[at] == "]":
            raise InputError(f"{name}: there is more after the end of the array. Mend the file.", "bad_json")
        try:
            value, at = decoder.raw_decode(held, at)
        except (ValueError, RecursionError) as error:
            held, at = held[at:], 0
            more = text.read(max(CHUNK, len(held)))
            if not more or len(held) > MAX_PAGE_BYTES or isinstance(error, RecursionError):
                raise _unreadable(name, number, held, error) from error
            held += more
            continue
        number += 1
        yield value


def _ends(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where the match of a pattern at a place ends. The pattern matches everywhere, if only nothing."""
    match = pattern.match(text, at)
    return match.end() if match else at


def _unreadable(name: str, number: int, held: str, error: Exception) -> InputError:
    if len(held) > MAX_PAGE_BYTES:
        return too_big(f"{name}#{number + 1}")
    why = "nested too deeply" if isinstance(error, RecursionError) else str(error)
    return InputError(
        f"{name}#{number + 1}: not JSON ({why}); read before it: {amount(number, 'document')}. Mend the file.",
        "bad_json",
    )
