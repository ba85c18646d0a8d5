"""Addresses of object stores and other file systems (s3://, gs://, hdfs://, memory://), by fsspec; ranges of files.

This module alone decides whether a name is an address. Each store's own library finds the credentials and end points,
also in fsspec's configuration (FSSPEC_S3_ENDPOINT_URL and the like).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple, cast

from cleaners.errors import InputError, UsageError
from cleaners.words.scripts import one_line

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_ADDRESS: Final = re.compile(r"(?:[a-z0-9]+::)*(?!https?://)[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_RANGE: Final = re.compile(r"(?P<name>.+)#bytes=(?P<first>\d+)-(?P<last>\d+)")


class Place(NamedTuple):
    """A file system and a path in it."""

    files: AbstractFileSystem
    path: str


class ByteRange(NamedTuple):
    """Bytes `first` to `last` of a file, both counted, from 0."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """How many bytes these are."""
        return self.last - self.first + 1


def is_address(name: str) -> bool:
    """Whether a name is an address of a file system, not a path on this machine. A web address is not one.

    >>> is_address("s3://bucket/a.warc.gz"), is_address("pages/a.html"), is_address("https://a.example/")
    (True, False, False)
    """
    return _ADDRESS.match(name) is not None


def whole_and_range(name: str) -> tuple[str, ByteRange | None]:
    """A name without its byte range, and the range, if it has one.

    >>> whole_and_range("a.warc.gz#bytes=100-299")
    ('a.warc.gz', ByteRange(first=100, last=299))
    >>> whole_and_range("a.warc.gz")
    ('a.warc.gz', None)
    """
    match = _RANGE.fullmatch(name)
    if match is None:
        return name, None
    return match["name"], ByteRange(int(match["first"]), int(match["last"]))


def place_of(address: str) -> Place:
    """The file system of an address. Raises UsageError if there is none, or its package is missing."""
    try:
        from fsspec.core import url_to_fs

        return Place(*url_to_fs(address))
    except ImportError as error:
        raise UsageError(
            f"{address}: addresses need packages that are not installed ({error}): pip install 'copydesk[remote]', and "
            "for other stores than S3 their own package (gcsfs, adlfs …)."
        ) from error
    except ValueError as error:
        raise UsageError(f"{address}: not an address that can be read ({error}). Check its beginning.") from error


def open_address(address: str) -> io.BufferedReader:
    """Open a file at an address for reading from front to back. Raises OSError or InputError."""
    with _named(address):
        files, path = place_of(address)
        return io.BufferedReader(cast("io.RawIOBase", files.open(path, "rb")))


def read_range(opened: BinaryIO, name: str, part: ByteRange) -> io.BufferedReader:
    """The bytes of a range. Raises InputError if the file ends before it begins."""
    with _named(name):
        opened.seek(part.first)
        content = opened.read(part.size)
    if not content:
        raise InputError(f"{name}: the file ends before byte {part.first}. Check the range.", "damaged")
    return io.BufferedReader(cast("io.RawIOBase", io.BytesIO(content)))


def exists(address: str) -> bool:
    """Whether there is a file at an address. Raises InputError if its store does not answer."""
    with _named(address):
        files, path = place_of(address)
        return bool(files.exists(path))


def files_at(address: str) -> list[str]:
    """The files that an address names: itself, all below it, or those that its pattern matches, in order.

    Raises InputError if its store does not answer.
    """
    with _named(address):
        files, path = place_of(address)
        if "*" in path or "?" in path:
            found = sorted(files.glob(path))
        elif files.isfile(path):
            return [address]
        else:
            found = sorted(files.find(path))
        return [str(files.unstrip_protocol(one)) for one in found]


@contextmanager
def _named(address: str) -> Iterator[None]:
    """Turn any error of a store's library into one line with the address."""
    try:
        yield
    except InputError:
        raise
    except UsageError as error:
        raise InputError(str(error), "unreadable") from error
    except Exception as error:  # each library has errors of its own
        what = one_line(str(error)) or type(error).__name__
        raise InputError(
            f"{address}: cannot be read ({what}). Check address, access and end point.", "unreadable"
        ) from error
