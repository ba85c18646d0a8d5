"""Runs our commands in children of a server that has loaded everything: a start takes a tenth of a second, not three.

The server is the fork server from which worker processes come, with Scrapy loaded too. All test processes of a run
share one. A child is a separate process with the arguments, folder, variables and streams that it would have from a
shell, and its workers come from the same server. Tests of the start itself, or of signals, use `subprocess` instead.
"""

from __future__ import annotations

import atexit
import gc
import multiprocessing
import os
import runpy
import shutil
import signal
import sys
import tempfile
import weakref
from collections.abc import Mapping
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, Final, Literal, NamedTuple

Program = Literal["copydesk", "scrapy", "python"]
"""What runs; `python` is called with the path of a script."""

_LOADED: Final = (
    "pipelines.workers.preload",
    "crawler.pages.preload",
    "crawler.spiders.articles",
    "crawler.running.scheduler",
    "crawler.run",
    "crawler.settings",
    "crawler.running.archiving",
    "crawler.running.json_log",
    "crawler.running.writing",
    "scrapy.cmdline",
    "scrapy.core.downloader.handlers.http11",  # if a crawl loads it, it reads the sources of all callers
    "copydesk.cli.main",
    "copydesk.cli.commands.crawl",
    "pipelines.review.page",
)
_LIMIT: Final = 300.0  # seconds
# What another process must know about a server, to get its children from there.
_SERVER_STATE: Final = ("_forkserver_address", "_forkserver_authkey")


def start_server() -> None:
    """Start the server, if the system has one. Called before the first worker process of this test process."""
    if sys.platform == "linux":
        multiprocessing.get_context("forkserver").set_forkserver_preload(list(_LOADED))
        forkserver.ensure_running()


def server_state() -> dict[str, Any]:
    """What another process must know about the server of this one; empty if it has none."""
    server: Any = getattr(forkserver, "_forkserver", None)
    state = {name: getattr(server, name) for name in _SERVER_STATE if hasattr(server, name)}
    # The server ends when the last process with this end of a pipe has ended.
    return state | {"alive": f"/proc/{os.getpid()}/fd/{getattr(server, '_forkserver_alive_fd', None)}"}


def use_server(state: dict[str, Any]) -> None:
    """Let this process take its children from the server of another process, instead of starting one."""
    server: Any = getattr(forkserver, "_forkserver", None)
    if server is not None and state.get("_forkserver_address"):
        for name in _SERVER_STATE:
            if name in state:
                setattr(server, name, state[name])
        if server._forkserver_alive_fd is None:
            server._forkserver_alive_fd = os.open(state["alive"], os.O_WRONLY)
        server.ensure_running = forkserver.ensure_running = resource_tracker.ensure_running


def code_of(program: Literal["copydesk", "scrapy"]) -> str:
    """A script that runs the command in the new interpreter that reads it; only its workers come from the server.

    For tests of what a shell does with a command: its pipes, its folders and disks, its end.
    """
    start_server()
    root = str(Path(__file__).parents[1])
    state = server_state() | {"alive": os.devnull}  # the test that waits for it keeps the server alive
    return (
        "import sys\n"
        "if __name__ == '__main__':\n"
        f"    sys.path.insert(0, {root!r})\n"
        "    from tests import warm\n"
        f"    warm.use_server({state!r})\n"
        f"    sys.argv[0] = {program!r}\n"
        f"    sys.exit(warm.run_here({program!r}))\n"
    )


class Started:
    """A started command: the methods of `subprocess.Popen`, and its output so far.

    returncode  its exit status, or minus the signal that ended it; None while it runs
    """

    def __init__(
        self,
        program: Program,
        *arguments: str,
        folder: Path | None = None,
        variables: Mapping[str, str] | None = None,
        given: bytes | Path = b"",
        output: Path | None = None,
        errors: Path | None = None,
        closed: int | None = None,
    ) -> None:
        """Start the command; the parameters are those of `run`, and `errors` is a file for its standard error.

        A named pipe that is its standard input or output must be opened by the caller after this, input first.
        """
        context: Any = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
        start_server()
        self.args = (program, *arguments)
        folder_of_streams = tempfile.mkdtemp()
        weakref.finalize(self, shutil.rmtree, folder_of_streams, ignore_errors=True)
        own = [Path(folder_of_streams, name) for name in ("in", "out", "err")]
        if isinstance(given, bytes):
            own[0].write_bytes(given)
            given = own[0]
        self._streams = streams = [given, output or own[1], errors or own[2]]
        call = _Call(program, arguments, str(folder or Path.cwd()), dict(variables or os.environ), streams, closed)
        self._child = context.Process(target=_become, args=(call, server_state()))
        self._child.start()
        self.pid: int = self._child.pid

    @property
    def returncode(self) -> int | None:
        status: int | None = self._child.exitcode
        return status

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float = _LIMIT) -> int:
        """Wait for the end and return the status. A command that takes longer is killed."""
        self._child.join(timeout)
        if self._child.exitcode is None:
            self.kill()
            self._child.join()
        return self.returncode or 0

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        if self._child.exitcode is None:
            os.kill(self.pid, number)

    @property
    def stdout(self) -> str:
        return self._streams[1].read_text("utf-8", "replace") if self._streams[1].is_file() else ""

    @property
    def stderr(self) -> str:
        return self._streams[2].read_text("utf-8", "replace") if self._streams[2].exists() else ""


def run(
    program: Program,
    *arguments: str,
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
    given: bytes | Path = b"",
    output: Path | None = None,
    closed: int | None = None,
) -> CompletedProcess[str]:
    """Run a command to its end: exit status, standard output and error.

    folder     where it runs (None: here)
    variables  its environment (None: that of this process)
    given      its standard input, or the file or named pipe that it comes from
    output     the file or device that its standard output goes to (None: it is returned)
    closed     the number of a standard stream that it does not have
    """
    command = Started(
        program, *arguments, folder=folder, variables=variables, given=given, output=output, closed=closed
    )
    status = command.wait()
    return CompletedProcess(command.args, status, command.stdout, command.stderr)


class _Call(NamedTuple):
    """A command, the files of its standard streams, and the number of the stream that is closed."""

    program: Program
    arguments: tuple[str, ...]
    folder: str
    variables: dict[str, str]
    streams: list[Path]
    closed: int | None


def _become(call: _Call, server: dict[str, Any]) -> None:
    """Turn this child process into the command."""
    gc.freeze()  # or the collector looks through all that the server loaded, again and again
    os.chdir(call.folder)
    os.environ.clear()
    os.environ.update(call.variables)
    for stream, path in enumerate(call.streams):
        opened = os.open(path, os.O_RDONLY if stream == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(opened, stream)
        os.close(opened)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    if call.closed is not None:
        os.close(call.closed)
        setattr(sys, ("stdin", "stdout", "stderr")[call.closed], None)  # as Python does when it starts
    named = call.variables.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:0] = [path for path in named if path and path not in sys.path]
    use_server(server)
    sys.argv = [call.program, *call.arguments]
    try:
        sys.exit(run_here(call.program))
    finally:
        atexit._run_exitfuncs()


def run_here(program: Program) -> int | None:
    """Run the command that `sys.argv` states, in this process."""
    if program == "scrapy":
        from scrapy.cmdline import execute

        execute(sys.argv)
        return None
    if program == "python":
        sys.argv = sys.argv[1:]
        script = str(Path(sys.argv[0]).absolute())  # as Python gives it to a script; its workers import it from there
        sys.path.insert(0, str(Path(script).parent))
        runpy.run_path(script, run_name="__main__")
        return None
    from copydesk.start import main

    return main(sys.argv[1:])
