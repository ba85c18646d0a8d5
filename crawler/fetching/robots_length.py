"""Handles a robots.txt of any length: its first 500 KiB are read and obeyed, as RFC 9309 requires in section 2.5."""

from __future__ import annotations

import logging
import zlib
from typing import Final, Self
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Response

from crawler.fetching.robots_rules import is_robots

ROBOTS_BYTES: Final = 500 * 1024
"""The most bytes of a robots.txt that are read, packed or unpacked."""

logger = logging.getLogger(__name__)


class LongRobots:
    """Extension: ends the download of a robots.txt after ROBOTS_BYTES. It has no other limit of size."""

    def __init__(self) -> None:
        self._received: WeakKeyDictionary[Request, int] = WeakKeyDictionary()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build, and listen for received bytes."""
        extension = cls()
        crawler.signals.connect(extension.received, signals.bytes_received)
        return extension

    def received(self, data: bytes, request: Request) -> None:
        """Count the bytes of a robots.txt. Raises StopDownload when there are enough; they are the response."""
        if not is_robots(request):
            return
        self._received[request] = self._received.get(request, 0) + len(data)
        if self._received[request] > ROBOTS_BYTES:
            raise StopDownload(fail=False)


def unpacked_start(packed: bytes) -> bytes:
    """The first bytes of gzipped content, at most one more than are read; of damaged content, those before the damage.

    Content that is not packed at all, whatever its header says, is returned as it is: its rules are known.

    >>> unpacked_start(zlib.compress(b"Disallow: /old", wbits=31)[:-4]), unpacked_start(b"Disallow: /new")
    (b'Disallow: /old', b'Disallow: /new')
    """
    if not packed.startswith(b"\x1f\x8b"):
        return packed
    unpacker, found = zlib.decompressobj(31), b""
    try:
        while packed and len(found) <= ROBOTS_BYTES:
            found += unpacker.decompress(packed, ROBOTS_BYTES + 1 - len(found))
            packed = unpacker.unconsumed_tail or unpacker.unused_data
            unpacker = zlib.decompressobj(31) if unpacker.eof else unpacker  # a further member
    except zlib.error:
        pass
    return found


def with_whole_lines(response: Response) -> Response:
    """The part of a robots.txt that is read: up to the last whole line."""
    if len(response.body) <= ROBOTS_BYTES and "download_stopped" not in response.flags:
        return response
    logger.warning("%s is longer than %d KiB; what comes after them is not read", response.url, ROBOTS_BYTES // 1024)
    return response.replace(body=response.body[:ROBOTS_BYTES].rpartition(b"\n")[0])
