"""Opens inputs and decompresses them by their content (not by name); damage ends a stream and is remembered."""

from __future__ import annotations

import errno
import gzip
import io
import sys
import zlib
from pathlib import Path
from typing import BinaryIO, Final, Protocol, cast

from cleaners.errors import InputError
from pipelines.inputs.addresses import is_address, open_address, read_range, whole_and_range
from pipelines.inputs.paths import is_here

STDIN: Final = "-"
# Bytes read at a time, and the first bytes that show the kind of an input.
CHUNK: Final = 64 * 1024
_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"


class _Source(Protocol):
    def read1(self, size: int = -1, /) -> bytes: ...


class _Decompressed(io.RawIOBase):
    """The readable part of a source. A broken source ends early; `damage` then says why."""

    def __init__(self, source: _Source, opened: BinaryIO | None) -> None:
        self.source = source
        self.opened = opened
        self.damage: str | None = None

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        if self.opened is not None:
            self.opened.close()
        super().close()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            piece = self.source.read1(len(buffer))
        except EOFError:
            self.damage, piece = "the compressed data ends in the middle (a truncated file)", b""
        except (OSError, zlib.error, ValueError) as error:
            self.damage, piece = f"the data is damaged ({error})", b""
        except Exception as error:
            if type(error).__name__ != "ZstdError":
                raise
            self.damage, piece = f"the compressed data is damaged ({error})", b""
        buffer[: len(piece)] = piece
        return len(piece)


class ByteStream(io.BufferedReader):
    """A buffered, decompressed input: `source` gives the bytes, `opened` is the file to close after it."""

    def __init__(self, source: _Source, name: str, opened: BinaryIO | None) -> None:
        self._decompressed = _Decompressed(source, opened)
        super().__init__(self._decompressed, CHUNK)
        self.source_name = name

    @property
    def is_as_stored(self) -> bool:
        """Whether these are the bytes of the file that was opened, without decompression."""
        return cast("object", self._decompressed.source) is self._decompressed.opened

    @property
    def stored_position(self) -> int:
        """How many bytes of the file were read, as the file holds them; 0 if the stream is not a file."""
        opened = self._decompressed.opened
        return opened.tell() if opened is not None and opened.seekable() else 0

    @property
    def damage(self) -> str | None:
        """The damage that ended the stream early; None if it was whole (as far as it was read)."""
        return self._decompressed.damage

    def check(self, is_read: bool = True) -> None:
        """Raise InputError if the stream ended early. `is_read`: whether what came before the damage is used."""
        if self.damage:
            before = "; what came before it was read" if is_read else ""
            raise InputError(f"{self.source_name}: {self.damage}{before}. Get the file again.", "damaged")


def open_stream(name: str) -> ByteStream:
    """Open a file, an address, a range of either, or standard input for "-".

    Raises InputError if it cannot be opened.
    """
    try:
        if name == STDIN:
            if sys.stdin is None:
                raise OSError(errno.EBADF, "standard input is closed")
            return ByteStream(_decompressor(cast("io.BufferedReader", sys.stdin.buffer)), name, None)
        opened = _opened(name)
        return ByteStream(_decompressor(opened), name, opened)
    except OSError as error:
        raise unreadable(name, error) from error


def _opened(name: str) -> io.BufferedReader:
    whole, part = (name, None) if is_here(name) else whole_and_range(name)
    opened = open_address(whole) if is_address(whole) else Path(whole).open("rb")  # noqa: SIM115
    if part is None:
        return opened
    with opened:
        return read_range(opened, name, part)


def stream_of(file: io.BufferedReader, name: str) -> ByteStream:
    """A file that is open already (a member of an archive) as a stream; it is closed with the stream."""
    return ByteStream(_decompressor(file), name, file)


def unreadable(name: str, error: OSError) -> InputError:
    """The InputError for a file that the system does not let us read."""
    return InputError(f"{name}: {error.strerror or error}. Check the path and the permissions.", "unreadable")


def _decompressor(raw: io.BufferedReader) -> _Source:
    magic = raw.peek(len(_ZSTD))[: len(_ZSTD)]
    if magic.startswith(_GZIP):
        return gzip.GzipFile(fileobj=raw, mode="rb")
    if magic == _ZSTD:
        return cast("_Source", io.BufferedReader(_zstd_file(raw), CHUNK))
    return raw


def _zstd_file(raw: io.BufferedReader) -> io.RawIOBase:
    if sys.version_info >= (3, 14):
        from compression.zstd import ZstdFile
    else:
        from backports.zstd import ZstdFile
    return cast("io.RawIOBase", ZstdFile(raw, "rb"))
