"""Writes outputs: a file appears whole or not at all, compressed as its name says; "-" is standard output."""

from __future__ import annotations

import contextlib
import errno
import glob
import gzip
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, cast

from cleaners.errors import OutputError

try:
    import fcntl
except ImportError:  # Windows: an open file cannot be removed there anyway
    fcntl = None  # type: ignore[assignment]

STDOUT: Final = "-"
UNFINISHED: Final = ".part"
_REMEDIES: Final = {
    errno.ENOSPC: "Make room, or write elsewhere.",
    errno.EDQUOT: "Make room, or write elsewhere.",
    errno.ENOENT: "Make its folder, or write elsewhere.",
    errno.EISDIR: "Name a file; a name that ends in / makes a folder of files.",
}
"""What to do about an error of the system, by its number."""
# Level of gzip: 9 takes twice the time for one percent less.
_GZIP_LEVEL: Final = 6


class Output:
    """One output being written. Use it as a context manager: it is completed at the end, or removed after an error.

    A regular file is written beside its place under a hidden name, synced, and renamed. Devices and pipes are written
    to directly. Raises OutputError if the system refuses a write.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._unfinished: Path | None = None
        with self._explained():
            self._file = self._opened()
            self._sink = compressed(self._file, name)

    def write(self, lines: bytes) -> None:
        """Append whole lines."""
        with self._explained():
            self._sink.write(lines)

    def flush(self) -> None:
        """Pass on what was written, for programs that read along. Compressed outputs wait for whole blocks."""
        with self._explained():
            if self._sink is self._file and self._unfinished is None:
                self._sink.flush()

    def complete(self) -> None:
        """Finish the file and put it in its place."""
        with self._explained():
            if self._sink is not self._file:
                self._sink.close()
            self._file.flush()
            if self._unfinished is not None:
                os.fsync(self._file.fileno())
                self._file.close()
                self._unfinished.replace(self._target())

    def discard(self) -> None:
        """Remove what was written so far."""
        if self.name != STDOUT:
            with contextlib.suppress(OSError, AttributeError):  # there is no _file if opening it failed
                self._file.close()
        if self._unfinished is not None:
            self._unfinished.unlink(missing_ok=True)

    def __enter__(self) -> Output:
        """The output, open."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Complete after success, discard after an error."""
        try:
            if kind is None:
                self.complete()
        finally:
            self.discard()

    def _opened(self) -> BinaryIO:
        if self.name == STDOUT:
            if sys.stdout is None:
                raise OSError(errno.EBADF, "standard output is closed")
            return cast("BinaryIO", sys.stdout.buffer)
        target = self._target()
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            return target.open("wb")
        for left in left_behind(target):
            with contextlib.suppress(OSError):
                left.unlink()
        handle, name = tempfile.mkstemp(UNFINISHED, f".{target.name}.", target.parent)
        self._unfinished = Path(name)
        mask = os.umask(0)
        os.umask(mask)
        self._unfinished.chmod(0o666 & ~mask)  # the permissions that open() would have given
        lock(handle)
        return os.fdopen(handle, "wb")

    def _target(self) -> Path:
        """The file itself if the name is a link, so that the link stays."""
        return Path(self.name).resolve()

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn an error of the system into OutputError, except that the reader of a pipe has gone."""
        try:
            yield
        except OSError as error:
            self.discard()
            if self.name == STDOUT:
                _forget_stdout()
            if isinstance(error, BrokenPipeError):
                raise
            raise OutputError(self._message(error)) from error

    def _message(self, error: OSError) -> str:
        what = error.strerror or str(error)
        remedy = _REMEDIES.get(error.errno or 0, "Write elsewhere.")
        if self.name == STDOUT:
            return f"standard output: cannot be written ({what}). {remedy}"
        return f"{self.name}: cannot be written ({what}); no half-written file was left. {remedy}"


def _forget_stdout() -> None:
    """Point stdout elsewhere after it failed, so that the interpreter's last flush does not fail again."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def left_behind(target: Path) -> Iterator[Path]:
    """The hidden files and folders that killed runs left beside the target; a living run holds a lock on its own.

    Each is locked until the next one is asked for.
    """
    for path in target.parent.glob(f".{glob.escape(target.name)}.*{UNFINISHED}"):
        with contextlib.suppress(OSError), locked(path):
            yield path


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Lock a file or folder for this process. Raises OSError if another process has it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def lock(descriptor: int) -> None:
    """Lock an open file for this process alone; the lock goes with the process. Raises OSError if another has it."""
    if fcntl is not None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def compressed(file: BinaryIO, name: str) -> BinaryIO:
    """A sink that compresses as the name says (.gz, .zst); the same lines give the same bytes."""
    if name.endswith(".gz"):
        return cast("BinaryIO", gzip.GzipFile("", "wb", _GZIP_LEVEL, file, mtime=0))
    if name.endswith(".zst"):
        if sys.version_info >= (3, 14):
            from compression.zstd import ZstdFile
        else:
            from backports.zstd import ZstdFile
        return cast("BinaryIO", ZstdFile(file, "wb"))
    return file
