"""The offline run: Pages in, lines of records out, in input order for any number of workers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from cleaners.errors import InputError
from cleaners.options import CleanOptions
from cleaners.page import Page
from pipelines.workers.grouping import batches
from pipelines.workers.pool import PagePool, TaskFailure, failure_of
from pipelines.workers.site_learning import memory_at

if TYPE_CHECKING:
    from pipelines.record.build import Extraction

Explained = Literal["nothing", "removed", "everything"]
"""What is written about a page besides its record: nothing, removals and decisions, or the kept blocks too."""


class Batch(NamedTuple):
    """Pages that one worker cleans at once, and the settings for it; `memory` is the path of a site memory."""

    pages: tuple[Page, ...]
    options: CleanOptions
    explained: Explained
    memory: str | None = None


class Made(NamedTuple):
    """A worker's result for a page: the record's line and the lines that explain it, or the failure."""

    record: bytes = b""
    explanation: bytes = b""
    failure: TaskFailure | None = None


@dataclass
class Tally:
    """What a run has done so far."""

    pages: int = 0
    records: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    last: str | None = None


def made_of(page: Page, options: CleanOptions, explained: Explained) -> Made:
    """The lines of one page. An error of the page's own becomes a failure."""
    from pipelines.record.build import record_of  # heavy to import, and only workers need it

    try:
        return _made(record_of(page, options), explained)
    except Exception as error:
        return Made(failure=failure_of(error))


def _made(record: Extraction, explained: Explained) -> Made:
    rows = record.explanation(explained == "everything") if explained != "nothing" else ()
    return Made(_bytes(record.json_line()), b"".join(map(_row, rows)))


def clean_batch(batch: Batch) -> list[Made]:
    """Make the records of a batch, in a worker. Dumps are cleaned together, or one by one if one of them fails."""
    options = batch.options
    if batch.memory is not None:
        options = replace(options, site_memory=memory_at(batch.memory))
    if all(page.markup == "text" for page in batch.pages):
        with suppress(Exception):  # cleaned one by one, only the dump at fault fails
            return _made_together(batch.pages, options, batch.explained)
    return [made_of(page, options, batch.explained) for page in batch.pages]


def _made_together(dumps: Sequence[Page], options: CleanOptions, explained: Explained) -> list[Made]:
    from pipelines.record.build import records_of_dumps

    return [_made(record, explained) for record in records_of_dumps(dumps, options)]


def records_of(
    pages: Iterable[Page | InputError],
    pool: PagePool,
    options: CleanOptions,
    tally: Tally,
    report: Callable[[InputError], None],
    explained: Explained = "nothing",
    memory: str | None = None,
) -> Iterator[list[Made]]:
    """The records of the pages, a batch at a time, in input order; failures are reported and counted as they come."""

    def failed(error: InputError) -> None:
        tally.failures[error.cause] += 1
        report(error)

    parts = (Batch(held, options, explained, memory) for held in batches(_readable(pages, failed)))
    for batch, made in pool.run(clean_batch, parts, attempts=1):
        done = _one_by_one(batch, pool) if isinstance(made, TaskFailure) else made
        for page, outcome in zip(batch.pages, done, strict=True):
            tally.pages += 1
            tally.last = page.source_path
            if outcome.failure is None:
                tally.records += 1
            else:
                failed(_failure(page, outcome.failure))
        yield [outcome for outcome in done if outcome.failure is None]


def _one_by_one(batch: Batch, pool: PagePool) -> list[Made]:
    """Clean a batch that hung or killed its worker once more, page by page, to find the page at fault."""
    singles = [batch._replace(pages=(page,)) for page in batch.pages]
    return [
        Made(failure=made) if isinstance(made, TaskFailure) else made[0] for _, made in pool.run(clean_batch, singles)
    ]


def _failure(page: Page, failure: TaskFailure) -> InputError:
    where = page.source_path or page.url or "a page"
    return InputError(f"{where}: no record: {failure.detail}. Leave the page out, or report it.", failure.cause)


def _readable(pages: Iterable[Page | InputError], failed: Callable[[InputError], None]) -> Iterator[Page]:
    for page in pages:
        if isinstance(page, InputError):
            failed(page)
        else:
            yield page


def _row(row: dict[str, object]) -> bytes:
    return _bytes(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def _bytes(line: str) -> bytes:
    """The line in UTF-8. UTF-8 cannot hold a lone surrogate, so that becomes an escape of JSON."""
    return line.encode("utf-8", "backslashreplace")
