"""Measures how much of the inputs was read, in bytes as the files hold them, compressed or not."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.inputs.files import Found, files_of
from pipelines.inputs.streams import ByteStream

MOST_SECONDS: Final = 2.0
"""Seconds in which the sizes of the inputs are added up; a folder that takes longer has no total."""


@dataclass
class ReadMeter:
    """Counts the bytes of the files that were read. `total` is the size of all files, 0 if it is not known."""

    total: int = 0
    _done: int = 0
    _reading: ByteStream | None = None

    @contextmanager
    def reading(self, stream: ByteStream, path: str) -> Iterator[None]:
        """Count the bytes of one file while it is read, and its whole size at the end."""
        self._reading = stream
        try:
            yield
        finally:
            self._reading = None
            self._done += _size(path)

    @property
    def share(self) -> float | None:
        """The share that was read, 0 to 1; None if the total is not known."""
        if not self.total:
            return None
        read = self._done + (self._reading.stored_position if self._reading else 0)
        return min(read / self.total, 1.0)


def size_of(inputs: Iterable[str], seconds: float = MOST_SECONDS) -> int:
    """The bytes of all files of the inputs; 0 if one cannot be measured, or adding them up takes too long."""
    total, end = 0, time.monotonic() + seconds
    for name in inputs:
        for found in files_of(name):
            size = _size(found.path) if isinstance(found, Found) else 0
            if not size or time.monotonic() > end:
                return 0
            total += size
    return total


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except (OSError, ValueError):
        return 0
