"""Reads pages from text dumps: one document a file, or several with a separator."""

from __future__ import annotations

import io
from collections.abc import Iterator

from cleaners.errors import InputError
from cleaners.page import Page
from cleaners.parsing.text import split_documents
from pipelines.inputs.kinds import begins_utf16
from pipelines.inputs.limits import MAX_PAGE_BYTES, bounded_lines, too_big, whole
from pipelines.inputs.streams import ByteStream


def text_pages(stream: ByteStream, separator: str | None) -> Iterator[Page | InputError]:
    """The document of a dump, or its documents if a separator is given."""
    if separator is None:
        yield Page(whole(stream), "text", source_type="text", source_path=stream.source_name)
        return
    for number, document in enumerate(_documents(stream, separator), 1):
        where = f"{stream.source_name}#{number}"
        yield (
            too_big(where)
            if len(document) > MAX_PAGE_BYTES
            else Page(document, "text", source_type="text", source_path=where)
        )
    stream.check()


def _documents(stream: ByteStream, separator: str) -> Iterator[bytes | str]:
    """Documents as bytes, so that the charset of each is found by itself; as text if UTF-16 needs the whole stream.

    A document over the size of one page is cut behind that size.
    """
    if begins_utf16(stream.peek(2)):
        with io.TextIOWrapper(stream, "utf-16", errors="replace") as lines:
            yield from split_documents(bounded_lines(lines), separator, MAX_PAGE_BYTES)
        return
    as_is = io.TextIOWrapper(stream, "latin-1", newline="\n")  # keeps every byte
    wanted = separator.encode().decode("latin-1")
    for document in split_documents(bounded_lines(as_is), wanted, MAX_PAGE_BYTES):
        yield document.encode("latin-1")
