"""What a worker process does with a fetched page: its record, its kind and its links, from one parse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cleaners.options import DEFAULT, CleanOptions
from cleaners.page import Page
from crawler.address import one_spelling
from crawler.article_pages import first_page, next_page
from crawler.page_kinds import PageKind, page_kind
from crawler.page_links import Pointers, pointers_of
from pipelines.article import Article
from pipelines.paging import joined
from pipelines.record import record_of


@dataclass(frozen=True, slots=True)
class Reading:
    """A page, read: the record, what kind of page it is and why, and what it points to.

    first_page is the page that this one continues, next_page the one that continues this one, if any.
    """

    article: Article
    kind: PageKind
    reasons: tuple[str, ...] = ()
    pointers: Pointers = field(default_factory=Pointers)
    first_page: str | None = None
    next_page: str | None = None


def read_page(page: Page, options: CleanOptions = DEFAULT, site: str | None = None) -> Reading:
    """Clean a page, judge it and collect its links on a site. Runs in a worker process; the reactor never waits."""
    record = record_of(page, options)
    tree = record.cleaned.document.tree
    kind, reasons = page_kind(record.article, record.cleaned)
    if tree is None or not page.url:
        return Reading(record.article, kind, reasons)
    pointers = pointers_of(tree, page.url, site)
    url = one_spelling(page.url)
    return Reading(record.article, kind, reasons, pointers, first_page(url, pointers), next_page(url, pointers))


def with_pages(first: Reading, rest: Sequence[Reading]) -> Reading:
    """The reading of an article with the records of its further pages joined to it."""
    return replace(first, article=joined([first.article, *(page.article for page in rest)])) if rest else first
