"""Reads pages from web archives: HTML responses of a WARC, text conversions of a WET."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO, Final, cast

from fastwarc.stream_io import BrotliReader, ChunkedReader, GzipReader, ZstdReader
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from cleaners.errors import InputError
from cleaners.page import Page
from pipelines.inputs.crawl_archive import decided, is_crawl_archive, read_decision
from pipelines.inputs.kinds import begins_html
from pipelines.inputs.limits import MAX_PAGE_BYTES, too_big
from pipelines.inputs.streams import CHUNK, ByteStream
from pipelines.record.header_reservations import reserved_by_headers

_HTML: Final = ("text/html", "application/xhtml+xml")
_UNSTATED: Final = ("", "application/octet-stream", "unk")
# Bytes of pages that wait for their decision: an article has at most 30 pages, and its decision follows at once.
_MAX_HELD: Final = 4 * MAX_PAGE_BYTES
# Bytes read of a record of fields; this project's own have some hundred.
_MAX_FIELDS: Final = 1_000_000
_PAGES: Final = (WarcRecordType.response, WarcRecordType.resource)
# How the JSON of a WAT file's records begins, as Common Crawl writes them.
_WAT: Final = (b'{"Container":', b'{"Envelope":')
# Records that describe others and hold no page: skipped without being counted.
_SILENT: Final = (WarcRecordType.warcinfo, WarcRecordType.request, WarcRecordType.metadata)


class _Held:
    """Pages of a crawl's archive that wait for the crawl's decision on them, bounded in bytes.

    is_wanted  whether the archive has decisions; in other archives no page is held
    """

    def __init__(self) -> None:
        self.is_wanted = False
        self.pages: dict[str, Page | InputError] = {}
        self.size = 0

    def add(self, record_id: str, page: Page | InputError) -> int:
        """Hold a page. Returns how many older pages were released to make room; they will get no decision."""
        self.pages[record_id] = page
        self.size += _size(page)
        gone = 0
        while self.size > _MAX_HELD and len(self.pages) > 1:
            self.size -= _size(self.pages.pop(next(iter(self.pages))))
            gone += 1
        return gone

    def take(self) -> dict[str, Page | InputError]:
        """Release all pages, by the ids of their records."""
        pages, self.pages, self.size = self.pages, {}, 0
        return pages


def _refuse_wat(record: WarcRecord, name: str) -> None:
    """Raise InputError for the metadata of a WAT file, which describes pages and holds none."""
    if record.reader.read(len(_WAT[0])).startswith(_WAT):
        what = f"{name}: a WAT file, which holds metadata of pages and no pages. Read the WARC or the WET file."
        raise InputError(what, "no_pages")


def _size(page: Page | InputError) -> int:
    return len(page.content) if isinstance(page, Page) else 0


class _Piecewise:
    """A stream for fastwarc 2, which seeks only to the current position."""

    def __init__(self, stream: ByteStream) -> None:
        self.stream = stream
        self.position = 0

    def read(self, size: int = -1) -> bytes:
        piece = self.stream.read1(min(size, CHUNK) if size > 0 else CHUNK)  # a damaged record may declare any size
        self.position += len(piece)
        return piece

    def close(self) -> None:
        """The stream is closed by whoever opened it."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self.position

    def seek(self, offset: int, whence: int = 0) -> int:
        if (whence, offset) not in ((0, self.position), (1, 0)):
            raise OSError("an archive is read from front to back")
        return self.position


def warc_pages(stream: ByteStream, skipped: Counter[str]) -> Iterator[Page | InputError]:
    """The pages of an archive, in its order. Records that are not pages are counted in `skipped` under their reason.

    An archive that is cut short or damaged gives the records before the damage, then an InputError.
    """
    number = end = 0
    is_told = False
    held = _Held()
    pieces = _Piecewise(stream)
    try:
        for number, record in enumerate(_records(pieces), 1):
            end, is_told = record.stream_pos + record.content_length, False
            for found in _pages_of(record, f"{stream.source_name}#{number}", held, skipped):
                is_told = isinstance(found, InputError) and found.cause == "damaged"
                yield found
    except OSError as error:
        stream.check()
        raise InputError(
            f"{stream.source_name}: the archive is damaged after record {number} ({error}); "
            "what came before was read. Get the file again.",
            "damaged",
        ) from error
    finally:
        skipped["undecided"] += len(held.take())
        skipped += Counter()  # no rows of nothing
    stream.check()
    if end > pieces.position and not is_told:
        what = f"the archive ends in the middle of record {number}; what came before was read. Get the file again."
        raise InputError(f"{stream.source_name}: {what}", "damaged")
    if not number:
        raise InputError(f"{stream.source_name}: no WARC records. Check what the file is.", "empty")


def _pages_of(record: WarcRecord, where: str, held: _Held, skipped: Counter[str]) -> Iterator[Page | InputError]:
    """The page of a record; in a crawl's archive, the pages of the article on which a record has the decision."""
    if record.record_type == WarcRecordType.warcinfo:
        skipped["undecided"] += len(held.take())
        held.is_wanted = is_crawl_archive(record.reader.read(_MAX_FIELDS))
    elif record.record_type == WarcRecordType.metadata and held.is_wanted:
        yield from _decided(record, held, skipped)
    elif record.record_type == WarcRecordType.metadata:
        _refuse_wat(record, where.rpartition("#")[0])
    elif (found := _page_of(record, where, skipped)) is not None:
        if held.is_wanted:
            skipped["undecided"] += held.add(str(record.record_id), found)
        else:
            yield found


def _decided(record: WarcRecord, held: _Held, skipped: Counter[str]) -> Iterator[Page | InputError]:
    """The article of a crawl's decision; the pages held for it are released."""
    about = record.headers.get("WARC-Refers-To") or ""
    decision = read_decision(about, record.reader.read(_MAX_FIELDS))
    if decision is not None:
        yield from decided(held.take(), decision, skipped)


def _records(pieces: _Piecewise) -> Iterator[WarcRecord]:
    return iter(ArchiveIterator(cast("BinaryIO", pieces), parse_http=False, auto_decode="none", stream_detect=False))


def _page_of(record: WarcRecord, where: str, skipped: Counter[str]) -> Page | InputError | None:
    if record.is_http:
        try:
            record.parse_http(auto_decode="none")
        except OSError as error:
            return InputError(f"{where}: the HTTP headers cannot be read ({error}). Other records are read.", "damaged")
    reason = _reason_to_skip(record)
    if reason is not None:
        if reason:
            skipped[reason] += 1
        return None
    if record.content_length > MAX_PAGE_BYTES:
        return too_big(where)
    expected = record.content_length
    body = record.reader.read()
    if len(body) < expected:
        return InputError(f"{where}: the record ends after {len(body)} of {expected} bytes.", "damaged")
    return _checked(record, _decoded(record, body), where, skipped)


def _reason_to_skip(record: WarcRecord) -> str | None:
    """None for a page, "" for a record that describes others, else the name to count it under."""
    kind = record.record_type
    if kind in _SILENT:
        return ""
    if kind == WarcRecordType.conversion:
        return None
    if kind not in _PAGES:
        return str(kind)
    status = _status(record)
    if status is not None and not 200 <= status < 300:
        return f"http_{status}"
    return None if _content_type(record) in (*_HTML, *_UNSTATED, "text/plain") else "not_html"


def _checked(record: WarcRecord, body: bytes | None, where: str, skipped: Counter[str]) -> Page | InputError | None:
    if body is None:
        return too_big(where)
    if not body.strip():
        skipped["empty"] += 1
        return None
    is_text = record.record_type == WarcRecordType.conversion or _content_type(record) == "text/plain"
    if not is_text and _content_type(record) in _UNSTATED and not begins_html(body[:4096]):
        skipped["not_html"] += 1
        return None
    return Page(
        body,
        "text" if is_text else "html",
        url=(record.headers.get("WARC-Target-URI") or "").strip("<> ") or None,
        source_type="text" if record.record_type == WarcRecordType.conversion else "warc",
        source_path=where,
        fetched_at=_date(record),
        http_status=_status(record),
        content_type=record.http_headers.get("Content-Type") if record.is_http_parsed else None,
        stated=reserved_by_headers(record.http_headers.items()) if record.is_http_parsed else (),
    )


def _status(record: WarcRecord) -> int | None:
    return record.http_headers.status_code if record.is_http_parsed else None


def _content_type(record: WarcRecord) -> str:
    stated = record.http_headers.get("Content-Type") if record.is_http_parsed else record.headers.get("Content-Type")
    stated = stated or record.headers.get("WARC-Identified-Payload-Type") or ""
    return stated.partition(";")[0].strip().lower()


def _date(record: WarcRecord) -> str | None:
    """WARC-Date (UTC by its standard) cut to seconds."""
    stated = record.headers.get("WARC-Date")
    return stated[:19] + "Z" if stated and len(stated) >= 20 else None


def _decoded(record: WarcRecord, body: bytes) -> bytes | None:
    """The body without its HTTP encodings; None if it grows beyond the size of one page.

    Some archivers store the decoded body under the old headers, so a body that does not decode is taken as it is.
    """
    for header in ("Transfer-Encoding", "Content-Encoding"):
        stated = (record.http_headers.get(header) or "") if record.is_http_parsed else ""
        for coding in reversed(stated.lower().split(",")):
            body = _without(coding.strip(), body)
    return body if len(body) <= MAX_PAGE_BYTES else None


def _without(coding: str, body: bytes) -> bytes:
    source = io.BytesIO(body)
    try:
        match coding:
            case "chunked":
                return ChunkedReader(source).read(MAX_PAGE_BYTES + 1)
            case "gzip" | "x-gzip":
                return GzipReader(source).read(MAX_PAGE_BYTES + 1)
            case "deflate":
                return GzipReader(source, zlib=True).read(MAX_PAGE_BYTES + 1)
            case "br":
                return BrotliReader(source).read(MAX_PAGE_BYTES + 1)
            case "zstd":
                return ZstdReader(source).read(MAX_PAGE_BYTES + 1)
    except OSError:
        return body
    return body
