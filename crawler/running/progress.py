"""Reports a crawl to people: a line at intervals, and a closing summary. The same numbers are stats."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from cleaners.words.amounts import amount
from crawler.frontier.outcomes import FAILURES, TITLES, may_pass, title
from crawler.running.metrics import QUEUED
from crawler.running.state import state_of

logger = logging.getLogger(__name__)

PREFIX: Final = "copydesk/outcome/"
FILTERED: Final = "copydesk/filtered/"
FEW_ERRORS: Final = 2
"""Up to this many errors, a host is not named in the summary."""


class CrawlProgress:
    """Extension: reports every PROGRESS_SECONDS."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._every = crawler.settings.getfloat("PROGRESS_SECONDS")
        self._reporting: asyncio.Task[None] | None = None
        self._last = (time.monotonic(), 0)
        self._latest = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build, and listen for the start and the end."""
        extension = cls(crawler)
        crawler.signals.connect(extension.opened, signals.spider_opened)
        crawler.signals.connect(extension.closed, signals.spider_closed)
        crawler.signals.connect(extension.received, signals.response_received)
        return extension

    def opened(self, spider: Any) -> None:
        """Start reporting."""
        self._reporting = asyncio.get_event_loop().create_task(self._report())

    def received(self, response: Response) -> None:
        """Remember which page was fetched last."""
        self._latest = response.url

    def closed(self, spider: Any, reason: str) -> None:
        """Stop reporting."""
        if self._reporting is not None:
            self._reporting.cancel()

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            logger.info(self._line())

    def _line(self) -> str:
        stats: Mapping[str, Any] = self._crawler.stats.get_stats()
        now, pages = time.monotonic(), pages_fetched(stats)
        rate = (pages - self._last[1]) / max(now - self._last[0], 0.001)
        self._last = (now, pages)
        left = state_of(self._crawler).frontier.queued
        self._crawler.stats.set_value(QUEUED, left)
        errors = ", ".join(f"{host} {n}" for host, n in most_common(host_errors(stats))[:3])
        return line_so_far(stats, left, rate) + (f"; errors: {errors}" if errors else "") + f"; last: {self._latest}"


def line_so_far(stats: Mapping[str, Any], left: int, rate: float) -> str:
    """How far a crawl has come: pages, records, failures, and the time that the known addresses will take.

    left  pending addresses
    rate  recent pages a second

    >>> stats = {"response_received_count": 90, "copydesk/outcome/record": 60, "copydesk/outcome/http_404": 2}
    >>> line_so_far(stats, 300, 2.5)
    '90 pages fetched, 60 records, 2 failed or refused, 300 left (2 min or more at 2.5 pages/s)'
    """
    ended = outcomes(stats)
    failed = sum(count for name, count in ended.items() if name in FAILURES or name.startswith("http_"))
    time_left = f"{duration(left / rate)} or more at " if left and rate else ""
    return (
        f"{amount(pages_fetched(stats), 'page')} fetched, {amount(ended['record'] + ended['changed'], 'record')}, "
        f"{failed:,} failed or refused, {left:,} left ({time_left}{rate:.1f} pages/s)"
    )


def duration(seconds: float) -> str:
    """A length of time for people.

    >>> duration(40), duration(150), duration(9000)
    ('40 s', '2 min', '2.5 h')
    """
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def pages_fetched(stats: Mapping[str, Any]) -> int:
    """Responses received, without those to robots.txt."""
    return int(stats.get("response_received_count", 0)) - int(stats.get("robotstxt/response_count", 0))


def outcomes(stats: Mapping[str, Any]) -> Counter[str]:
    """How many addresses had each outcome."""
    return Counter({key.removeprefix(PREFIX): n for key, n in stats.items() if key.startswith(PREFIX)})


def most_common(counts: Counter[str]) -> list[tuple[str, int]]:
    """Names with a count above zero, the most frequent first; equal counts in the order of the titles, then by name.

    Which address ends first differs from run to run, so the order in which they were counted must not show.

    >>> most_common(Counter({"http_404": 1, "feed": 1, "sitemap": 1, "listing": 10, "record": 10, "timed_out": 0}))
    [('record', 10), ('listing', 10), ('sitemap', 1), ('feed', 1), ('http_404', 1)]
    """
    rows = {outcome.value: row for row, outcome in enumerate(TITLES)}
    counted = [(name, n) for name, n in counts.items() if n]
    return sorted(counted, key=lambda pair: (-pair[1], rows.get(pair[0], len(rows)), pair[0]))


def host_errors(stats: Mapping[str, Any]) -> Counter[str]:
    """How many errors each host had."""
    prefix = "copydesk/host_errors/"
    return Counter({key.removeprefix(prefix): n for key, n in stats.items() if key.startswith(prefix)})


def summary(stats: Mapping[str, Any], output: str | None, resumed: bool) -> str:
    """The closing summary: what was fetched, what was written and where, and how many addresses had each outcome."""
    ended = outcomes(stats)
    seconds = stats.get("copydesk/seconds")  # not known after a second signal
    first = f"{amount(pages_fetched(stats), 'page')} fetched" + (f" in {seconds:.0f} s" if seconds is not None else "")
    written = f"{amount(ended['record'] + ended['changed'], 'record')} written" + (f" to {output}" if output else "")
    rows = [f"  {n:>7}  {what}" for n, what in _counted(stats, ended)]
    return "\n".join([f"{first}, {written}", *rows, *_closing(stats, resumed)])


def _counted(stats: Mapping[str, Any], ended: Counter[str]) -> Iterator[tuple[int, str]]:
    """The rows of the summary: numbers above zero, and what they count."""
    yield from ((n, title(name)) for name, n in most_common(ended))
    filtered = {name.removeprefix(FILTERED): n for name, n in stats.items() if name.startswith(FILTERED)}
    yield from ((n, f"left out by a filter: {reason}") for reason, n in sorted(filtered.items()))
    often = ((host, n) for host, n in most_common(host_errors(stats))[:10] if n > FEW_ERRORS)
    yield from ((n, f"errors of {host}") for host, n in often)
    for count, what in (
        (stats.get("copydesk/rendered", 0), "pages rendered in a browser"),
        (stats.get("copydesk/not_rendered", 0), "pages that the browser did not render, taken as they were fetched"),
        (
            sum(n for name, n in ended.items() if may_pass(name)),
            "of these failures may be over by the next run, which asks again",
        ),
    ):
        if count:
            yield count, what


def _closing(stats: Mapping[str, Any], resumed: bool) -> Iterator[str]:
    """The last line of the summary, if the crawl is not complete, or was interrupted before."""
    if left := stats.get("copydesk/addresses_pending", 0):
        yield f"{amount(left, 'address')} left: run the same command again to go on"
    elif stats.get("finish_reason") != "finished":
        yield "stopped before its end: run the same command again to go on"
    elif resumed:
        yield "the interrupted run before this one is complete now"
