"""Makes signatures of bodies in worker processes, while this process reads on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Final, Self

from pipelines.selection.signatures import Signatures
from pipelines.workers.pool import PagePool

# The fork server imports this once, and the workers share it.
_PRELOADED: Final = ("pipelines.selection.signatures",)


class SigningPool:
    """Worker processes for signatures. They start with the first batch, so that a few records start none."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool: PagePool | None = None

    def submit(self, function: Callable[[list[str]], Signatures], bodies: list[str], /) -> Future[Signatures]:
        """Let a worker sign a batch. The future raises an error if the worker died."""
        if self._pool is None:
            self._pool = PagePool(self._workers, tasks_per_worker=0, preload=_PRELOADED, models=False)
        return self._pool.submit(function, bodies)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop the workers."""
        if self._pool is not None:
            self._pool.stop()
