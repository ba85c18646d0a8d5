"""The exit statuses of the command line."""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """DONE: everything was read and written. The others say what failed."""

    DONE = 0
    SOME_FAILED = 1
    USAGE = 2
    OUTPUT_FAILED = 3
    CHANGED = 4
    INTERRUPTED = 130
