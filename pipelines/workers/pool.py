"""Worker processes with a time limit a task: a page that hangs costs its own record and one worker, nothing else.

A crawl awaits single pages (`asyncio.wrap_future(pool.submit(...))`); the offline runner takes batches in
order (`run`).
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import logging
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

logger = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")

# Seconds a task may take before its worker is killed. The slowest honest page met in 3,000 took 1.5 s in trafilatura.
TIME_LIMIT: Final = 30.0
# Tasks after which a worker is replaced by a fresh one, so that a leak in a parser cannot grow for ever.
TASKS_PER_WORKER: Final = 2_000
# Tasks read ahead for each worker: enough to keep the others busy behind a slow page, few enough to bound memory.
_AHEAD: Final = 4
# Objects after which Python looks for cycles. A page makes tens of thousands of tuples and few cycles: with the
# default of 700, looking takes a tenth of a page's time (34 against 38 ms on 48 pages).
_COLLECT_AFTER: Final = 50_000
# Imported once by the fork server, so that a replaced worker starts in milliseconds.
_PRELOADED: Final = ("pipelines.workers.preload",)


class TaskFailure(NamedTuple):
    """Why a task has no result: `cause` is for counting, `detail` for reading."""

    cause: str
    detail: str


class PagePool:
    """A pool of worker processes.

    workers           how many processes
    time_limit        seconds a task may run; after that its worker is killed and replaced
    tasks_per_worker  tasks after which a worker is replaced (0: never)
    preload           further modules to import before the first task, by name; one whose FAILURE is a text that is not
                      empty is reported by each worker
    niceness          how far workers stand back for other processes (0: not at all; 19: for all)

    Functions and tasks must be picklable: a function at the top of a module. Workers start with the first task.
    """

    def __init__(
        self,
        workers: int = 1,
        time_limit: float = TIME_LIMIT,
        tasks_per_worker: int = TASKS_PER_WORKER,
        preload: Sequence[str] = (),
        niceness: int = 0,
    ) -> None:
        self.workers = workers
        self.time_limit = time_limit
        modules = (*_PRELOADED, *preload)
        self._pool = ProcessPool(
            workers, tasks_per_worker, _ready_worker, (modules, niceness), context=_context(modules)
        )

    def submit(self, function: Callable[[T], R], task: T) -> ProcessFuture[R]:
        """Run function(task) in a worker. The future raises what `failure_of` can name."""
        return self._pool.schedule(function, (task,), timeout=self.time_limit)

    def run(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R | TaskFailure]]:
        """Each task with its result or failure, in the order given, reading only a few tasks ahead."""
        waiting: deque[tuple[T, ProcessFuture[Any]]] = deque()
        for task in tasks:
            waiting.append((task, self.submit(function, task)))
            while waiting and (len(waiting) > _AHEAD * self.workers or waiting[0][1].done()):
                yield self._next(waiting)
        while waiting:
            yield self._next(waiting)

    def _next(self, waiting: deque[tuple[T, ProcessFuture[Any]]]) -> tuple[T, Any]:
        task, future = waiting.popleft()
        try:
            return task, future.result()
        except Exception as error:
            return task, failure_of(error, self.time_limit)

    def close(self) -> None:
        """Let running tasks end, then stop the workers."""
        self._pool.close()  # type: ignore[no-untyped-call]
        self._pool.join()

    def stop(self) -> None:
        """Stop the workers now; unfinished tasks are cancelled."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def __enter__(self) -> PagePool:
        """Workers start with the first task."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Wait for the rest, or after an error stop at once."""
        if kind is None:
            self.close()
        else:
            self.stop()


def failure_of(error: BaseException, time_limit: float = TIME_LIMIT) -> TaskFailure:
    """Name what a future of the pool raised."""
    if isinstance(error, TimeoutError):
        return TaskFailure("time_limit", f"the page took longer than {time_limit:g} s")
    if isinstance(error, ProcessExpired):
        return TaskFailure("worker_died", f"the worker process died with status {error.exitcode}")
    if isinstance(error, MemoryError):
        return TaskFailure("out_of_memory", "the page needs more memory than there is")
    return TaskFailure("error", f"{type(error).__name__}: {error}")


def _context(modules: Sequence[str]) -> BaseContext:
    """Fork from a clean server where that is safe: forking a process with threads (Scrapy, ONNX) is not."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(modules))
    with _own_packages_first():
        forkserver.ensure_running()
    return context


@contextlib.contextmanager
def _own_packages_first() -> Iterator[None]:
    """Let the fork server import our packages, also where the current folder holds modules of their names."""
    home = str(Path(__file__).resolve().parents[2])
    before = {name: os.environ.get(name) for name in ("PYTHONSAFEPATH", "PYTHONPATH")}
    os.environ["PYTHONSAFEPATH"] = "1"
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (home, before["PYTHONPATH"])))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _ready_worker(modules: Sequence[str], niceness: int) -> None:
    """Load what pages need; and die at once when terminated, even in C code, where Python's handler never runs."""
    for module in modules:
        if failure := getattr(importlib.import_module(module), "FAILURE", ""):
            logger.error("%s could not load what pages need: %s", module, failure)
    spare_the_collector()
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def spare_the_collector() -> None:
    """Let Python look for cycles seldom in this process, and never among the objects that are there now."""
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
