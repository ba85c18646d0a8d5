"""The limit of the size of one page, and of the lines that are read at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, AnyStr, Final

from cleaners.errors import InputError
from pipelines.inputs.streams import CHUNK, ByteStream

# The most bytes of a page. Common Crawl cuts pages at 5 MB; a tree of 20 MB of markup takes half a gigabyte of memory.
MAX_PAGE_BYTES: Final = 20_000_000
# The most characters of a row of a table: the page, and what else there is about it.
MAX_ROW_CHARS: Final = 4 * MAX_PAGE_BYTES


def whole(stream: ByteStream, most: int = MAX_PAGE_BYTES) -> bytes:
    """The content of a stream that is one page. Raises InputError if it is empty, cut short or above `most` bytes."""
    content = stream.read(most + 1)
    stream.check(is_read=False)
    if len(content) > most:
        raise too_big(stream.source_name, most)
    if not content.strip():
        raise InputError(f"{stream.source_name}: the file is empty. Get it again, or leave it out.", "empty")
    return content


def bounded_lines(stream: IO[AnyStr], most: int = MAX_PAGE_BYTES) -> Iterator[AnyStr]:
    """The lines of a stream. Of a line over `most` characters (or bytes), only the first `most` + 1 are held.

    >>> import io
    >>> list(bounded_lines(io.StringIO("tides\\nare wrong\\n"), most=6))
    ['tides\\n', 'are wro']
    """
    while line := stream.readline(most + 1):
        yield line
        rest, asked = line, most + 1
        while len(rest) == asked and rest[-1:] not in ("\n", b"\n"):  # the line goes on
            asked = CHUNK
            rest = stream.readline(asked)


def too_big(where: str, most: int = MAX_PAGE_BYTES) -> InputError:
    """The InputError for a page over the limit."""
    return InputError(
        f"{where}: more than {most // 1_000_000} MB in one page. "
        "If it holds many documents, say so with --format or --separator.",
        "too_big",
    )
