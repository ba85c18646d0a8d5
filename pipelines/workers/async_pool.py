"""Worker processes as a crawl awaits them: no page lost with a worker, and a pool that breaks is replaced."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import Final, TypeVar

from pebble import ProcessExpired

from cleaners.errors import InputError
from pipelines.workers.pool import TIME_LIMIT, PagePool, failure_of

T = TypeVar("T")
R = TypeVar("R")

FIRST_TASK: Final = 0.05
"""Seconds of a worker's first task, which is nothing: long enough that each worker takes one."""
ATTEMPTS: Final = 3
"""How often a page is tried when its worker dies under it: once, and twice more in a fresh worker."""


class CleaningPool:
    """A PagePool for coroutines.

    A page over the time limit has its worker killed and is an InputError; a page whose worker dies (killed, out of
    memory, a crash in a C library) is tried again in another, and is an InputError after ATTEMPTS. `preload` and
    `niceness` are PagePool's.
    """

    def __init__(
        self, workers: int, time_limit: float = TIME_LIMIT, preload: Sequence[str] = (), niceness: int = 0
    ) -> None:
        self._time_limit = time_limit
        self._new_pool = partial(PagePool, workers, time_limit, preload=preload, niceness=niceness)
        self._pool = self._new_pool()
        self._starter = Thread(target=_start, args=(self._pool,), name="starts workers", daemon=True)
        self._starter.start()

    async def started(self) -> None:
        """Wait until the workers are there: the first task would make the event loop wait for them."""
        if self._starter.is_alive():
            await asyncio.to_thread(self._starter.join)

    async def run(self, function: Callable[[T], R], task: T, name: str) -> R:
        """Run function(task) in a worker; `name` is for messages. Raises InputError, or what function raises."""
        await self.started()
        for _ in range(ATTEMPTS):
            pool = self._pool
            try:
                return await asyncio.wrap_future(self._submit(pool, function, task))
            except (TimeoutError, ProcessExpired, BrokenProcessPool) as error:
                failure = failure_of(error, self._time_limit)
                if isinstance(error, BrokenProcessPool) and pool is self._pool:
                    self._pool = self._new_pool()
                if isinstance(error, TimeoutError):
                    break
        raise InputError(f"{name}: not cleaned ({failure.detail}); CLEAN_TIMEOUT sets the seconds a page may take")

    def _submit(self, pool: PagePool, function: Callable[[T], R], task: T) -> Future[R]:
        try:
            return pool.submit(function, task)
        except RuntimeError as error:
            raise BrokenProcessPool(str(error)) from error

    def close(self) -> None:
        """Stop the workers at once, but let them come to be first: one that is stopped half made complains."""
        self._starter.join()
        self._pool.stop()


def _start(pool: PagePool) -> None:
    first = [pool.submit(time.sleep, FIRST_TASK) for _ in range(pool.workers)]
    with suppress(Exception):  # told of with the first page
        for task in first:
            task.result()
