"""The limit of the size of one page."""

from __future__ import annotations

from typing import Final

from cleaners.errors import InputError
from pipelines.inputs.streams import ByteStream

# The most bytes of a page. Common Crawl cuts pages at 5 MB; a tree of 20 MB of markup takes half a gigabyte of memory.
MAX_PAGE_BYTES: Final = 20_000_000


def whole(stream: ByteStream, most: int = MAX_PAGE_BYTES) -> bytes:
    """The content of a stream that is one page. Raises InputError if it is empty, cut short or above `most` bytes."""
    content = stream.read(most + 1)
    stream.check()
    if len(content) > most:
        raise too_big(stream.source_name, most)
    if not content.strip():
        raise InputError(f"{stream.source_name}: the file is empty. Get it again, or leave it out.", "empty")
    return content


def too_big(where: str, most: int = MAX_PAGE_BYTES) -> InputError:
    """The InputError for a page over the limit."""
    return InputError(
        f"{where}: more than {most // 1_000_000} MB in one page. "
        "If it holds many documents, say so with --format or --separator.",
        "too_big",
    )
