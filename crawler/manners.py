"""Manners: Crawl-delay, Retry-After and back-off, host by host."""

from __future__ import annotations

import logging
import time
from email.utils import parsedate_to_datetime
from typing import Any, Final, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from crawler.address import host_of

logger = logging.getLogger(__name__)

BUSY: Final = (429, 503)
"""Too Many Requests (RFC 6585) and Service Unavailable (RFC 9110): the host asks for time."""
BUSY_RETRIES: Final = 6
"""Tries of a page whose host asks for time: it says nothing against the page."""

FORBIDS_ALL: Final = b"User-agent: *\nDisallow: /\n"


class CrawlDelay:
    """Extension: obeys robots.txt's Crawl-delay and keeps the sitemaps it names."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._most = crawler.settings.getfloat("CRAWL_DELAY_MAX")
        self._own = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._agent = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build, and listen for robots.txt files."""
        extension = cls(crawler)
        crawler.signals.connect(extension.robots_parsed, signals.robots_parsed)
        return extension

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        """Slow the host down to its Crawl-delay if that is more than ours, up to CRAWL_DELAY_MAX."""
        host = host_of(request.url)
        spider: Any = self._crawler.spider
        rules = getattr(robotparser, "rp", None)
        spider.sitemaps[host] = tuple(getattr(rules, "sitemaps", ()))
        stated = robotparser.crawl_delay(self._agent) if hasattr(robotparser, "crawl_delay") else None
        if stated is None or stated <= self._own:
            return
        delay = min(stated, self._most)
        if delay < stated:
            logger.warning("%s asks for a delay of %g s; cut to CRAWL_DELAY_MAX of %g s", host, stated, delay)
        else:
            logger.info("%s asks for a delay of %g s", host, delay)
        spider.crawl_delays[host] = delay
        downloader: Any = self._crawler.engine.downloader
        downloader.per_slot_settings[host] = {"delay": delay, "jitter": 0.0, "concurrency": 1}
        if host in downloader.slots:
            slot = downloader.slots[host]
            slot.delay, slot.jitter, slot.concurrency = delay, 0.0, 1


class RetryAfter:
    """Downloader middleware: a host that answers 429 or 503 is left alone for as long as it asks, or ever longer."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._backoff = crawler.settings.getfloat("BACKOFF")
        self._most = crawler.settings.getfloat("BACKOFF_MAX")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build from BACKOFF and BACKOFF_MAX, both in seconds."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Pause the host; the retry that follows waits with it."""
        if response.status in BUSY and "target" in request.meta:
            request.meta["max_retry_times"] = BUSY_RETRIES
            asked = seconds_asked(response.headers.get("Retry-After"), time.time())
            seconds = asked if asked is not None else self._backoff * 2 ** request.meta.get("retry_times", 0)
            spider: Any = self._crawler.spider
            spider.frontier.pause(host_of(request.url), min(seconds, self._most))
            self._crawler.stats.inc_value("copydesk/pauses_asked")
        return response


class RobotsErrors:
    """Downloader middleware: a host whose robots.txt cannot be had for an error of the server forbids everything.

    RFC 9309, section 2.3.1.4. The next run asks again. Off with ROBOTSTXT_ERROR_FORBIDS=0.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._forbids = crawler.settings.getbool("ROBOTSTXT_ERROR_FORBIDS", True)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build from ROBOTSTXT_ERROR_FORBIDS."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Put rules that forbid everything in the place of an error, when it was asked for often enough."""
        is_robots = request.meta.get("dont_obey_robotstxt") and urlsplit(request.url).path == "/robots.txt"
        if not (self._forbids and is_robots and (response.status >= 500 or response.status in BUSY)):
            return response
        logger.warning("%s answers %d: nothing of this host is fetched in this run, as RFC 9309 asks; "
                       "ROBOTSTXT_ERROR_FORBIDS=0 fetches all the same", request.url, response.status)  # fmt: skip
        return response.replace(cls=TextResponse, status=200, body=FORBIDS_ALL, headers={"Content-Type": "text/plain"})


def seconds_asked(header: bytes | None, now: float) -> float | None:
    """The seconds a Retry-After header asks for: a number, or a date. None if there is none that can be read.

    >>> seconds_asked(b"120", 0.0)
    120.0
    >>> seconds_asked(b"Thu, 01 Jan 1970 00:01:00 GMT", 0.0)
    60.0
    >>> seconds_asked(b"soon", 0.0) is None
    True
    """
    text = (header or b"").decode("latin-1").strip()
    if text.isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (TypeError, ValueError):
        return None
