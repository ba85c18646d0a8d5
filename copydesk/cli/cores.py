"""Counts the cores for worker processes."""

from __future__ import annotations

import os


def cores() -> int:
    """Cores this process may use: a container often allows fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
