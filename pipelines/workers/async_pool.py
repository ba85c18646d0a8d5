"""Worker processes for coroutines: a crawl awaits its pages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from cleaners.errors import InputError
from pipelines.workers.pool import TIME_LIMIT, PagePool, failure_of
from pipelines.workers.process import TimeLimitError, WorkerDiedError

T = TypeVar("T")
R = TypeVar("R")


class CleaningPool:
    """A PagePool for coroutines. Its workers start at once.

    If a page exceeds the time limit, its worker is killed, and the page is an InputError. If a worker dies (killed, out
    of memory, a crash in a C library), its page is tried again in another one, and is an InputError if that dies too.
    `preload` and `niceness` are those of PagePool.
    """

    def __init__(
        self, workers: int, time_limit: float = TIME_LIMIT, preload: Sequence[str] = (), niceness: int = 0
    ) -> None:
        self._pool = PagePool(workers, time_limit, preload=preload, niceness=niceness)
        self._first = [self._pool.submit(time.sleep, 0) for _ in range(workers)]

    async def started(self) -> None:
        """Wait until a worker answers."""
        await asyncio.wait([asyncio.wrap_future(first) for first in self._first])

    async def run(self, function: Callable[[T], R], task: T, name: str) -> R:
        """Run function(task) in a worker; `name` is for messages. Raises InputError, or the function's own error."""
        try:
            return await asyncio.wrap_future(self._pool.submit(function, task))
        except (TimeLimitError, WorkerDiedError) as error:
            failure = failure_of(error, self._pool.time_limit)
            why = f"{name}: not cleaned ({failure.detail}); CLEAN_TIMEOUT sets the seconds a page may take"
            raise InputError(why) from error

    def close(self) -> None:
        """Stop the workers at once."""
        self._pool.stop()
