"""Worker processes as a crawl awaits them: no page lost with a worker, and a pool that breaks is replaced."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import Final, TypeVar

from pebble import ProcessExpired

from cleaners.errors import InputError
from pipelines.pool import TIME_LIMIT, PagePool, failure_of

T = TypeVar("T")
R = TypeVar("R")

ATTEMPTS: Final = 3
"""How often a page is tried when its worker dies under it: once, and twice more in a fresh worker."""


class CleaningPool:
    """A PagePool for coroutines.

    A page over the time limit has its worker killed and is an InputError; a page whose worker dies (killed, out of
    memory, a crash in a C library) is tried again in another, and is an InputError after ATTEMPTS.
    """

    def __init__(self, workers: int, time_limit: float = TIME_LIMIT) -> None:
        self._workers = workers
        self._time_limit = time_limit
        self._pool = PagePool(workers, time_limit)

    async def start(self) -> None:
        """Start the workers now, in a thread, so that the first page does not make the event loop wait for them."""
        await asyncio.to_thread(self._pool.submit, len, "")

    async def run(self, function: Callable[[T], R], task: T, name: str) -> R:
        """Run function(task) in a worker; `name` is for messages. Raises InputError, or what function raises."""
        for _ in range(ATTEMPTS):
            pool = self._pool
            try:
                return await asyncio.wrap_future(self._submit(pool, function, task))
            except (TimeoutError, ProcessExpired, BrokenProcessPool) as error:
                failure = failure_of(error, self._time_limit)
                if isinstance(error, BrokenProcessPool) and pool is self._pool:
                    self._pool = PagePool(self._workers, self._time_limit)
                if isinstance(error, TimeoutError):
                    break
        raise InputError(f"{name}: not cleaned ({failure.detail}); CLEAN_TIMEOUT sets the seconds a page may take")

    def _submit(self, pool: PagePool, function: Callable[[T], R], task: T) -> Future[R]:
        try:
            return pool.submit(function, task)
        except RuntimeError as error:
            raise BrokenProcessPool(str(error)) from error

    def close(self) -> None:
        """Stop the workers at once."""
        self._pool.stop()
