"""The first of two passes over a run's inputs: learns which lines the sites repeat, before any page is cleaned."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cleaners.document import Block, Document
from cleaners.errors import InputError
from cleaners.page import Decoded, Page
from cleaners.site_memory import SiteMemory
from pipelines.workers.grouping import batches
from pipelines.workers.pool import PagePool, TaskFailure

_NOTHING_DECODED = Decoded("", "str", "given")


class PageLines(NamedTuple):
    """The facts of a page that a site memory needs: its address, given or stated, and its lines, each once."""

    url: str | None
    texts: tuple[str, ...]


def lines_of(pages: tuple[Page, ...]) -> list[PageLines]:
    """The lines of some pages, in a worker. A page that cannot be read is left out; the second pass reports it."""
    from cleaners.plan import document_of  # what cleans is heavy to import, and only workers clean
    from pipelines.record.page_url import with_address

    found = []
    for page in pages:
        try:
            page, document = with_address(page, document_of(page))
        except Exception:
            continue
        found.append(PageLines(page.url, tuple(dict.fromkeys(block.text for block in document.blocks))))
    return found


def learn(pages: Iterable[Page | InputError], pool: PagePool) -> SiteMemory:
    """A site memory of all pages that can be read; the same for any order and any number of workers."""
    memory = SiteMemory()
    for _, found in pool.run(lines_of, batches(page for page in pages if isinstance(page, Page))):
        if not isinstance(found, TaskFailure):
            for lines in found:
                memory.observe(_document(lines))
    return memory


def _document(lines: PageLines) -> Document:
    return Document(tuple(Block(i, text) for i, text in enumerate(lines.texts)), _NOTHING_DECODED, lines.url)


@cache
def memory_at(path: str) -> SiteMemory:
    """The site memory saved at a path, loaded once in each worker: it is too big to be sent with every batch."""
    return SiteMemory.load(Path(path))
