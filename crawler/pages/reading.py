"""Reads a fetched page in a worker process: its record, its kind and its links, from one parse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from cleaners.options import DEFAULT, CleanOptions
from cleaners.page import Page
from cleaners.rules.live_blog import FLAG as LIVE_BLOG
from crawler.pages.links import Pointers, base_of, pointers_of
from crawler.pages.pagination import first_page, next_page
from crawler.urls.spelling import absolute, one_spelling, within
from pipelines.dates.utc import utc_text
from pipelines.evidence.page.json_ld import Linked
from pipelines.record.article import Article
from pipelines.record.kinds.page_kinds import may_be_article
from pipelines.record.multipage import joined
from pipelines.workers.batches import Explained

if TYPE_CHECKING:
    from pipelines.record.build import Extraction

ReadKind = Literal["article", "listing"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A page, read: the record, whether it is an article or a listing, and what it points to.

    first_page is the page that this one continues, next_page the one that continues this one, single_page the one with
    the whole article, if any. is_live says that the page is a live blog which, by its own statement, goes on.
    explanation holds the rows for EXPLAIN.
    """

    article: Article
    kind: ReadKind
    pointers: Pointers = field(default_factory=Pointers)
    first_page: str | None = None
    next_page: str | None = None
    single_page: str | None = None
    is_live: bool = False
    explanation: tuple[dict[str, Any], ...] = ()


def read_page(
    page: Page, options: CleanOptions = DEFAULT, site: str | None = None, explained: Explained = "nothing"
) -> Reading:
    """Clean a page, judge it and collect its links on a site. Runs in a worker process; the reactor never waits."""
    from pipelines.record.build import record_of  # heavy to import, and only workers need it

    record = record_of(page, options)
    rows = () if explained == "nothing" else tuple(record.explanation(explained == "everything"))
    tree = record.cleaned.document.tree
    kind: ReadKind = "article" if _is_kept(record) else "listing"
    if tree is None or not page.url:
        return Reading(record.article, kind, explanation=rows)
    pointers = pointers_of(tree, page.url, site)
    url = one_spelling(page.url)
    links, base = record.evidence.links, base_of(tree, page.url)
    following = _ruled(links.get("next_page"), base, url, site)
    if following:  # it is fetched with this page, and is not an article of its own
        pointers = replace(pointers, links=tuple(link for link in pointers.links if link.url != following))
    return Reading(
        record.article,
        kind,
        pointers,
        first_page(url, pointers),
        following or next_page(url, pointers),
        _ruled(links.get("single_page"), base, url, site),
        goes_on(record.article, record.evidence.stated.linked),
        rows,
    )


def _is_kept(record: Extraction) -> bool:
    """Whether a page is an article, or may be one: a doubtful page is written, since a page left out is lost."""
    article = record.article
    return bool(article.is_article) or (not article.needs_javascript and may_be_article(article, record.cleaned))


def _ruled(target: str | None, base: str, url: str, site: str | None) -> str | None:
    """The address of a link that a rule about the site found; None if it leads to the page itself, or off the site."""
    found = absolute(base, target) if target else None
    return found if found and found != url and (site is None or within(found, site)) else None


def goes_on(article: Article, linked: Linked) -> bool:
    """Whether this is a live blog that states no end, or an end after the time of the fetch."""
    if LIVE_BLOG not in article.flags:
        return False
    ends = [utc_text(end) for _, node in linked.nodes() for end in linked.strings(node, "coverageEndTime")]
    return not (article.fetched_at and any(end and end < article.fetched_at for end in ends))


def with_pages(first: Reading, rest: Sequence[Reading]) -> Reading:
    """The reading of an article with the records of its further pages joined to it, and their explanations."""
    if not rest:
        return first
    article = joined([first.article, *(page.article for page in rest)])
    rows = (row for page in (first, *rest) for row in page.explanation)
    return replace(first, article=article, explanation=tuple({**row, "id": article.id} for row in rows))
