"""What a person sees: a line now and then while the crawl runs, and a closing summary. The same numbers are stats."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, Self

from scrapy import signals
from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

PREFIX: Final = "copydesk/outcome/"
TITLES: Final = {
    "record": "records written",
    "changed": "records written again because the page changed",
    "duplicate": "pages of an article that was there",
    "duplicate_body": "pages with the text of another",
    "alternate": "AMP, print and other versions of an article",
    "continuation": "further pages of an article",
    "not_cleaned": "pages that could not be cleaned",
    "too_large": "files larger than the limit",
    "timed_out": "answers that did not come in time",
    "no_such_host": "addresses of hosts that are not there",
    "broken_off": "answers that broke off",
    "unreachable": "addresses that could not be reached",
    "redirect_loop": "redirects that lead nowhere",
    "ignored": "addresses that Scrapy left out",
    "unchanged": "pages unchanged since the last run",
    "listing": "listings and other pages that are no article",
    "too_old": "articles older than the seed's date",
    "reserved": "pages that ask not to be used",
    "robots": "addresses that robots.txt forbids",
    "robots_unread": "addresses of hosts whose robots.txt cannot be read",
    "inside_address": "addresses inside the network, not fetched",
    "seed_removed": "addresses whose seed was taken out of the list",
    "not_html": "files that are no page",
    "sitemap": "sitemaps read",
    "feed": "feeds read",
}
"""What the summary calls each outcome."""


class Progress:
    """Extension: reports every PROGRESS_SECONDS and at the end, and writes to disk what is safe by then."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._every = crawler.settings.getfloat("PROGRESS_SECONDS", 10.0)
        self._sync_every = crawler.settings.getfloat("SYNC_SECONDS", 5.0)
        self._tasks: list[asyncio.Task[None]] = []
        self._started = time.monotonic()
        self._last = (self._started, 0)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build, and listen for the start and the end."""
        extension = cls(crawler)
        crawler.signals.connect(extension.opened, signals.spider_opened)
        crawler.signals.connect(extension.closed, signals.spider_closed)
        return extension

    def opened(self, spider: Any) -> None:
        """Start reporting."""
        loop = asyncio.get_event_loop()
        self._tasks = [loop.create_task(self._report()), loop.create_task(self._sync())]

    async def closed(self, spider: Any, reason: str) -> None:
        """Stop, put the closing numbers into the stats, and close the crawl's files."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        stats: Any = self._crawler.stats
        for name, count in spider.crawl.store.counts().items():
            stats.set_value(f"copydesk/addresses_{name}", count)
        stats.set_value("copydesk/seconds", round(time.monotonic() - self._started, 1))
        if spider.archive is not None:
            spider.archive.close()
        spider.crawl.finish(reason)

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            logger.info(self._line())

    async def _sync(self) -> None:
        crawl = self._crawler.spider.crawl  # type: ignore[union-attr]
        while True:
            await asyncio.sleep(self._sync_every)
            try:
                await self._sync_once(crawl)
            except (sqlite3.Error, OSError) as error:
                spider: Any = self._crawler.spider
                spider.crawl.store.abandon()
                spider.stop(f"{crawl.place or 'the store'}: cannot write ({error}); free some space and run it again")
                return

    async def _sync_once(self, crawl: Any) -> None:
        spider: Any = self._crawler.spider
        if spider.archive is not None:
            await spider.archive.sync()
        if crawl.ledger:
            size = await asyncio.to_thread(crawl.ledger.sync)
            crawl.ledger.synced(size)
        crawl.store.commit()
        await asyncio.to_thread(crawl.store.sync)

    def _line(self) -> str:
        stats: Mapping[str, Any] = self._crawler.stats.get_stats()
        now, pages = time.monotonic(), pages_fetched(stats)
        rate = (pages - self._last[1]) / max(now - self._last[0], 0.001)
        self._last = (now, pages)
        written = outcomes(stats)["record"] + outcomes(stats)["changed"]
        queue = self._crawler.spider.crawl.store.queued  # type: ignore[union-attr]
        errors = ", ".join(f"{host} {n}" for host, n in host_errors(stats).most_common(3))
        return f"{pages} pages, {written} articles, {queue} queued, {rate:.1f} pages/s" + (
            f"; errors: {errors}" if errors else ""
        )


def pages_fetched(stats: Mapping[str, Any]) -> int:
    """Answers received, those to robots.txt left out."""
    return int(stats.get("response_received_count", 0)) - int(stats.get("robotstxt/response_count", 0))


def outcomes(stats: Mapping[str, Any]) -> Counter[str]:
    """How many addresses ended in which way."""
    return Counter({key.removeprefix(PREFIX): n for key, n in stats.items() if key.startswith(PREFIX)})


def host_errors(stats: Mapping[str, Any]) -> Counter[str]:
    """How many errors each host gave."""
    prefix = "copydesk/host_errors/"
    return Counter({key.removeprefix(prefix): n for key, n in stats.items() if key.startswith(prefix)})


def title(outcome: str) -> str:
    """An outcome in words.

    >>> title("http_404")
    'answers with status 404'
    """
    if outcome.startswith("http_"):
        return f"answers with status {outcome.removeprefix('http_')}"
    return TITLES.get(outcome, outcome.replace("_", " "))


def summary(stats: Mapping[str, Any], output: str | None, resumed: bool) -> str:
    """The closing summary: what was fetched, what was written and where it is, and how each page ended."""
    ended = outcomes(stats)
    written = ended["record"] + ended["changed"]
    pages = pages_fetched(stats)
    seconds = stats.get("copydesk/seconds") or stats.get("elapsed_time_seconds") or 0
    lines = [
        f"{pages} pages fetched in {seconds:.0f} s, {written} records written" + (f" to {output}" if output else "")
    ]
    lines += [f"  {n:>7}  {title(name)}" for name, n in ended.most_common() if n]
    lines += [f"  {n:>7}  errors of {host}" for host, n in host_errors(stats).most_common(10)]
    if rendered := stats.get("copydesk/rendered"):
        lines.append(f"  {rendered:>7}  pages rendered in a browser")
    if not_rendered := stats.get("copydesk/not_rendered"):
        lines.append(f"  {not_rendered:>7}  pages that the browser did not render, taken as they were fetched")
    if left := stats.get("copydesk/addresses_pending", 0):
        lines.append(f"{left} addresses are left: run the same command again to go on")
    elif resumed:
        lines.append("the interrupted run before this one is complete now")
    return "\n".join(lines)
