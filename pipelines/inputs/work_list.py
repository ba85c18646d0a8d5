"""Work lists: the inputs of a run on many machines. Each machine takes its part without talking to the others."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cleaners.errors import UsageError
from cleaners.parsing.foreign_json import read_foreign_json
from pipelines.inputs.streams import CHUNK, open_stream
from pipelines.inputs.text_files import refuse_binary

_PART: Final = re.compile(r"(?P<first>\d+)(?:-(?P<last>\d+))?/(?P<count>\d+)")


@dataclass(frozen=True)
class Part:
    """Part `number` (from 1) of `count`."""

    number: int
    count: int

    def __str__(self) -> str:
        """The part in the form that outputs are named by: 00003-of-00064."""
        return f"{self.number:05d}-of-{self.count:05d}"

    def of(self, rows: Sequence[str]) -> list[str]:
        """The rows of this part: every count-th, so that parts are alike even if a list is sorted by size or day.

        >>> Part(2, 3).of(["a", "b", "c", "d", "e"])
        ['b', 'e']
        """
        return list(rows[self.number - 1 :: self.count])


def parts_of(text: str) -> list[Part]:
    """The parts that "3/64" or "1-8/64" name. Raises UsageError for anything else.

    >>> parts_of("2-3/4")
    [Part(number=2, count=4), Part(number=3, count=4)]
    """
    match = _PART.fullmatch(text)
    if match is not None:
        first, count = int(match["first"]), int(match["count"])
        last = int(match["last"] or first)
        if 1 <= first <= last <= count:
            return [Part(number, count) for number in range(first, last + 1)]
    raise UsageError(f"--part {text}: write 3/64 for the third of 64 parts, or 1-8/64 for the first eight of them.")


def read_work_list(name: str, base: str = "") -> list[str]:
    """The inputs that a list names, one a line; `base` is put before each relative path.

    A line is a path or an address. A path with an offset and a length after it (white space between them), or a line of
    a CDXJ index with `filename`, `offset` and `length`, is a range of a file. Lines that begin with # are left out.
    Raises UsageError for any other line, InputError if the list cannot be read to its end.
    """
    with open_stream(name) as stream:
        try:
            refuse_binary(stream.peek(CHUNK)[:CHUNK])
        except ValueError as error:
            raise UsageError(f"{name}: {error}, not a work list. Give a file with a path in each line.") from error
        lines = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape")  # as Python names files
        rows = [_with_base(row, base) for row in _rows(lines, name)]
        stream.check()
    if not rows:
        raise UsageError(f"{name}: the work list holds nothing. Give a file with a path in each line.")
    return rows


def _rows(lines: io.TextIOWrapper, name: str) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text and not text.startswith("#"):
            row = _row(text)
            if row is None:
                raise UsageError(
                    f"{name}:{number}: not a path, nor one with offset and length: {text[:80]!r}. Mend it."
                )
            yield row


def _row(text: str) -> str | None:
    _, brace, after = text.partition("{")
    if brace:
        try:
            found = read_foreign_json(brace + after)
            return _range(str(found["filename"]), int(found["offset"]), int(found["length"]))
        except (ValueError, KeyError, TypeError, OverflowError):
            return None
    cells = text.split("\t") if "\t" in text else text.split()
    if len(cells) == 3 and cells[1].isdecimal() and cells[2].isdecimal():
        return _range(cells[0], int(cells[1]), int(cells[2]))
    return text


def _range(name: str, offset: int, length: int) -> str:
    return f"{name}#bytes={offset}-{offset + max(length, 1) - 1}"


def _with_base(row: str, base: str) -> str:
    if not base or "://" in row or row.startswith("/"):
        return row
    return f"{base.rstrip('/')}/{row}"
