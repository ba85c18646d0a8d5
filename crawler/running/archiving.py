"""Scrapy's side of the archive: packs each response as received, and lets it wait for the decision on its page."""

from __future__ import annotations

import asyncio
from typing import Self
from uuid import uuid4

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from crawler.running.state import CrawlState, state_of
from crawler.storage.archive import exchange


class ArchiveMiddleware:
    """Downloader middleware below HttpCompression: archives responses as received. On with -s ARCHIVE=FILE."""

    def __init__(self, state: CrawlState) -> None:
        if state.files.archive is None:
            raise NotConfigured
        self._state = state
        self._archive = state.files.archive

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build for a crawl that has opened an archive."""
        return cls(state_of(crawler))

    async def process_response(self, request: Request, response: Response) -> Response:
        """Pack the response and its request. Those of a page wait for the decision, all others are written at once."""
        name = f"urn:uuid:{uuid4()}"
        packed = await asyncio.to_thread(exchange, request, response, name)
        if "target" not in request.meta and "further_of" not in request.meta:
            self._append_now(packed)
        request.meta["archived"] = name
        request.meta["exchanges"] = [*request.meta.get("exchanges", ()), packed]
        return response

    def _append_now(self, packed: bytes) -> None:
        if self._state.is_stopping:
            return
        try:
            self._archive.append(packed)
        except OSError as error:
            self._state.cannot_write(error, self._archive.path)
