"""How the tests run in several processes."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

import pytest

from tests import warm

os.environ.setdefault("OMP_NUM_THREADS", "1")  # training in several processes at once would wait for threads, turning
# Folders whose tests run commands.
_WITH_COMMANDS = frozenset("command crawl engines guide hostile offline plugins review selection serve".split())
_TESTS = Path(__file__).parent


def pytest_xdist_auto_num_workers() -> int:
    """One process more than cores, because crawls wait for answers and each process first imports all tests."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + 1


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Start one server for the commands of all test processes, and say to each of them where it is."""
    if any(_may_run_commands(Path(str(argument).partition("::")[0])) for argument in node.config.args):
        warm.start_server()
        node.workerinput["server of commands"] = warm.server_state()


def _may_run_commands(tests: Path) -> bool:
    tests = tests.absolute()
    return tests in (_TESTS, *_TESTS.parents) or bool(_WITH_COMMANDS.intersection(tests.parts))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Have the collector leave out the tests; if one will run a command, have a server before a smaller one starts."""
    gc.freeze()  # or it looks through all tests and modules, again and again
    if any(_WITH_COMMANDS.intersection(item.path.parts) for item in session.items):
        warm.use_server(getattr(session.config, "workerinput", {}).get("server of commands", {}))
        warm.start_server()
