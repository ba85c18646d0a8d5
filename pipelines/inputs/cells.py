"""Reads tables written as text: finds the delimiter, and splits lines, or whole tables, into cells."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Final, Self

_DELIMITERS: Final = ",\t;"  # spreadsheets write the delimiter that is usual in their country
_LINE_CHARS: Final = 128 * 1024  # a longer line is not a row of cells, whatever the limit of the csv module
_SHOWN_CHARS: Final = 80  # characters of a line that is not CSV, shown in the message about it


def delimiter_of(header: str) -> str:
    """The delimiter of a header: the one of comma, tab and semicolon that it has most often.

    >>> delimiter_of("id;text;url")
    ';'
    """
    return max(_DELIMITERS, key=header.count)


def cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of one line, without the space around each. A line that is no CSV is one cell, cut short.

    >>> cells_of('page.html, "https://example.org/a,b"', ",")
    ['page.html', 'https://example.org/a,b']
    """
    if len(line) > _LINE_CHARS:
        return [line[:_SHOWN_CHARS]]
    try:
        cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return [line[:_SHOWN_CHARS]]
    return [cell.strip() for cell in cells]


def rows_of(lines: Iterable[str], delimiter: str, most: int, most_of_row: int) -> Iterator[list[str] | ValueError]:
    """The rows of a table whose quoted cells may hold line breaks.

    A ValueError takes the place of a row that has over `most_of_row` characters, a cell of over `most`, or a quotation
    mark that is never closed. Reading goes on with the next line.
    """
    csv.field_size_limit(most)
    counted = _Lines(lines, most_of_row)
    reader = csv.reader(counted, delimiter=delimiter)
    while True:
        counted.begin_row()
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield ValueError(str(error))
            counted.leave_row()
            continue
        if row is None:
            return
        yield ValueError("the table ends inside a quoted cell") if counted.has_ended else row


class _Lines:
    """The lines of a table, which know how much of a row they have given.

    Raises csv.Error if those of one row have more than `most` characters.
    """

    def __init__(self, lines: Iterable[str], most: int) -> None:
        self._lines = iter(lines)
        self._most = most
        self._size = self._quotes = 0
        self.has_ended = False

    def begin_row(self) -> None:
        """Count from zero."""
        self._size = self._quotes = 0

    def leave_row(self) -> None:
        """Pass over the rest of a row that could not be read: to the end of its open cell, if that is near."""
        while self._quotes % 2 and self._size <= 2 * self._most and not self.has_ended:
            self._take()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._take()
        if self.has_ended:
            raise StopIteration
        if self._size > self._most:
            raise csv.Error(f"more than {self._most:,} characters")
        return line

    def _take(self) -> str:
        line = next(self._lines, "")
        self.has_ended = not line
        self._size += len(line)
        # Of a line that is too long for a row, the rest is not known here: it may close the cell.
        self._quotes = 0 if len(line) > self._most else self._quotes + line.count('"')
        return line
