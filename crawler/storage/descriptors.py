"""Reads and syncs files by descriptor, on every system: Windows has no pread, no folders to sync, and a text mode."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def open_binary(path: Path) -> int:
    """Open a file for reading and writing; create it if needed. Raises OSError."""
    return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)


def read_at(file: int, size: int, start: int) -> bytes:
    """Read up to `size` bytes from byte `start`, without moving the file's position for writing."""
    if hasattr(os, "pread"):
        return os.pread(file, size, start)
    place = os.lseek(file, 0, os.SEEK_CUR)
    os.lseek(file, start, os.SEEK_SET)
    try:
        return os.read(file, size)
    finally:
        os.lseek(file, place, os.SEEK_SET)


def cannot_write(place: object, error: BaseException) -> str:
    """The message about a write that failed: where, why, and what to do.

    >>> cannot_write("a.jsonl", OSError(28, "No space left on device"))
    'a.jsonl: cannot write (No space left on device); free some space and run it again'
    """
    return f"{place}: cannot write ({getattr(error, 'strerror', None) or error}); free some space and run it again"


def append_whole(file: int, content: bytes) -> int:
    """Append to a file: all of it, or none of it if the disk fills up. Returns the file's new end. Raises OSError."""
    end = os.lseek(file, 0, os.SEEK_END)
    left = memoryview(content)
    try:
        while left:
            left = left[os.write(file, left) :]
    except OSError:
        with contextlib.suppress(OSError):  # a device cannot be cut
            os.ftruncate(file, end)
            os.lseek(file, end, os.SEEK_SET)
        raise
    return end + len(content)


def sync_folder(folder: Path) -> None:
    """Sync a folder's entries to the disk, if the system can, so that renamed files survive a power cut."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:  # Windows opens no folders, and writes their entries through
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
