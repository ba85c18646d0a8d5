"""Writes the archive (WARC 1.1): every response as received, its request, and the decision on the page."""

from __future__ import annotations

import asyncio
import io
import os
import zlib
from http.client import responses
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from fastwarc.warc import WarcRecord, WarcRecordType
from isal import isal_zlib
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings

from cleaners.errors import UsageError
from crawler.frontier.targets import Settlement
from crawler.storage.descriptors import append_whole, open_binary, read_at
from crawler.storage.locks import PlaceLock
from crawler.storage.store import Store
from pipelines.dates.utc import utc_now
from pipelines.inputs.crawl_archive import is_crawl_archive

PIECE: Final = 1 << 20
"""Bytes read at a time where an archive is checked."""
GZIP_LEVEL: Final = 2
"""Compression level of ISA-L, whose gzip any reader can read: 0.5 ms a page of 340 KB, packed to 21 %; zlib's level 6:
5.6 ms, 18 %."""


class ArchiveFiles:
    """The archive's files: crawl.warc.gz, then crawl-00001.warc.gz and so on. One gzip member a record.

    rotate_at  bytes after which another file is begun
    """

    def __init__(self, path: Path, store: Store, rotate_at: int) -> None:
        self.path = path
        self._store = store
        self._rotate_at = rotate_at
        self._file = -1
        self._size = 0
        self._lock = PlaceLock(path.resolve())
        try:
            self._number, known = self._known_place()
            self._open(known)
        except BaseException:
            self._lock.release()
            raise

    @property
    def place(self) -> tuple[int, int]:
        """The current file, and where the next record begins in it."""
        return self._number, self._size

    def _known_place(self) -> tuple[int, int]:
        """The file to append to and its size: from the store, or for an archive of other crawls as found on
        disk.

        Raises UsageError for a file that is no archive of ours, or that ends in the middle of a record: nothing of it
        may be cut.
        """
        place = self._store.name_of(self.path)
        if self._store.fact("archive_path") in (place, None) and self._store.fact("archive_size") is not None:
            self._store.set_fact("archive_path", place)
            return self._store.number("archive_number"), self._store.number("archive_size")
        self._store.set_fact("archive_path", place)
        self._store.set_fact("archive_synced", "0 0")
        self._number = 0
        while self._path(self._number + 1).exists():
            self._number += 1
        return self._number, _checked_size(self._path(self._number))

    def append(self, packed: bytes) -> None:
        """Write one record. If it is not committed with the store, the next run cuts it off."""
        if self._size and self._size + len(packed) > self._rotate_at:
            self._number += 1
            self._close_file()
            self._open(0)
        self._size = append_whole(self._file, packed)
        self._remember()

    async def sync(self) -> None:
        """Sync the written records to the disk, in a thread, and remember how much is safe."""
        number, size, file = self._number, self._size, os.dup(self._file)  # another file may have begun meanwhile
        try:
            await asyncio.to_thread(os.fsync, file)
        finally:
            os.close(file)
        self._store.set_fact("archive_synced", f"{number} {size}")

    def close(self) -> None:
        """Sync the file to the disk, and release the archive to other crawls."""
        self._close_file()
        self._lock.release()

    def _close_file(self) -> None:
        os.fsync(self._file)
        os.close(self._file)

    def _synced(self) -> tuple[int, int]:
        """The last file of which something is safely on the disk, and how many bytes."""
        try:
            number, size = map(int, (self._store.fact("archive_synced") or "0 0").split())
        except ValueError:
            raise self._store.damaged("archive_synced") from None
        return number, size

    def _open(self, known: int) -> None:
        path = self._path(self._number)
        self._file = open_binary(path)
        number, synced = self._synced()
        end = min(known, os.fstat(self._file).st_size)
        self._size = whole_records(self._file, min(synced, end) if number == self._number else 0, end)
        if self._size < known:
            self._store.forget_archived_after(self._number, self._size)
        os.ftruncate(self._file, self._size)
        if not self._size:
            self._size = append_whole(self._file, packed_record(_info(path.name)))
        self._remember()

    def _path(self, number: int) -> Path:
        if not number:
            return self.path
        stem, dot, rest = self.path.name.partition(".")
        return self.path.with_name(f"{stem}-{number:05d}{dot}{rest}")

    def _remember(self) -> None:
        self._store.set_fact("archive_number", str(self._number))
        self._store.set_fact("archive_size", str(self._size))


def open_archive(settings: BaseSettings, store: Store) -> ArchiveFiles | None:
    """Open the archive that ARCHIVE (a path) and ARCHIVE_ROTATE (bytes) name, and queue again what it has lost.

    None without ARCHIVE. Raises UsageError if it cannot be written.
    """
    if not settings["ARCHIVE"]:
        return None
    path = Path(settings["ARCHIVE"])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return ArchiveFiles(path, store, settings.getint("ARCHIVE_ROTATE"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); choose another ARCHIVE") from error


def refuse_other_file(path: Path) -> None:
    """Raise UsageError if the path holds something else than an archive that a crawl wrote."""
    if not path.is_file() or not path.stat().st_size:
        return
    with path.open("rb") as file:
        if not is_crawl_archive(_start(file.read(PIECE))):
            raise UsageError(f"{path}: not an archive of a crawl; nothing was changed. Choose another ARCHIVE")


def _checked_size(path: Path) -> int:
    """The size of an archive that an earlier crawl wrote; 0 if there is none. Raises UsageError for another file."""
    if not path.exists():
        return 0
    refuse_other_file(path)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if whole_records(file.fileno(), 0, size) < size:
            raise UsageError(f"{path}: the archive ends in a torn record; nothing was changed. Choose another ARCHIVE")
    return size


def _start(packed: bytes) -> bytes:
    """The first record of a gzipped archive, as much of it as there is; empty for bytes that are not gzip."""
    try:
        return zlib.decompressobj(31).decompress(packed, PIECE)
    except zlib.error:
        return b""


def whole_records(file: int, start: int, end: int) -> int:
    """Where the last whole gzip member between `start` (a member's beginning) and `end` ends.

    After a power cut, blocks that were never written are zeros, even before the end that the store knows.
    """
    good, at = start, start
    unpacker = zlib.decompressobj(31)
    try:
        while at < end and (piece := read_at(file, min(PIECE, end - at), at)):
            at += len(piece)
            while piece:
                unpacker.decompress(piece)
                piece = unpacker.unused_data if unpacker.eof else b""
                if unpacker.eof:
                    good = at - len(piece)
                    unpacker = zlib.decompressobj(31)
    except zlib.error:
        pass
    return good


def exchange(request: Request, response: Response, name: str) -> bytes:
    """Response and request as two packed records; the record of the request names its response."""
    answer = _record(
        WarcRecordType.response, response.url, "application/http;msgtype=response", _answer(response), name
    )
    if response.ip_address:
        answer.headers["WARC-IP-Address"] = str(response.ip_address)
    if kind := payload_type(response):
        answer.headers["WARC-Identified-Payload-Type"] = kind
    question = _record(WarcRecordType.request, response.url, "application/http;msgtype=request", _question(request))
    question.headers["WARC-Concurrent-To"] = f"<{name}>"
    return packed_record(answer) + packed_record(question)


def payload_type(response: Response) -> str:
    """The payload's media type as its header states it, in lower case. Without it, readers would guess."""
    header = response.headers.get("Content-Type") or b""
    return header.decode("latin-1").partition(";")[0].strip().lower()


def packed_record(record: WarcRecord) -> bytes:
    """A record as one gzip member."""
    plain = io.BytesIO()
    record.write(plain, checksum_data=True)
    packer = isal_zlib.compressobj(GZIP_LEVEL, isal_zlib.DEFLATED, 31)
    return packer.compress(plain.getbuffer()) + packer.flush()


def _record(kind: WarcRecordType, url: str, content_type: str, content: bytes, name: str = "") -> WarcRecord:
    record = WarcRecord()
    record.init_headers(kind, (name or f"urn:uuid:{uuid4()}").removeprefix("urn:").encode())
    record.headers["WARC-Date"] = utc_now()
    if url:
        record.headers["WARC-Target-URI"] = url
    record.headers["Content-Type"] = content_type
    record.set_bytes_content(content)
    return record


def _info(name: str) -> WarcRecord:
    fields = b"software: copydesk\r\nformat: WARC File Format 1.1\r\n"
    record = _record(WarcRecordType.warcinfo, "", "application/warc-fields", fields)
    record.headers["WARC-Filename"] = name
    return record


def decision(url: str, about: str, settlement: Settlement) -> bytes:
    """The outcome of a page's fetch, as a packed record that names the response."""
    lines = [f"outcome: {settlement.name}"]
    lines += [f"kind: {settlement.kind}"] if settlement.kind else []
    lines += [f"record-id: {settlement.record_id}"] if settlement.record_id else []
    lines += [f"page: {page}" for page in settlement.pages]
    content = "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")
    record = _record(WarcRecordType.metadata, url, "application/warc-fields", content)
    record.headers["WARC-Refers-To"] = f"<{about}>"
    return packed_record(record)


def _answer(response: Response) -> bytes:
    # The client joins the pieces of a chunked body, so the header that announces pieces must not be stored.
    dropped = (b"transfer-encoding",)
    reason = responses.get(response.status, "")
    head = f"{response.protocol or 'HTTP/1.1'} {response.status} {reason}".encode("latin-1", "replace")
    return head + b"\r\n" + _headers(response.headers, dropped) + b"\r\n" + response.body


def _question(request: Request) -> bytes:
    path = request.url.partition("//")[2]
    host, slash, rest = path.partition("/")
    head = f"{request.method} {slash or '/'}{rest} HTTP/1.1\r\nHost: {host}\r\n".encode()
    return head + _headers(request.headers, (b"host",)) + b"\r\n" + request.body


def _headers(headers: Any, dropped: tuple[bytes, ...]) -> bytes:
    pairs = ((name, value) for name, values in headers.items() for value in values if name.lower() not in dropped)
    return b"".join(name + b": " + value + b"\r\n" for name, value in pairs)
