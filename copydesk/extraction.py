"""The calls for one page and for many: markup or text in, records out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from cleaners.options import DEFAULT, CleanOptions
from cleaners.page import Markup, Page
from pipelines.record.article import Article
from pipelines.record.build import record_of
from pipelines.workers.pool import TIME_LIMIT, PagePool, TaskFailure


class Failed(NamedTuple):
    """A page of `extract_many` without a record: its place in the input (from 0), a word for the cause, and details."""

    place: int
    cause: str
    detail: str


def extract(
    content: Page | bytes | str, *, url: str | None = None, markup: Markup = "html", options: CleanOptions = DEFAULT
) -> Article:
    """The record of one page. The same bytes and URL give the same record as in a crawl or by the command.

    content  HTML or text, as bytes or str, or a Page
    url      the page's address, with which links and dates are read better
    markup   "html", or "text" for content without markup
    options  settings; see Options

    Never raises on bad markup: a page without text gives a record with an empty body. Raises UsageError for impossible
    options, such as a field that no record has.
    """
    return record_of(_page(content, url, markup), options).article


def view(
    content: Page | bytes | str, *, url: str | None = None, markup: Markup = "html", options: CleanOptions = DEFAULT
) -> str:
    """One page as HTML that shows what was kept, what was removed and why, as `copydesk inspect` writes it.

    The arguments are those of `extract`; all fields are shown. The HTML loads nothing and runs nothing of the page.
    """
    from pipelines.review.page import page_html
    from pipelines.review.view import view_of

    return page_html(view_of(record_of(_page(content, url, markup), replace(options, fields=None))))


def extract_many(
    pages: Iterable[Page | bytes | str],
    *,
    workers: int = 1,
    time_limit: float = TIME_LIMIT,
    options: CleanOptions = DEFAULT,
) -> Iterator[Article | Failed]:
    """The records of many pages, in order, made in worker processes; only a few pages are held at a time.

    A page that takes longer than `time_limit` seconds, or that ends its worker, comes as a Failed in its place. Workers
    import the program that calls this, so a script needs `if __name__ == "__main__":` around the call.
    """
    with PagePool(workers, time_limit) as pool:
        tasks = ((page, options) for page in pages)
        for index, (_, made) in enumerate(pool.run(_article_of, tasks)):
            yield Failed(index, made.cause, made.detail) if isinstance(made, TaskFailure) else made


def _article_of(task: tuple[Page | bytes | str, CleanOptions]) -> Article:
    """The record, made in a worker, where a content of a wrong type fails alone."""
    content, options = task
    return record_of(_page(content, None, "html"), options).article


def _page(content: Page | bytes | str, url: str | None, markup: Markup) -> Page:
    if isinstance(content, Page):
        return content
    return Page(content, markup, url, source_type="text" if markup == "text" else "html")
