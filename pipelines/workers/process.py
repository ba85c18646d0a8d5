"""One worker process: what it runs, and the parent's side of it.

Each worker has its own pipe to the parent, so that killing one worker at any moment disturbs no other. The parent
notices a worker's death by the end of the pipe.
"""

from __future__ import annotations

import gc
import importlib
import logging
import os
import pickle
import signal
import threading
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from typing import Any, Final, NamedTuple

logger = logging.getLogger(__name__)

# New objects after which Python searches for cycles. A page makes tens of thousands of tuples and few cycles: with the
# default of 700, the search takes a tenth of a page's time (34 against 38 ms on 48 pages).
_COLLECT_AFTER: Final = 50_000
# Seconds in which a new worker has to be ready. Loading everything without a fork server takes five.
_START_LIMIT: Final = 120.0
# How often a worker is started anew if it dies before it is ready, and the seconds between two tries.
_STARTS: Final = 5
_START_PAUSE: Final = 0.2
# Seconds to wait for the exit status of a worker that is dead already.
_JOIN_SECONDS: Final = 1.0
_KILL: Final = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows has only one way to end a process
# A worker ends itself when a task has taken this many time limits: if its parent was killed, nobody else ends it.
_OWN_LIMITS: Final = 2
# multiprocessing does not allow several threads to start and join processes at the same time.
_bookkeeping = threading.Lock()


class WorkerDiedError(Exception):
    """The worker process died during its task. `exitcode` is negative for a signal, None if it is not known."""

    def __init__(self, exitcode: int | None) -> None:
        super().__init__(exitcode)
        self.exitcode = exitcode


class TimeLimitError(Exception):
    """The task took longer than the time limit; its worker was killed."""


class WorkerSetup(NamedTuple):
    """The settings of a worker: modules to import, how much to lower its priority, and the seconds a task may take."""

    modules: tuple[str, ...]
    niceness: int
    time_limit: float


class WorkerProcess:
    """The parent's end of a worker. One thread uses it; `end` alone may be called from another."""

    def __init__(self, context: BaseContext, setup: WorkerSetup) -> None:
        """Start a worker and wait until it is ready. Raises WorkerDiedError if none gets ready after several tries."""
        self._context: Any = context
        self._setup = setup
        for attempt in range(_STARTS):
            time.sleep(_START_PAUSE if attempt else 0)
            if self._is_started():
                return
        raise WorkerDiedError(None)

    def _is_started(self) -> bool:
        self._is_gone = False
        self._pipe, theirs = self._context.Pipe()
        self._process = self._context.Process(target=serve, args=(theirs, self._setup), daemon=True)
        with suppress(OSError, EOFError), theirs:  # raised if the fork server or the worker is killed meanwhile
            with _bookkeeping:
                self._process.start()
            theirs.close()  # now only the worker holds this end, so its death ends the pipe
            if self._pipe.poll(_START_LIMIT):
                self._pipe.recv_bytes()
                return True
        self.close()
        return False

    def ask(self, task: bytes) -> Any:
        """The result of a pickled (function, argument). Raises the error that the function raises.

        Raises TimeLimitError and WorkerDiedError too; after these the worker cannot be used any more and must be
        closed.
        """
        try:
            self._pipe.send_bytes(task)
            if not self._pipe.poll(self._setup.time_limit):
                raise TimeLimitError
            answer = self._pipe.recv_bytes()
        except (OSError, EOFError) as error:
            self._is_gone = True
            raise WorkerDiedError(self._exit_code()) from error
        is_result, value = pickle.loads(answer)
        if is_result:
            return value
        raise value

    def end(self) -> None:
        """Kill the worker at once. `multiprocessing` does not kill it if the fork server was killed."""
        if not self._is_gone and self._process.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, _KILL)

    def close(self) -> None:
        """End the worker and close the pipe."""
        self.end()
        self._pipe.close()
        if self._process.pid is not None:
            self._exit_code()

    def _exit_code(self) -> int | None:
        with _bookkeeping:
            self._process.join(_JOIN_SECONDS)
            code: int | None = self._process.exitcode
            return code


def serve(pipe: Connection, setup: WorkerSetup) -> None:
    """The main loop of a worker: tasks from the pipe, one after another, until the parent closes it or is gone."""
    _make_ready(setup)
    with suppress(OSError, EOFError):
        pipe.send_bytes(b"ready")
        while True:
            task = pipe.recv_bytes()
            _end_at(setup.time_limit * _OWN_LIMITS)
            answer = _answer(task)
            _end_at(0)
            pipe.send_bytes(answer)


def _answer(task: bytes) -> bytes:
    try:
        function, argument = pickle.loads(task)
        return pickle.dumps((True, function(argument)))
    except BaseException as error:  # also SystemExit: errors of a task are raised for its caller
        with suppress(Exception):
            packed = pickle.dumps((False, error))
            pickle.loads(packed)
            return packed
        return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))


def _end_at(seconds: float) -> None:
    """Let the system end this process after this many seconds, even in C code; 0 cancels it."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _make_ready(setup: WorkerSetup) -> None:
    """Load models and tables; and die at once on SIGTERM, even in C code, where Python's handler would not run."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the parent decides what to do
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for module in setup.modules:
        if failure := getattr(importlib.import_module(module), "FAILURE", ""):
            logger.error("%s could not load the models and tables for pages: %s", module, failure)
    spare_the_collector()
    if setup.niceness and hasattr(os, "nice"):
        os.nice(setup.niceness)


def spare_the_collector() -> None:
    """Let Python search for cycles seldom in this process, and never among the objects that exist now."""
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
