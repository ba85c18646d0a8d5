"""How the tests run in several processes."""

from __future__ import annotations

import os

import pytest

from tests import warm

# Folders whose tests run commands.
_WITH_COMMANDS = frozenset(("crawl", "command", "review"))


def pytest_xdist_auto_num_workers() -> int:
    """Twice as many processes as cores: crawls wait for answers and delays half of their time."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 2 * cores


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the server that commands run in, where a test will run one, before anything starts a smaller one."""
    if any(_WITH_COMMANDS.intersection(item.path.parts) for item in session.items):
        warm.start_server()
