"""The output file as its own ledger: appends whole lines, cuts a torn tail, and queues lost records again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from cleaners.errors import OutputError, UsageError
from cleaners.parsing.foreign_json import read_foreign_json
from crawler.storage.descriptors import append_whole, cannot_write, open_binary, read_at, sync_folder
from crawler.storage.locks import lock_file
from crawler.storage.records import OutputState
from crawler.storage.store import Store
from pipelines.outputs.files import compressed

PART_SUFFIX: Final = ".part"
COMPRESSED: Final = (".gz", ".zst")


class Ledger:
    """An open output file. Every written line is whole, or removed the next time the file is opened.

    `output` is the file's name in the store: its final path, even while the file is unfinished.
    """

    def __init__(self, path: Path, store: Store, output: str = "") -> None:
        self.path = path
        self.output = output or store.name_of(path)
        self._store = store
        try:
            self._file = open_binary(path)
        except OSError as error:
            raise UsageError(f"{path}: cannot be written ({error.strerror}); choose another output") from error
        try:
            lock_file(self._file, path)
            self._reconcile()
        except BaseException:
            os.close(self._file)
            raise

    def append(self, record_id: str, body_sha256: str, line: str) -> None:
        """Write one record's line and remember it. Raises OutputError if it does not fit; the file stays whole."""
        try:
            self.size = append_whole(self._file, line.encode("utf-8", "surrogatepass"))
        except OSError as error:
            raise OutputError(cannot_write(self.path, error)) from error
        self._store.put_record(record_id, body_sha256, self.size, self.output)

    def sync(self) -> int:
        """Sync the written lines to the disk. Returns the size that is safe. This waits, so call it from a thread."""
        size = self.size
        os.fsync(self._file)
        return size

    def synced(self, size: int) -> None:
        """Remember that this many bytes of the file are safely on the disk."""
        self._store.set_output_state(self.output, size, is_open=True)

    def close(self) -> None:
        """Sync everything to the disk and close the file."""
        os.fsync(self._file)
        if not self._store.broken:
            self._store.set_output_state(self.output, self.size, is_open=False)
        os.close(self._file)

    def _reconcile(self) -> None:
        """Make the file and the store agree: cut the torn end of a crawl of ours, and queue lost records again."""
        size = os.fstat(self._file).st_size
        state = self._store.output_state(self.output)
        if state is not None and state.was_open:
            good = self._torn_at(min(state.synced, size))
        elif state is not None and size < state.synced:  # closed as a whole, and shortened since
            good = self._store.last_end(self.output, size)
        else:
            self._learn_foreign(state, size)
            good = size
        os.ftruncate(self._file, good)
        if good and read_at(self._file, 1, good - 1) != b"\n":
            good = append_whole(self._file, b"\n")
        self.size = good
        self._store.forget_after(good, self.output)
        self._store.set_output_state(self.output, min(state.synced, good) if state else good, is_open=True)
        self._store.commit()
        self._store.sync()  # before the first line: a power cut must find the output open

    def _torn_at(self, synced: int) -> int:
        """Where the whole lines end in an output that its crawl did not close. Remembers the lines after `synced`.

        The synced part is whole. After it, the file may be torn (a kill) or lack blocks (a power cut).
        """
        good = synced
        known_end = self._store.written_to(self.output)
        for line, end in _lines(self._file, synced):
            record = _parsed(line)
            if record is None:
                break
            good = end
            identity = _stated(record, "id")
            if identity and (end > known_end or self._store.record(identity) is None):
                self._remember(record, end)
        return good

    def _learn_foreign(self, state: OutputState | None, size: int) -> None:
        """Remember the records after the end that our last crawl closed, or in a file of others. Nothing is cut.

        Raises UsageError if a file of others is not JSON Lines: records must not be appended to it.
        """
        start = min(state.synced, size) if state else 0
        for line, end in _lines(self._file, start):
            record = _parsed(line if line.endswith(b"\n") else line + b"\n")
            if record is None and end == len(line) and line.strip():
                raise UsageError(f"{self.path}: not a file of JSON Lines; nothing was changed. Choose another output")
            if record is not None and "id" in record and self._store.record(_stated(record, "id")) is None:
                self._remember(record, min(end, size))

    def _remember(self, record: dict[str, Any], end: int) -> None:
        self._store.put_record(_stated(record, "id"), _stated(record, "body_sha256"), end, self.output)


def finish(part: Path, path: Path) -> None:
    """Move the finished file to its place, compressed if its name ends in .gz or .zst: whole or not at all."""
    if path.suffix not in COMPRESSED:
        part.replace(path)
    else:
        packed = part.with_name(part.name + path.suffix)
        with part.open("rb") as source, packed.open("wb") as file, compressed(file, path.name) as target:
            shutil.copyfileobj(source, target, 1 << 20)
        packed.replace(path)
        part.unlink()
    sync_folder(path.parent)


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


def _stated(record: dict[str, Any], name: str) -> str:
    """A value of a record of any origin, as a text that the store can hold: half a surrogate pair cannot be stored."""
    return str(record.get(name, "")).encode("utf-8", "backslashreplace").decode("utf-8")
