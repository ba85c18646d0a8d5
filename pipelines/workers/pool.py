"""A pool of worker processes with a time limit for each task: a page that hangs costs only its record and one worker.

A crawl awaits single pages (`asyncio.wrap_future(pool.submit(...))`); the offline runner takes batches in order
(`run`). For each worker, a thread in this process starts it, sends it one task after another, and starts another one
when it is gone.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import BaseContext
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Final, NamedTuple, TypeVar

from cleaners.errors import UsageError
from pipelines.workers.process import TimeLimitError, WorkerDiedError, WorkerProcess, WorkerSetup

T = TypeVar("T")
R = TypeVar("R")

# Seconds a task may take before its worker is killed. The slowest honest page met in 3,000 took 1.5 s in trafilatura.
TIME_LIMIT: Final = 30.0
# Tasks after which a worker is replaced by a fresh one, so that a leak in a parser cannot grow for ever.
TASKS_PER_WORKER: Final = 2_000
# How often a task is tried if its worker dies: the task is seldom the cause.
ATTEMPTS: Final = 3
# Tasks read ahead for each worker: enough to keep all busy while one page is slow, few enough to bound memory.
_AHEAD: Final = 4
# Imported once by the fork server, so that a replaced worker starts in milliseconds.
_PRELOADED: Final = ("pipelines.workers.preload",)


class TaskFailure(NamedTuple):
    """Why a task has no result: `cause` is for counting, `detail` for reading."""

    cause: str
    detail: str


class _Job(NamedTuple):
    """A task that waits for a worker: its pickle, the attempts left, and the future for its result."""

    task: bytes
    attempts: int
    future: Future[Any]


class PagePool:
    """A pool of worker processes.

    workers           how many processes
    time_limit        seconds a task may run; after that its worker is killed and replaced
    tasks_per_worker  tasks after which a worker is replaced (0: never)
    preload           names of further modules to import before the first task; workers report those with a FAILURE
    niceness          how much lower the workers' priority is than this process's (0: the same; 19: the lowest)
    models            whether workers load the models and tables for pages before their first task

    Functions and tasks must be picklable: a function at the top of a module. Workers start with the first tasks.
    """

    def __init__(
        self,
        workers: int = 1,
        time_limit: float = TIME_LIMIT,
        tasks_per_worker: int = TASKS_PER_WORKER,
        preload: Sequence[str] = (),
        niceness: int = 0,
        models: bool = True,
    ) -> None:
        self.workers = workers
        self.time_limit = time_limit
        self._tasks_per_worker = tasks_per_worker
        self._setup = WorkerSetup((*(_PRELOADED if models else ()), *preload), niceness, time_limit)
        self._context = _context(self._setup.modules)
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._alive: set[WorkerProcess] = set()
        self._is_stopping = False

    def submit(self, function: Callable[[T], R], task: T, attempts: int = ATTEMPTS) -> Future[R]:
        """Run function(task) in a worker. `failure_of` describes the errors that the future may raise.

        attempts  how often the task is tried if its worker dies
        """
        future: Future[R] = Future()
        try:
            packed = pickle.dumps((function, task))
        except Exception as error:  # an object's own code may raise anything while it is pickled
            future.set_exception(error)
            return future
        if len(self._threads) < self.workers:
            thread = threading.Thread(target=self._serve, name="hands tasks to a worker", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._jobs.put(_Job(packed, attempts, future))
        return future

    def run(
        self, function: Callable[[T], R], tasks: Iterable[T], attempts: int = ATTEMPTS
    ) -> Iterator[tuple[T, R | TaskFailure]]:
        """Each task with its result or failure, in the order given, reading only a few tasks ahead."""
        waiting: deque[tuple[T, Future[Any]]] = deque()
        for task in tasks:
            waiting.append((task, self.submit(function, task, attempts)))
            while waiting and (len(waiting) > _AHEAD * self.workers or waiting[0][1].done()):
                yield self._next(waiting)
        while waiting:
            yield self._next(waiting)

    def _next(self, waiting: deque[tuple[T, Future[Any]]]) -> tuple[T, Any]:
        task, future = waiting.popleft()
        try:
            return task, future.result()
        except Exception as error:
            return task, failure_of(error, self.time_limit)

    def _serve(self) -> None:
        """The loop of a worker's thread: one job after another, each in a living worker."""
        worker: WorkerProcess | None = None
        done = 0
        while (job := self._jobs.get()) is not None:
            if not job.future.set_running_or_notify_cancel():
                continue
            worker = self._do(job, worker)
            done = done + 1 if worker else 0
            if worker and done == self._tasks_per_worker:
                self._end(worker)
                worker, done = None, 0
        if worker:
            self._end(worker)

    def _do(self, job: _Job, worker: WorkerProcess | None) -> WorkerProcess | None:
        """Do a job, in other workers if this one dies. Returns the worker for the next job; None if it is gone."""
        error: BaseException = WorkerDiedError(None)
        for _ in range(job.attempts):
            if self._is_stopping:
                break
            try:
                worker = worker or self._started()
                job.future.set_result(worker.ask(job.task))
                return worker
            except (WorkerDiedError, TimeLimitError) as gone:
                error = gone
                if worker:
                    self._end(worker)
                worker = None
                if isinstance(gone, TimeLimitError):
                    break
            except BaseException as raised:  # the task's own error: the worker is fine
                job.future.set_exception(raised)
                return worker
        job.future.set_exception(error)
        return None

    def _started(self) -> WorkerProcess:
        worker = WorkerProcess(self._context, self._setup)
        self._alive.add(worker)
        if self._is_stopping:
            worker.end()
        return worker

    def _end(self, worker: WorkerProcess) -> None:
        self._alive.discard(worker)
        worker.close()

    def close(self) -> None:
        """Let the waiting tasks finish, then stop the workers."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            if thread.is_alive():  # an interruption may come before a thread has started
                thread.join()

    def stop(self) -> None:
        """Stop the workers now; unfinished tasks are cancelled."""
        self._is_stopping = True
        while not self._jobs.empty():
            with contextlib.suppress(Exception):
                if job := self._jobs.get_nowait():
                    job.future.cancel()
        for worker in tuple(self._alive):
            worker.end()
        self.close()

    def __enter__(self) -> PagePool:
        """Workers start with the first tasks."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Wait for the remaining tasks, or stop at once after an error."""
        if kind is None:
            self.close()
        else:
            self.stop()


def failure_of(error: BaseException, time_limit: float = TIME_LIMIT) -> TaskFailure:
    """Describe an error that a future of the pool raised."""
    if isinstance(error, TimeLimitError):
        return TaskFailure("time_limit", f"the page took longer than {time_limit:g} s")
    if isinstance(error, WorkerDiedError):
        return TaskFailure("worker_died", f"the worker process died with status {error.exitcode}")
    if isinstance(error, MemoryError):
        return TaskFailure("out_of_memory", "the page needs more memory than the machine has")
    return TaskFailure("error", f"{type(error).__name__}: {error}")


def _context(modules: Sequence[str]) -> BaseContext:
    """Fork workers from a clean server: forking a process with threads (Scrapy, ONNX) is not safe.

    Raises UsageError in a worker that imports the user's program, if that starts workers outside of its guard.
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise UsageError(
            "worker processes import your program again, and it starts workers when it is imported. Put its calls of "
            "Copydesk under `if __name__ == '__main__':`."
        )
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(modules))
    with _own_packages_first(), _interrupts_held_back():
        forkserver.ensure_running()
    return context


@contextlib.contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Let the fork server start with SIGINT blocked: Ctrl-C reaches all processes, and only ours is to answer it."""
    resource_tracker.ensure_running()  # its own start unblocks SIGINT
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _own_packages_first() -> Iterator[None]:
    """Let the fork server import our packages, even if the current folder holds modules with the same names."""
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
