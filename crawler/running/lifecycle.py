"""Writes a crawl's files to the disk while it runs, and closes them when it ends.

The spider creates the Lifecycle itself, so that no setting can leave it out.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from typing import Any

from scrapy import signals

from crawler.frontier.shared.connection import FrontierError
from crawler.running.state import CrawlState
from crawler.storage.descriptors import cannot_write

logger = logging.getLogger(__name__)


class Lifecycle:
    """Syncs the files to the disk every SYNC_SECONDS, and closes store, output and archive at the end."""

    def __init__(self, state: CrawlState) -> None:
        self._state = state
        self._every = state.crawler.settings.getfloat("SYNC_SECONDS")
        self._started = time.monotonic()
        self._syncing: asyncio.Task[None] | None = None
        state.crawler.signals.connect(self.opened, signals.spider_opened)
        state.crawler.signals.connect(self.closed, signals.spider_closed)

    def opened(self, spider: Any) -> None:
        """Start to sync the files at intervals."""
        self._syncing = asyncio.get_event_loop().create_task(self._sync())

    async def closed(self, spider: Any, reason: str) -> None:
        """Put the closing numbers into the stats, and close the crawl's files."""
        if self._syncing is not None:
            self._syncing.cancel()
            await asyncio.gather(self._syncing, return_exceptions=True)
        stats: Any = self._state.crawler.stats
        stats.set_value("copydesk/seconds", round(time.monotonic() - self._started, 1))
        try:
            for name, count in self._state.frontier.counts().items():
                stats.set_value(f"copydesk/addresses_{name}", count)
        except FrontierError as error:
            stats.set_value("copydesk/addresses_pending", 1)  # the number is not known, but the crawl is not complete
            logger.error("%s", error)
        try:
            self._state.files.finish(reason)
        except (sqlite3.Error, OSError) as error:
            self._state.input_failed(cannot_write(self._state.files.place, error))
        self._leave()

    def _leave(self) -> None:
        """Acknowledge what is on the disk by now, and release the rest to other crawlers."""
        frontier = self._state.frontier
        if frontier.broken:
            return
        try:
            frontier.acknowledge(frontier.mark())
            frontier.leave()
        except FrontierError as error:
            logger.error("%s", error)

    async def _sync(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            try:
                mark = self._state.frontier.mark()
                await self._state.files.sync()
                self._state.frontier.acknowledge(mark)
                self._state.turns.keep_hosts()
            except (sqlite3.Error, OSError) as error:
                self._state.cannot_write(error, self._state.files.place)
                return
