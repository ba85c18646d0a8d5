"""A lock on a place on disk: held by one process, and released when that process ends, however it ends."""

from __future__ import annotations

import os
from pathlib import Path

from cleaners.errors import UsageError
from crawler.storage.descriptors import open_binary

try:
    import fcntl
except ImportError:  # Windows has no flock, but there a file that is open for writing cannot be removed or replaced
    fcntl = None  # type: ignore[assignment]


class PlaceLock:
    """Holds a place (an output, a store, an archive) for this process alone, by a hidden file beside it."""

    def __init__(self, place: Path) -> None:
        """Take the lock. Raises UsageError if another process holds it, OSError if the folder cannot be written to."""
        self._path = place.with_name(f".{place.name}.lock")
        self._file = _locked(self._path, place)

    def release(self) -> None:
        """Release the lock, and remove the hidden file."""
        if self._file >= 0:
            if fcntl is None:  # Windows cannot remove an open file
                os.close(self._file)
                self._path.unlink(missing_ok=True)
            else:  # while it is locked, so that nobody else can take it in between
                self._path.unlink(missing_ok=True)
                os.close(self._file)
            self._file = -1


def lock_file(descriptor: int, name: Path) -> None:
    """Lock an open file for this process alone. Raises UsageError if another process holds it."""
    if fcntl is None:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UsageError(f"{name}: another crawl is writing to it; wait for it or choose another place") from None


def _locked(path: Path, place: Path) -> int:
    while True:
        descriptor = open_binary(path)
        try:
            lock_file(descriptor, place)
        except UsageError:
            os.close(descriptor)
            raise
        if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):
            return descriptor
        os.close(descriptor)  # the holder before us removed it between our opening and locking it
