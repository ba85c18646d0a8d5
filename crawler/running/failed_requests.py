"""Settles requests that failed: names the reason, blames the host or the page, and reports seeds."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from scrapy import Request

from crawler.fetching.responses import failed_fetch
from crawler.fetching.robots_rules import why_forbidden
from crawler.frontier.outcomes import CrawlOutcome
from crawler.frontier.targets import Settlement, Target
from crawler.running.settler import Settler
from crawler.running.shared import HostPaused
from crawler.running.state import CrawlState
from crawler.urls.spelling import host_of


class FailedRequests:
    """The errback of a crawl's requests."""

    def __init__(self, state: CrawlState, settler: Settler) -> None:
        self._state = state
        self._settler = settler

    def settle(self, failed: Any) -> None:
        """Settle the address of a request with the reason, and pause its host if the host is at fault.

        failed  Twisted's Failure, to which Scrapy adds the request
        """
        request: Request = failed.request
        if isinstance(failed.value, HostPaused):
            self._settler.put_back(request)
            return
        host = host_of(request.url)
        settlement, host_at_fault = self._named(failed.value, host)
        if host_at_fault:
            self._state.crawler.stats.inc_value(f"copydesk/host_errors/{host}")
        elif settlement.outcome is CrawlOutcome.HTTP_ERROR:
            self._settler.host_answered(host)
        target: Target | None = request.meta.get("target")
        is_seed = target is not None and target.kind == "seed"
        if target is not None and is_seed:
            self._report_seed(target, request, settlement, failed.getErrorMessage())
        if host_at_fault and not is_seed:
            self._settler.host_failed(request, settlement)
        else:
            self._settler.settle(request, settlement)

    def _named(self, error: BaseException, host: str) -> tuple[Settlement, bool]:
        """How the fetch ended, and whether its host is at fault."""
        settlement, host_at_fault = failed_fetch(error)
        if settlement.outcome is CrawlOutcome.ROBOTS and host in self._state.host_facts.robots_unread:
            settlement = replace(settlement, outcome=CrawlOutcome.ROBOTS_UNREAD)
        return settlement, host_at_fault

    def _report_seed(self, target: Target, request: Request, settlement: Settlement, message: str) -> None:
        # An unreadable robots.txt was logged already; the closing lines name the seed.
        level = logging.DEBUG if settlement.outcome is CrawlOutcome.ROBOTS_UNREAD else logging.ERROR
        self._state.input_failed(self._why(target, request, settlement, message), level)

    def _why(self, target: Target, request: Request, settlement: Settlement, message: str) -> str:
        """The message why a seed could not be fetched, and what to do."""
        if settlement.outcome in (CrawlOutcome.ROBOTS, CrawlOutcome.ROBOTS_UNREAD):
            settings = self._state.crawler.settings
            agent = settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"]
            where = f"{target.url} leads to " if request.url != target.url else ""
            return where + why_forbidden(request.url, self._state.host_facts.robots_unread, agent)
        if settlement.outcome is CrawlOutcome.HTTP_ERROR:
            message = f"the server answered {settlement.status}"
        return f"{target.url}: not fetched ({message.rstrip('.')}); check the address"
