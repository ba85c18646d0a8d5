"""The output file as its own ledger: whole lines appended one at a time, a torn tail cut, what it lost queued again."""

from __future__ import annotations

import fcntl
import gzip
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final

from cleaners.errors import CopydeskError, UsageError
from cleaners.parsing.foreign_json import read_foreign_json
from crawler.storage.store import Store

PART_SUFFIX: Final = ".part"
STORE_SUFFIX: Final = ".crawl"


class OutputError(CopydeskError):
    """The output cannot be written: disk full, no permission, or another crawl has it."""


class Ledger:
    """An open output file. Every line written is whole, or gone the next time the file is opened."""

    def __init__(self, path: Path, store: Store) -> None:
        self.path = path
        self._store = store
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"{path}: another crawl is writing to it; wait for it or choose another output") from None
        except OSError as error:
            raise UsageError(f"{path}: cannot be written ({error.strerror}); choose another output") from error
        self.requeued = self._reconcile()

    def append(self, record_id: str, body_sha256: str, line: str) -> None:
        """Write one record's line and remember it. Raises OutputError if it does not fit; the file stays whole."""
        encoded = line.encode("utf-8", "surrogatepass")
        try:
            written = os.write(self._file, encoded)
            if written < len(encoded):
                written += os.write(self._file, encoded[written:])
        except OSError as error:
            self._cut(self.size)
            raise OutputError(
                f"{self.path}: cannot write ({error.strerror}); free some space and run it again"
            ) from error
        self.size += written
        self._store.put_record(record_id, body_sha256, self.size)

    def sync(self) -> int:
        """Bring what is written to the disk. Gives the size that is safe. Waits: call it from a thread."""
        size = self.size
        os.fsync(self._file)
        return size

    def close(self) -> None:
        """Bring everything to the disk and let go of the file."""
        os.fsync(self._file)
        os.close(self._file)

    def _reconcile(self) -> int:
        # What was synced is whole. After it the file may be torn (a kill) or lack blocks (a power cut).
        size = os.fstat(self._file).st_size
        synced = min(int(self._store.fact("synced") or 0), size)
        good = synced
        known_end = self._store.written_to()
        for line, end in _lines(self._file, synced):
            record = _parsed(line)
            if record is None:
                break
            good = end
            identity = str(record.get("id", ""))
            if identity and (end > known_end or self._store.record(identity) is None):
                self._store.put_record(identity, str(record.get("body_sha256", "")), end)
        if good < size:
            self._cut(good)
        self.size = good
        os.lseek(self._file, good, os.SEEK_SET)
        lost = self._store.forget_after(good)
        self._store.commit()
        return lost

    def _cut(self, size: int) -> None:
        os.ftruncate(self._file, size)
        os.lseek(self._file, size, os.SEEK_SET)


def finish(part: Path, path: Path) -> None:
    """Put the finished file in its place, compressed if its name ends in .gz or .zst. Whole or not at all."""
    opener = _COMPRESSED.get(path.suffix)
    if opener is None:
        part.replace(path)
    else:
        packed = part.with_name(part.name + path.suffix)
        with part.open("rb") as source, opener(packed) as target:
            shutil.copyfileobj(source, target, 1 << 20)
        packed.replace(path)
        part.unlink()
    _sync_folder(path.parent)


def _zstd(path: Path) -> IO[bytes]:
    from backports import zstd  # comes with Scrapy below Python 3.14

    return zstd.ZstdFile(path, "wb")  # type: ignore[no-any-return,unused-ignore,return-value]


def _gzip(path: Path) -> IO[bytes]:
    return gzip.open(path, "wb")  # type: ignore[return-value]


_COMPRESSED: Final[dict[str, Callable[[Path], IO[bytes]]]] = {".gz": _gzip, ".zst": _zstd}


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lines(file: int, start: int) -> Iterator[tuple[bytes, int]]:
    with os.fdopen(os.dup(file), "rb") as stream:
        stream.seek(start)
        end = start
        for line in stream:
            end += len(line)
            yield line, end


def _parsed(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        return None
    try:
        record = read_foreign_json(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
