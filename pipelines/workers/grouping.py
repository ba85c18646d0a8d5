"""Groups pages in batches, so that sending them to a worker costs little compared with cleaning them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from cleaners.page import Page

_BATCH_PAGES: Final = 16
_BATCH_BYTES: Final = 500_000


def batches(pages: Iterable[Page]) -> Iterator[tuple[Page, ...]]:
    """The pages in batches for a worker, small in number and in bytes."""
    held: list[Page] = []
    size = 0
    for page in pages:
        held.append(page)
        size += len(page.content)
        if len(held) >= _BATCH_PAGES or size >= _BATCH_BYTES:
            yield tuple(held)
            held, size = [], 0
    if held:
        yield tuple(held)
