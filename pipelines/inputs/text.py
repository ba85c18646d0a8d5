"""Reads pages from text dumps: one document a file, or several with a separator."""

from __future__ import annotations

import io
from collections.abc import Iterator

from cleaners.errors import InputError
from cleaners.page import Page
from cleaners.parsing.text import after_separator, split_documents
from pipelines.inputs.kinds import begins_utf16
from pipelines.inputs.limits import MAX_PAGE_BYTES, too_big, whole
from pipelines.inputs.streams import ByteStream


def text_pages(stream: ByteStream, separator: str | None) -> Iterator[Page | InputError]:
    """The document of a dump, or its documents if a separator is given."""
    if separator is None:
        yield Page(whole(stream), "text", source_type="text", source_path=stream.source_name)
        return
    for number, document in enumerate(_documents(stream, separator), 1):
        yield Page(document, "text", source_type="text", source_path=f"{stream.source_name}#{number}")
    stream.check()


def _documents(stream: ByteStream, separator: str) -> Iterator[bytes | str]:
    """Documents as bytes, so that the charset of each is found by itself; as text if UTF-16 needs the whole stream."""
    if begins_utf16(stream.peek(2)):
        with io.TextIOWrapper(stream, "utf-16", errors="replace") as lines:
            yield from split_documents(_bounded(lines, separator, stream.source_name), separator)
        return
    as_is = io.TextIOWrapper(stream, "latin-1", newline="\n")  # keeps every byte
    wanted = separator.encode().decode("latin-1")
    for document in split_documents(_bounded(as_is, wanted, stream.source_name), wanted):
        yield document.encode("latin-1")


def _bounded(lines: io.TextIOWrapper, separator: str, where: str) -> Iterator[str]:
    """The lines. Raises InputError if a document grows beyond the size of one page."""
    size = 0
    while line := lines.readline(MAX_PAGE_BYTES + 1):
        rest = after_separator(line, separator)
        size = size + len(line) if rest is None else len(rest)
        if size > MAX_PAGE_BYTES:
            raise too_big(where)
        yield line
