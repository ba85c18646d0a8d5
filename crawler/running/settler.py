"""Settles addresses: writes an address's outcome, the links of its page and its archived pages together."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace
from typing import Any, Final

from scrapy import Request, signals
from scrapy.exceptions import DropItem
from scrapy.http import Response

from cleaners.errors import OutputError
from cleaners.words.amounts import amount
from crawler.frontier.outcomes import CrawlOutcome
from crawler.frontier.shared.connection import FrontierError
from crawler.frontier.targets import Settlement, State, Target
from crawler.running.state import CrawlState
from crawler.running.turns import HostQueue
from crawler.storage.archive import decision
from crawler.storage.store import Store
from crawler.urls.spelling import host_of

WRITTEN: Final = (CrawlOutcome.RECORD, CrawlOutcome.CHANGED)
"""Outcomes of pages that became records."""

logger = logging.getLogger(__name__)


class LeftOut(DropItem):
    """Raised by an item pipeline that leaves a record out; `outcome` says why."""

    def __init__(self, outcome: CrawlOutcome) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome


class Settler:
    """Settles addresses: one with a record when the record is in the output, all others when the spider says so.

    A host that fails HOST_FAILURES times in a row is set aside for HOST_PAUSE seconds, each time twice as long. After
    HOST_PAUSES pauses what is left of the host is given up.
    """

    def __init__(self, state: CrawlState) -> None:
        settings = state.crawler.settings
        self._state = state
        self._failures_allowed = settings.getint("HOST_FAILURES")
        self._pause = settings.getfloat("HOST_PAUSE")
        self._pauses_allowed = settings.getint("HOST_PAUSES")
        connect = state.crawler.signals.connect
        connect(self.item_written, signals.item_scraped)
        connect(self.item_dropped, signals.item_dropped)
        connect(self.item_failed, signals.item_error)
        connect(self.spider_failed, signals.spider_error)

    def settle(self, request: Request | None, settlement: Settlement) -> None:
        """Write how the fetch of a request's address ended, together with all links found on its page."""
        target: Target | None = request.meta.pop("target", None) if request else None
        if request is None or target is None:
            return
        try:
            self._write(request, target, settlement)
        except (sqlite3.Error, OSError) as error:
            self._state.cannot_write(error)
            return
        self._count(f"outcome/{settlement.name}")

    def wait_for(self, request: Request, first: Target) -> bool:
        """Queue the first page of an article and let the request's address, a later page, wait until it is settled.

        False, and nothing done, if the first page is known already.
        """
        target: Target | None = request.meta.get("target")
        if target is None or not self._state.turns.add([first]):
            return False
        self.put_back(request)
        return True

    def put_back(self, request: Request) -> None:
        """Make a request's address available again."""
        target: Target | None = request.meta.pop("target", None)
        if target:
            self._state.turns.end(target.url)
            self._state.frontier.give_back([target.url])

    def _write(self, request: Request, target: Target, settlement: Settlement) -> None:
        frontier, turns = self._state.frontier, self._state.turns
        redirected = Settlement(
            CrawlOutcome.REDIRECTED_TO, settlement.state, kind=settlement.kind, fetched_at=settlement.fetched_at
        )
        for url in (target.url, *request.meta.get("passed", ())):
            frontier.settle(target._replace(url=url), settlement if url == target.url else redirected)
            turns.end(url)
        status = frontier.status_of(target.url)
        if status is None or not status.is_article:
            turns.wake(frontier.call_back(target.url))
        self._archive(request, settlement)
        self._state.commit()

    def _archive(self, request: Request, settlement: Settlement) -> None:
        """Archive the exchanges of a page and of its article's further pages, then the decision on the page."""
        name, files = request.meta.get("archived"), self._state.files
        if name is None or files.archive is None:
            return
        settlement = as_archived(settlement, files.store)
        packed = b"".join(request.meta.pop("exchanges", ()))
        files.archive.append(packed + decision(request.url, name, settlement))
        if settlement.record_id and settlement.outcome in WRITTEN:
            files.store.put_archived(settlement.record_id, *files.archive.place)

    # Hosts

    def host_answered(self, host: str) -> None:
        """The host answered: count its failures from zero again."""
        queue = self._state.turns.queue_of(host)
        queue.failures = queue.pauses = 0

    def host_failed(self, request: Request, settlement: Settlement) -> None:
        """The host gave no usable answer: settle the address, and pause the host or finally give it up."""
        target: Target | None = request.meta.get("target")
        queue = self._state.turns.queue_of(host_of(target.url if target else request.url))
        queue.failures += 1
        if queue.failures < self._failures_allowed:
            self.settle(request, settlement)
        elif queue.pauses < self._pauses_allowed:
            self._set_aside(queue, request)
        else:
            self.settle(request, settlement)
            self._give_up(queue, settlement)

    def _set_aside(self, queue: HostQueue, request: Request) -> None:
        self.put_back(request)
        if self._state.host_facts.is_paused(queue.host):
            return
        seconds = self._pause * 2**queue.pauses
        queue.pauses += 1
        queue.failures = self._failures_allowed - 1  # after the pause, one more failure is enough
        self._state.host_facts.pause(queue.host, seconds)
        self._state.turns.put_off(queue.host)
        self._count("hosts_set_aside")
        logger.warning("%s keeps failing; set aside for %g s, other hosts go on", queue.host, seconds)

    def _give_up(self, queue: HostQueue, settlement: Settlement) -> None:
        self._state.turns.put_off(queue.host)
        left = self._state.frontier.give_up(queue.host, settlement.name)
        self._state.commit()
        queue.is_empty = True
        self._count(f"outcome/{CrawlOutcome.HOST_GIVEN_UP}", left)
        logger.error("%s failed after %s; left for the next run: %s",
                     queue.host, amount(queue.pauses, "pause"), amount(left, "address"))  # fmt: skip

    # The fate of a record, by Scrapy's signals

    def item_written(self, item: Any, response: Response) -> None:
        """The record is in the output."""
        if (settlement := _pending(response)) is not None:
            self.settle(response.request, settlement)

    def item_dropped(self, item: Any, response: Response, exception: BaseException) -> None:
        """A pipeline left the record out, so it does not count towards its seed's limit."""
        if (settlement := _pending(response)) is None:
            return
        why = exception.outcome if isinstance(exception, LeftOut) else CrawlOutcome.DROPPED
        target: Target | None = response.meta.get("target")
        if target is not None:
            self._state.frontier.free_slot(target.seed)
        self.settle(response.request, replace(settlement, outcome=why))

    def item_failed(self, item: Any, response: Response, failure: Any) -> None:
        """A pipeline failed: report it. The next run, or this one when continued, fetches the page again."""
        if isinstance(failure.value, sqlite3.Error):
            self._state.cannot_write(failure.value)
        elif response.request is not None and not self._state.is_stopping:
            self._state.input_failed(f"{response.url}: not written, {failure.getErrorMessage()}")
            self.settle(response.request, Settlement(CrawlOutcome.NOT_WRITTEN, State.FAILED))

    def spider_failed(self, failure: Any, response: Any) -> None:
        """The spider failed on this page: report it. This run does not try the page again."""
        request = getattr(response, "request", None)
        if isinstance(failure.value, (sqlite3.Error, FrontierError)):
            self._state.cannot_write(failure.value)
        elif isinstance(failure.value, OutputError):
            self._state.stop(str(failure.value))
        elif request is not None and "target" in request.meta:
            reason = f"{type(failure.value).__name__}: {failure.value}"
            self._state.input_failed(f"{request.url}: {reason}; please report it")
            self.settle(request, Settlement(CrawlOutcome.ERROR, State.FAILED))

    def _count(self, name: str, count: int = 1) -> None:
        self._state.crawler.stats.inc_value(f"copydesk/{name}", count)


def as_archived(settlement: Settlement, store: Store) -> Settlement:
    """The settlement for the archive: RECORD only once, when the archive first gets the record's pages.

    Output and archive can lose different ends. If the output has the line and the archive lost the pages, the pages are
    those of a record; if the archive has the pages and the output lost the line, they are a duplicate.
    """
    if settlement.record_id is None:
        return settlement
    is_archived = store.is_archived(settlement.record_id)
    if settlement.outcome is CrawlOutcome.DUPLICATE and not is_archived:
        return replace(settlement, outcome=CrawlOutcome.RECORD)
    if settlement.outcome is CrawlOutcome.RECORD and is_archived:
        return replace(settlement, outcome=CrawlOutcome.DUPLICATE)
    return settlement


def _pending(response: Response) -> Settlement | None:
    """The settlement that waits for a page's record; None if the item's page is not being settled."""
    request = getattr(response, "request", None)
    if request is None:
        return None
    settlement: Settlement | None = request.meta.get("settlement")
    return settlement or Settlement(CrawlOutcome.RECORD)
