"""Keeps records on disk until all are known and duplicates can be found, so that the inputs are read once."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, BinaryIO, Final, Self, cast

from cleaners.errors import OutputError
from pipelines.selection.duplicates import Bodies, Twin

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdFile
else:
    from backports.zstd import ZstdFile

# Bytes of a write: each write costs as much as packing two kilobytes.
_PACKED_AT_ONCE: Final = 64


class Waiting:
    """Lines of records in a temporary file, and their bodies in `bodies`. Use as a context manager."""

    def __init__(self, bodies: Bodies) -> None:
        self.bodies = bodies
        self._file = cast("BinaryIO", tempfile.TemporaryFile(prefix="copydesk-"))  # noqa: SIM115 - closed in __exit__
        self._packed = ZstdFile(self._file, "wb", level=1)
        self._held: list[bytes] = []

    def add(self, record: Mapping[str, Any], line: bytes) -> None:
        """Add a record; `line` is its line of JSON. Raises OutputError if the disk is full."""
        self.bodies.add(record)
        self._held.append(line)
        if len(self._held) == _PACKED_AT_ONCE:
            self._pack()

    def _pack(self) -> None:
        try:
            self._packed.write(b"".join(self._held))
        except OSError as error:
            raise _full(error) from error
        self._held.clear()

    def lines(self) -> Iterator[tuple[bytes, Twin | None]]:
        """Every line in the order of adding, with the record that stays in its place, if the line is a duplicate."""
        twins = self.bodies.twins()
        self._pack()
        try:
            self._packed.close()
        except OSError as error:
            raise _full(error) from error
        self._file.seek(0)
        with ZstdFile(self._file, "rb") as lines:
            for place, line in enumerate(lines):
                yield line, twins.get(place)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Remove the file."""
        self._file.close()


def _full(error: OSError) -> OutputError:
    folder = tempfile.gettempdir()
    return OutputError(f"{folder}: records cannot wait there ({error.strerror or error}). Make room, or set TMPDIR.")
