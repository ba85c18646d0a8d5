"""How the tests run in several processes."""

from __future__ import annotations

import os

import pytest

from tests import warm

# Folders whose tests run commands.
_WITH_COMMANDS = frozenset(("crawl", "command", "hostile", "offline", "plugins", "review", "selection", "serve"))


def pytest_xdist_auto_num_workers() -> int:
    """One process more than cores, because crawls wait for answers and each process first imports all tests."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + 1


def pytest_collection_finish(session: pytest.Session) -> None:
    """If a test will run a command, start the server for commands now, before anything starts a smaller one."""
    if any(_WITH_COMMANDS.intersection(item.path.parts) for item in session.items):
        warm.start_server()
