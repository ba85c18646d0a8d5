"""Runs several engines over the same pages, page by page, so that a slow machine slows all of them equally."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from benchmarks.engines import Extract, Served
from benchmarks.pages import LabelledPage
from cleaners.parsing.decode import decode

# Seconds of wall time after which an engine counts as hanging on a page.
_PATIENCE = 60.0


class Outcome(NamedTuple):
    """An engine's result for a page: its output (empty if it failed), CPU milliseconds, and the error, if any."""

    output: str
    milliseconds: float
    error: str


class TooLong(BaseException):
    """An engine took too long for a page. Not an Exception, so that engines do not catch it."""


def run_interleaved(engines: Mapping[str, Extract], pages: Sequence[LabelledPage]) -> dict[str, list[Outcome]]:
    """Every engine's outcome on every page. Each page goes to all engines, which take turns at being first."""
    names = [*engines]
    outcomes: dict[str, list[Outcome]] = {name: [] for name in names}
    if pages:
        warm_up = served(pages[0])
        for name in names:  # imports, tables and models are loaded on the first page
            run_one(engines[name], warm_up)
    for turn, page in enumerate(pages):
        given = served(page)
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            outcomes[name].append(run_one(engines[name], given))
    return outcomes


def served(page: LabelledPage) -> Served:
    """The page in the form that engines get."""
    return Served(page.content, decode(page.content, None).text, page.url)


def run_one(engine: Extract, page: Served) -> Outcome:
    """Run one engine on one page. If it fails or hangs, its output is empty."""
    started = time.process_time()
    output, error = "", ""
    try:
        with _time_limit(_PATIENCE):
            output = engine(page)
    except (Exception, TooLong) as problem:  # whatever an engine raises, the others continue
        error = f"{type(problem).__name__}: {problem}"
    return Outcome(output, (time.process_time() - started) * 1000, error)


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    if not hasattr(signal, "setitimer"):  # Windows: no limit
        yield
        return
    previous = signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _give_up(number: int, frame: object) -> None:
    raise TooLong(f"no result within {_PATIENCE:.0f} s")
