"""Has the engine ask for a request as soon as there may be one; by itself it asks only every five seconds."""

from __future__ import annotations

import asyncio
import time

from scrapy import signals

from crawler.running.state import CrawlState


class Waking:
    """Wakes the engine when the pause of a host ends, or when other crawlers may have left a host to this one."""

    def __init__(self, state: CrawlState) -> None:
        self._state = state
        self._next = 0.0
        state.crawler.signals.connect(self.nothing_to_fetch, signals.scheduler_empty)

    def nothing_to_fetch(self) -> None:
        """Look again when the next host may have a request; not while the crawl stops, for then none has."""
        if self._state.is_stopping:
            return
        moment = self._state.turns.next_look()
        if moment is not None and moment != self._next:
            self._next = moment
            asyncio.get_running_loop().call_later(max(0.0, moment - time.monotonic()), self._look)

    def _look(self) -> None:
        self._next = 0.0
        # Scrapy has no public method for this.
        slot = self._state.crawler.engine._slot if self._state.crawler.engine else None
        if slot is not None:
            slot.nextcall.schedule()
