"""How the tests run in several processes."""

from __future__ import annotations

import os


def pytest_xdist_auto_num_workers() -> int:
    """Twice as many processes as cores: crawls wait for answers and delays half of their time."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 2 * cores
