"""Limits a process and its children to a share of a core, as if on their own small machine (Linux, as root)."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

PERIOD: Final = 20_000
"""Microseconds in which the share is counted: short, so that a crawl does not stop for long when it has used it up."""
OLD: Final = Path("/sys/fs/cgroup/cpu")
"""Where the first version of control groups keeps those for CPU time."""
NEW: Final = Path("/sys/fs/cgroup")


class Quota:
    """A control group whose processes may together use a share of a core. Raises OSError if it cannot be made."""

    def __init__(self, name: str, cores: float) -> None:
        root = OLD if OLD.is_dir() else NEW
        self._place = root / f"copydesk-{os.getpid()}-{name}"
        self._place.mkdir()
        if root is OLD:
            (self._place / "cpu.cfs_period_us").write_text(str(PERIOD))
            (self._place / "cpu.cfs_quota_us").write_text(str(int(cores * PERIOD)))
        else:
            (self._place / "cpu.max").write_text(f"{int(cores * PERIOD)} {PERIOD}")

    def hold(self, pid: int) -> None:
        """Add a process, with everything that it starts from now on."""
        (self._place / "cgroup.procs").write_text(str(pid))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while (self._place / "cgroup.procs").read_text():
            time.sleep(0.1)
        self._place.rmdir()
