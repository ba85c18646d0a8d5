"""Reads pages packed in .zip and .tar files, without unpacking anything to the disk."""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Final, Self, cast

from cleaners.errors import InputError
from cleaners.page import Page
from pipelines.inputs.seekable import seekable
from pipelines.inputs.streams import ByteStream, stream_of

ReadEntry = Callable[[ByteStream], Iterator[Page | InputError]]
"""Gives the pages of one file in an archive; its `source_name` is archive#name."""

# Other formats that are ZIP files, by the name of an entry that each has.
_NO_PAGES: Final = {
    "META-INF/container.xml": "an EPUB book",
    "[Content_Types].xml": "an office document",
    "META-INF/manifest.xml": "an office document",
    "META-INF/MANIFEST.MF": "a Java archive",
    "AndroidManifest.xml": "an Android app",
}
_ABOUT_THE_NEXT: Final = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)
_MAX_HEADER: Final = 1_000_000
_FAULTS: Final = (
    zipfile.BadZipFile,
    tarfile.TarError,
    RuntimeError,
    NotImplementedError,
    zlib.error,
    EOFError,
    OSError,
)


def zip_pages(stream: ByteStream, read: ReadEntry) -> Iterator[Page | InputError]:
    """The pages of a ZIP file in the order of their names; an InputError for each file in it that cannot be read."""
    name = stream.source_name
    with seekable(stream) as file:
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise InputError(f"{name}: no whole ZIP file ({error}). Get the file again.", "damaged") from error
        with archive:
            names = archive.namelist()
            what = next((what for entry, what in _NO_PAGES.items() if entry in names), None)
            if what:
                raise InputError(f"{name}: {what}, not saved pages. Convert it to HTML, or leave it out.", "binary")
            for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
                if not entry.is_dir():
                    yield from _guarded(partial(archive.open, entry), f"{name}#{entry.filename}", read)


def tar_pages(stream: ByteStream, read: ReadEntry) -> Iterator[Page | InputError]:
    """The pages of a tar file, in its order, front to back. Links and devices in it are ignored."""
    name = stream.source_name
    try:
        tail = _Tail(stream)
        with tarfile.open(fileobj=cast("IO[bytes]", tail), mode="r|", tarinfo=_BoundedEntry) as archive:
            while (entry := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined]  # it keeps every entry
                if entry.isreg():
                    yield from _guarded(partial(archive.extractfile, entry), f"{name}#{entry.name}", read)
    except (tarfile.TarError, EOFError, OSError) as error:
        stream.check()
        raise InputError(
            f"{name}: the archive is damaged ({error}); what came before was read. Get the file again.", "damaged"
        ) from error
    stream.check()
    if not tail.is_whole:
        raise InputError(f"{name}: the archive ends in the middle; what came before was read. Get it again.", "damaged")


class _BoundedEntry(tarfile.TarInfo):
    """An entry of a tar file. Headers about the next entry, which tarfile holds whole, may not be longer than 1 MB."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        entry = super().frombuf(buf, encoding, errors)
        if entry.type in _ABOUT_THE_NEXT and entry.size > _MAX_HEADER:
            raise tarfile.ReadError(f"a header of {entry.size} bytes")
        return entry


class _Tail:
    """A stream that remembers its last bytes: a whole tar file ends with zeros, which tarfile does not check."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._last = b""

    def read(self, size: int) -> bytes:
        piece = self._stream.read(size)
        self._last = (self._last + piece)[-tarfile.BLOCKSIZE :] if piece else self._last
        return piece

    @property
    def is_whole(self) -> bool:
        """Whether the last block is one of zeros."""
        return len(self._last) == tarfile.BLOCKSIZE and not any(self._last)


def _guarded(opened: Callable[[], IO[bytes] | None], where: str, read: ReadEntry) -> Iterator[Page | InputError]:
    """The pages of one entry. An entry that cannot be read does not affect the others."""
    try:
        file = opened()
        if file is not None:
            with stream_of(io.BufferedReader(cast(io.RawIOBase, file)), where) as stream:
                yield from read(stream)
    except InputError as error:
        yield error
    except _FAULTS as error:
        yield InputError(f"{where}: cannot be unpacked ({error}). Leave it out.", "unreadable")
