"""Frames of pages to frames of records, for Ray Data (map_batches with actors) and Spark (mapInPandas).

Pages are cleaned in a process beside the engine's own, with a time limit each: a page that hangs, dies or needs too
much memory costs its own row, not the task.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cleaners.options import DEFAULT, CleanOptions
from cleaners.page import Page
from pipelines.workers.batches import Made, made_of
from pipelines.workers.pool import TIME_LIMIT, PagePool, TaskFailure

if TYPE_CHECKING:
    import pandas as pd

SPARK_SCHEMA: Final = "url string, record string, failure string, detail string"
"""The columns of a frame of records, as Spark writes a schema."""


class Columns(NamedTuple):
    """Names of the columns with a page's bytes, its address and the path it was read from; None: no such column."""

    content: str = "content"
    url: str | None = "url"
    path: str | None = None


PAGES: Final = Columns()
"""The columns with pages."""


def made_of_pages(pages: Iterable[Page], pool: PagePool, options: CleanOptions) -> Iterator[tuple[Page, Made]]:
    """Each page, in order, with the line of its record, or with the failure that prevented one."""
    tasks = ((page, options) for page in pages)
    for (page, _), made in pool.run(_made, tasks):
        yield page, Made(failure=made) if isinstance(made, TaskFailure) else made


def _made(task: tuple[Page, CleanOptions]) -> Made:
    page, options = task
    return made_of(page, options, "nothing")


class CleanFrames:
    """Cleans frames: one row in, one row out, in order.

    columns     the columns with the content (bytes or text), the address and the path
    time_limit  seconds a page may take
    workers     processes beside this one

    A row has `url`, and `record` (a line of JSON, as `copydesk clean` writes it) or `failure` and `detail`.
    """

    def __init__(
        self,
        columns: Columns = PAGES,
        options: CleanOptions = DEFAULT,
        time_limit: float = TIME_LIMIT,
        workers: int = 1,
    ) -> None:
        self._columns = columns
        self._options = options
        self._pool = PagePool(workers, time_limit)

    def __call__(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The records of a frame of pages."""
        import pandas as pd

        given = frame.to_dict("records")
        pages = list(map(self._page, given))
        made = made_of_pages(filter(None, pages), self._pool, self._options)
        rows = [_row(*next(made)) if page else self._empty(row) for row, page in zip(given, pages, strict=True)]
        return pd.DataFrame(rows, columns=["url", "record", "failure", "detail"], dtype="object")

    def close(self) -> None:
        """End the worker processes."""
        self._pool.close()

    def _empty(self, row: dict[Any, Any]) -> dict[str, Any]:
        detail = f"the row has neither bytes nor text under {self._columns.content!r}"
        return {"url": _text(row, self._columns.url), "record": None, "failure": "no_content", "detail": detail}

    def _page(self, row: dict[Any, Any]) -> Page | None:
        """The page of a row; None if the row has no content."""
        content = row[self._columns.content]
        if not isinstance(content, str | bytes | bytearray | memoryview):
            return None
        return Page(
            content if isinstance(content, str) else bytes(content),
            url=_text(row, self._columns.url),
            source_path=_text(row, self._columns.path),
        )


def clean_frames(
    frames: Iterable[pd.DataFrame], columns: Columns = PAGES, options: CleanOptions = DEFAULT
) -> Iterator[pd.DataFrame]:
    """Clean the frames of one Spark partition; for mapInPandas."""
    cleaner = CleanFrames(columns, options)
    try:
        yield from map(cleaner, frames)
    finally:
        cleaner.close()


def _row(page: Page, made: Made) -> dict[str, Any]:
    record = made.record.decode("utf-8").rstrip("\n") or None
    cause, detail = made.failure or (None, None)
    url = page.url or (json.loads(record)["url"] if record else None)
    return {"url": url, "record": record, "failure": cause, "detail": detail}


def _text(row: dict[Any, Any], name: str | None) -> str | None:
    value = row.get(name) if name else None
    return value if isinstance(value, str) and value else None
