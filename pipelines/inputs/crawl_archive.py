"""Reads a crawl's decisions on the pages of its archive: which are articles, and which belong together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cleaners.errors import InputError
from cleaners.page import Page

WRITTEN = ("record", "changed")
"""Outcomes of pages that became records."""


@dataclass(frozen=True, slots=True)
class ArchivedOutcome:
    """One metadata record: the response that it is about, its outcome, and the addresses of an article's pages."""

    about: str
    outcome: str
    pages: tuple[str, ...] = ()


def is_crawl_archive(info: bytes) -> bool:
    """Whether a warcinfo record says that this project's crawl wrote the archive, with its decisions."""
    return b"software: copydesk" in info


def read_decision(about: str, fields: bytes) -> ArchivedOutcome | None:
    """Read the warc-fields of a metadata record; None if they hold no decision."""
    lines = [line.partition(": ")[::2] for line in fields.decode("utf-8", "replace").splitlines()]
    outcome = next((value for name, value in lines if name == "outcome"), None)
    pages = tuple(value for name, value in lines if name == "page")
    return ArchivedOutcome(about, outcome, pages) if outcome else None


def decided(
    held: Mapping[str, Page | InputError], decision: ArchivedOutcome, skipped: Counter[str]
) -> Iterator[Page | InputError]:
    """The page that became a record, with the further pages of its article; others are counted in `skipped`.

    `held` holds the pages since the last decision, by record id. The crawl writes all pages of an article, then the
    decision, so that nothing has to be kept longer.
    """
    first = held.get(decision.about)
    if first is None or decision.outcome not in WRITTEN:
        skipped.update([decision.outcome])
        return
    if isinstance(first, InputError):
        yield first
        return
    by_url = {page.url: page for page in held.values() if isinstance(page, Page)}
    more_pages = tuple(by_url[url] for url in decision.pages[1:] if url in by_url)
    skipped["undecided"] += len(held) - 1 - len(more_pages)
    yield replace(first, more_pages=more_pages)
