"""Reads tables written as text: finds the delimiter, and splits lines, or whole tables, into cells."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Final

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


def rows_of(lines: Iterable[str], delimiter: str, most: int) -> Iterator[list[str]]:
    """The rows of a table whose quoted cells may hold line breaks and have up to `most` characters.

    Raises ValueError where the table cannot be read on.
    """
    csv.field_size_limit(most)
    try:
        yield from csv.reader(lines, delimiter=delimiter)
    except csv.Error as error:
        raise ValueError(str(error)) from error
