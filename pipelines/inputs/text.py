"""Pages out of text dumps: one document a file, several with a separator, or one a line of JSON."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from cleaners.errors import InputError
from cleaners.page import Page
from cleaners.parsing.foreign_json import read_foreign_json
from cleaners.parsing.text import split_documents
from pipelines.inputs.kinds import begins_html
from pipelines.inputs.streams import ByteStream

# Bytes of one page. Common Crawl cuts pages at 5 MB; a tree of 20 MB of markup takes half a gigabyte of memory.
MAX_PAGE_BYTES: Final = 20_000_000
_WIDE_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")
# JSON may escape a surrogate alone, which no charset can hold.
_SURROGATES: Final = ("surrogatepass", "replace")


class JsonFields(NamedTuple):
    """Names of the fields of a JSON line that hold the text, its URL and its date."""

    text: str = "text"
    url: str = "url"
    date: str = "date"


def whole(stream: ByteStream) -> bytes:
    """All of a stream that is one page. Raises InputError when it is empty, cut short or too big."""
    content = stream.read(MAX_PAGE_BYTES + 1)
    stream.check()
    if len(content) > MAX_PAGE_BYTES:
        raise too_big(stream.source_name)
    if not content.strip():
        raise InputError(f"{stream.source_name}: the file is empty. Get it again, or leave it out.", "empty")
    return content


def too_big(where: str) -> InputError:
    """The InputError for a page over the limit."""
    return InputError(
        f"{where}: more than {MAX_PAGE_BYTES // 1_000_000} MB in one page. "
        "If it holds many documents, say so with --format or --separator.",
        "too_big",
    )


def text_pages(stream: ByteStream, separator: str | None) -> Iterator[Page | InputError]:
    """The one document of a dump, or the several that a separator parts."""
    if separator is None:
        yield Page(whole(stream), "text", source_type="text", source_path=stream.source_name)
        return
    for number, document in enumerate(_documents(stream, separator), 1):
        yield Page(document, "text", source_type="text", source_path=f"{stream.source_name}#{number}")
    stream.check()


def _documents(stream: ByteStream, separator: str) -> Iterator[bytes | str]:
    """Documents as bytes, for their charset to be found one by one; as text where UTF-16 needs the whole stream."""
    if stream.peek(2)[:2] in _WIDE_BOMS:
        with io.TextIOWrapper(stream, "utf-16", errors="replace") as lines:
            yield from split_documents(_bounded(lines, separator, stream.source_name), separator)
        return
    as_is = io.TextIOWrapper(stream, "latin-1", newline="\n")  # keeps every byte
    wanted = separator.encode().decode("latin-1")
    for document in split_documents(_bounded(as_is, wanted, stream.source_name), wanted):
        yield document.encode("latin-1")


def _bounded(lines: io.TextIOWrapper, separator: str, where: str) -> Iterator[str]:
    """The lines, as long as no document grows beyond what a page may hold."""
    size = 0
    while line := lines.readline(MAX_PAGE_BYTES + 1):
        size = 0 if line.strip() == separator.strip() else size + len(line)
        if size > MAX_PAGE_BYTES:
            raise too_big(where)
        yield line


def jsonl_pages(stream: ByteStream, fields: JsonFields) -> Iterator[Page | InputError]:
    """A page a line; a line that cannot be used comes as an InputError in its place."""
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


def _json_page(line: bytes, where: str, fields: JsonFields) -> Page | InputError:
    try:
        row = read_foreign_json(line)
    except ValueError as error:
        return InputError(f"{where}: not a line of JSON ({error}). Mend or leave out the line.", "bad_json")
    text = row.get(fields.text) if isinstance(row, dict) else None
    if not isinstance(text, str):
        found = ", ".join(list(row)[:8]) if isinstance(row, dict) else type(row).__name__
        return InputError(
            f'{where}: no text under "{fields.text}" (found: {found or "nothing"}). Name the field with --text-field.',
            "no_text_field",
        )
    if not text.strip():
        return InputError(f'{where}: the text under "{fields.text}" is empty.', "empty")
    return _page_of(row, text, where, fields)


def _page_of(row: dict[str, Any], text: str, where: str, fields: JsonFields) -> Page:
    is_html = text.lstrip().startswith("<") and begins_html(text[:4096].encode("utf-8", "replace"))
    url, date = row.get(fields.url), row.get(fields.date)
    return Page(
        _encodable(text),
        "html" if is_html else "text",
        url=url if isinstance(url, str) and url else None,
        source_type="html" if is_html else "text",
        source_path=where,
        stated=(("date", str(date)),) if isinstance(date, str | int) and date else (),
    )


def _encodable(text: str) -> str:
    encode, decode = _SURROGATES
    return text.encode("utf-16-le", encode).decode("utf-16-le", decode)
