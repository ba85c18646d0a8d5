"""Our own Redis on a free port, with its files in a temporary folder; it ends with the tests."""

from __future__ import annotations

import atexit
import shutil
import socket
import subprocess
import tempfile
import time
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from tests.crawl.ports import free_port

PROGRAM = shutil.which("redis-server") or shutil.which("valkey-server")
_names = count()


class RedisServer:
    """A server that can be killed and started again; it then has the data that it had synced."""

    def __init__(self, *options: str) -> None:
        pytest.importorskip("redis", reason="the redis package is not installed: pip install copydesk[shared]")
        if PROGRAM is None:
            pytest.skip("no Redis on this machine: apt install redis-server")
        self._folder = tempfile.TemporaryDirectory()
        self.port = free_port()
        self.options = options
        self.start()
        atexit.register(self.close)

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = [str(PROGRAM), "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self._folder.name,
                   "--save", "", "--logfile", str(Path(self._folder.name, "log")), *self.options]  # fmt: skip
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1):
                    return
            except OSError:
                assert self._process.poll() is None, "Redis did not start"
                time.sleep(0.02)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        self.kill()
        self._folder.cleanup()


@cache
def shared_server() -> RedisServer:
    """One server for all tests of this process; each test uses its own prefix."""
    return RedisServer()


def fresh_address() -> str:
    """The address of an unused frontier."""
    return f"{shared_server().address}?prefix=test-{next(_names)}"
