"""Pauses hosts that ask for time (429, 503), by their Retry-After header or by a growing back-off."""

from __future__ import annotations

import time
from typing import Final, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.fetching.host_facts import host_facts
from crawler.urls.spelling import host_of
from pipelines.dates.utc import http_time

BUSY: Final = (429, 503)
"""Too Many Requests (RFC 6585) and Service Unavailable (RFC 9110): the host asks for time."""
BUSY_RETRIES: Final = 6
"""How often a page is tried again if its host asks for time: more than RETRY_TIMES, since the page is not at fault."""


class RetryAfter:
    """Downloader middleware: pauses a host that answers 429 or 503 for as long as it asks, else longer each time."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._backoff = crawler.settings.getfloat("BACKOFF")
        self._most = crawler.settings.getfloat("BACKOFF_MAX")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build from BACKOFF and BACKOFF_MAX, both in seconds."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Pause the host; the retry of the page waits with it. A further page of an article is not tried again."""
        if response.status in BUSY and ("target" in request.meta or "further_of" in request.meta):
            request.meta["max_retry_times"] = BUSY_RETRIES
            request.meta["dont_retry"] = "further_of" in request.meta  # it does not wait in the scheduler
            asked = seconds_asked(response.headers.get("Retry-After"), seconds_of(response.headers.get("Date")))
            seconds = asked if asked is not None else self._backoff * 2 ** request.meta.get("retry_times", 0)
            host_facts(self._crawler).pause(host_of(request.url), min(seconds, self._most))
            self._crawler.stats.inc_value("copydesk/pauses_asked")
        return response


def seconds_of(date: bytes | None) -> float:
    """The time of a response by its server's clock, in seconds since 1970; by our clock if the server states none."""
    moment = http_time((date or b"").decode("latin-1"))
    return moment.timestamp() if moment else time.time()


def seconds_asked(header: bytes | None, now: float) -> float | None:
    """The seconds that a Retry-After header asks for, as a number or a date. None if it cannot be read.

    `now` is the server's time, since our own clock may be wrong.

    >>> seconds_asked(b"120", 0.0)
    120.0
    >>> seconds_asked(b"Thu, 01 Jan 1970 00:01:00 GMT", 0.0)
    60.0
    >>> seconds_asked(b"soon", 0.0) is None
    True
    """
    text = (header or b"").decode("latin-1").strip()
    if text.isdecimal():  # other digits of Latin-1, such as ², are not numbers
        return float(text)
    moment = http_time(text)
    return max(0.0, moment.timestamp() - now) if moment else None
