"""Rows of tables and JSON to Pages: one document a row, with its address, its date and the fields to keep."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from cleaners.errors import InputError
from cleaners.page import Page
from cleaners.words.surrogates import encodable
from pipelines.inputs.kinds import begins_html
from pipelines.inputs.limits import MAX_PAGE_BYTES, too_big

_SNIFFED: Final = 4096
# How many names of columns a message shows, and how many characters of each.
_SHOWN_NAMES: Final = 8
_SHOWN_CHARS: Final = 40
# Fields that are looked for though nobody named them.
_UNASKED: Final = ("url", "date")


class RowFields(NamedTuple):
    """Names of the fields of a row.

    text  the document, text or markup; None: the first of DEFAULT_TEXT that the row has
    url   its address
    date  its date
    keep  fields that go into the record's `extra` as they are
    """

    text: str | None = None
    url: str = "url"
    date: str = "date"
    keep: tuple[str, ...] = ()

    def text_of(self, names: Iterable[str]) -> str | None:
        """The one of these fields that holds the document; None if none does."""
        there = set(names)
        return next((name for name in self.candidates if name in there), None)

    @property
    def candidates(self) -> tuple[str, ...]:
        """The fields that may hold the document."""
        return (self.text,) if self.text else DEFAULT_TEXT


DEFAULT_TEXT: Final = ("text", "html")


def page_of_row(row: object, where: str, fields: RowFields) -> Page | InputError:
    """The page of a row, or the InputError that says why there is none. `where` names the row."""
    if not isinstance(row, Mapping):
        return no_text(where, (type(row).__name__,), fields)
    name = fields.text_of(row)
    if name is None:
        return no_text(where, row, fields)
    text = row[name]
    if not isinstance(text, str | bytes):
        found = "nothing" if text is None else type(text).__name__
        return InputError(
            f'{where}: {found} under "{name}", where a text is wanted. Leave the row out.', "no_text_field"
        )
    if not text.strip():
        return InputError(f'{where}: the text under "{name}" is empty.', "empty")
    if len(text) > MAX_PAGE_BYTES:
        return too_big(where)
    return _page(row, text, where, fields)


def no_text(where: str, found: Iterable[str], fields: RowFields) -> InputError:
    """The InputError for a row or a table without a document."""
    wanted = " or ".join(f'"{name}"' for name in fields.candidates)
    there = shown(found)
    return InputError(
        f"{where}: no text under {wanted} (found: {there}). Name the field with --text-field.", "no_text_field"
    )


def no_column(name: str, found: Iterable[str], fields: RowFields) -> Iterator[InputError]:
    """An InputError for each field that is asked for by its name and is no column of a table."""
    columns = tuple(found)
    asked = (*fields.keep, *(field for field in (fields.url, fields.date) if field not in _UNASKED))
    for field in asked:
        if field not in columns:
            yield InputError(f'{name}: no column "{field}" (found: {shown(columns)}). Its rows are read.', "no_column")


def shown(names: Iterable[str]) -> str:
    """The first of some names, as a message shows them: on one line, and none of them long."""
    first = [" ".join(name.split()) for name in list(names)[:_SHOWN_NAMES]]
    return (
        ", ".join(name if len(name) <= _SHOWN_CHARS else name[:_SHOWN_CHARS].rstrip() + "…" for name in first)
        or "nothing"
    )


def _page(row: Mapping[str, Any], text: str | bytes, where: str, fields: RowFields) -> Page:
    start = text[:_SNIFFED] if isinstance(text, bytes) else text[:_SNIFFED].encode("utf-8", "replace")
    is_html = start.lstrip().startswith(b"<") and begins_html(start)
    url, date = row.get(fields.url), row.get(fields.date)
    return Page(
        encodable(text) if isinstance(text, str) else text,
        "html" if is_html else "text",
        url=url if isinstance(url, str) and url else None,
        source_type="html" if is_html else "text",
        source_path=where,
        stated=(("date", encodable(str(date))),) if date and not isinstance(date, bool | list | dict | bytes) else (),
        extra=tuple((name, as_text(row[name])) for name in fields.keep if row.get(name) is not None),
    )


def as_text(value: object) -> str:
    """A field's value as text: a text as it is, other values as JSON.

    >>> as_text(7), as_text(True), as_text(["a"])
    ('7', 'true', '["a"]')
    """
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return encodable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))
