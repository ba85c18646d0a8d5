"""Tells the kind of a file from its name and its first bytes."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE
from pathlib import PurePath
from typing import Final

from cleaners.parsing.foreign_json import read_foreign_json

_COMPRESSED: Final = (".gz", ".zst")
# First bytes of files that are neither markup nor text, as their formats' specifications give them.
_BINARY: Final[dict[bytes, str]] = {
    b"\x89PNG\r\n": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF87a": "a GIF image",
    b"GIF89a": "a GIF image",
    b"%PDF-": "a PDF document",
    b"PK\x03\x04": "a ZIP archive or office document",
    b"\x7fELF": "a program",
    b"MZ\x90\x00": "a program",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ\x00": "an xz file",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"wOFF": "a font",
    b"wOF2": "a font",
    b"SQLite format 3\x00": "a database",
    b"PAR1": "a Parquet file",
    b"ID3": "an MP3 recording",
    b"\x00\x00\x01\x00": "an icon",
}
# Control characters that no charset of text uses: C0 without tab, line ends, form feed, backspace, escape (ISO-2022).
_CONTROLS: Final = bytes(set(range(32)) - {0, 8, 9, 10, 12, 13, 27})
# Above this share of control bytes, and above this share of NULs that UTF-16 does not explain, a file is binary.
_CONTROL_SHARE: Final = 0.05
_NUL_SHARE: Final = 0.3
_MARKUP: Final = re.compile(rb"(?i)<(?:!doctype\s+html|html|head|body|title|meta|article|div|p)[\s>/]")


def ending(name: str) -> str:
    """The suffix of a file's name in lower case, compression aside; empty if it has none.

    >>> ending("pages/Story.HTML.gz")
    '.html'
    """
    suffixes = [suffix.lower() for suffix in PurePath(name).suffixes]
    while suffixes and suffixes[-1] in _COMPRESSED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def begins_utf16(start: bytes) -> bool:
    """Whether the first bytes are a byte order mark of UTF-16."""
    return start.startswith((BOM_UTF16_LE, BOM_UTF16_BE))


def begins_warc(start: bytes) -> bool:
    """Whether the first bytes are those of a WARC record."""
    return _without_lead(start).startswith(b"WARC/")


def begins_jsonl(start: bytes) -> bool:
    """Whether the first line is a JSON object."""
    start = _without_lead(start)
    return start.startswith(b"{") and _is_object(start.partition(b"\n")[0])


def begins_json(start: bytes) -> bool:
    """Whether the first bytes begin a JSON object or an array of objects that have a text.

    >>> begins_json(b'[{"text": "Tides"}]'), begins_json(b"[1] A note")
    (True, False)
    """
    start = _without_lead(start)
    begins = re.match(rb'(?:\[\s*)?\{\s*"', start) is not None
    return begins and re.search(rb'"(?:text|html)"\s*:', start) is not None


def begins_table(start: bytes) -> bool:
    """Whether the first line is the header of a table with a column of texts.

    >>> begins_table(b"id,text"), begins_table(b"path,url")
    (True, False)
    """
    names = re.split(r"[,;\t]", _without_lead(start).partition(b"\n")[0].decode("utf-8", "replace"))
    return len(names) > 1 and any(name.strip(' "\r') in ("text", "html") for name in names)


def begins_parquet(start: bytes) -> bool:
    """Whether the first bytes are those of a Parquet file."""
    return start.startswith(b"PAR1")


def begins_zip(start: bytes) -> bool:
    """Whether the first bytes are those of a ZIP file, an empty one too."""
    return start.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def begins_tar(start: bytes) -> bool:
    """Whether the first bytes are those of a tar file with POSIX or GNU headers."""
    return start[257:262] == b"ustar"


def begins_mhtml(start: bytes) -> bool:
    """Whether the first bytes are the head of an MHTML file."""
    head = _without_lead(start)[:2048].lower()
    return head.startswith((b"from:", b"mime-version:", b"snapshot-content-location:")) and b"multipart/related" in head


def begins_html(start: bytes) -> bool:
    """Whether the first bytes hold the tags of a page, and are not the beginning of a file that contains pages."""
    start = _without_lead(start)
    if _MARKUP.search(start.replace(b"\x00", b"")) is None:
        return False
    holders = (
        begins_warc,
        begins_jsonl,
        begins_json,
        begins_table,
        begins_mhtml,
        begins_zip,
        begins_tar,
        begins_parquet,
    )
    return not any(begins(start) for begins in holders)


def binary_format(start: bytes) -> str | None:
    """The format of a binary file by its first bytes; None for text of any charset."""
    for magic, what in _BINARY.items():
        if start.startswith(magic):
            return what
    if not start or begins_utf16(start) or start.startswith(BOM_UTF32_BE):  # one of UTF-32-LE begins like UTF-16's
        return None
    controls = len(start) - len(start.translate(None, _CONTROLS))
    nuls = start.count(0)
    if controls > _CONTROL_SHARE * len(start) or (nuls > _NUL_SHARE * len(start) and not _looks_wide(start, nuls)):
        return "binary data"
    return None


def _looks_wide(start: bytes, nuls: int) -> bool:
    """Whether these are UTF-16 without a byte order mark: all NULs are at even places, or all at odd ones."""
    even = start[::2].count(0)
    return max(even, nuls - even) > 0.9 * nuls


def _without_lead(start: bytes) -> bytes:
    """The bytes without byte order mark and leading white space."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(read_foreign_json(line), dict)
    except ValueError:
        # A first line longer than what was read cannot be parsed; a JSON object starts with a quoted key.
        return re.match(rb'\{\s*"[^"]*"\s*:', line) is not None
