"""Obeys robots.txt, host by host: its rules, its Crawl-delay, and what a missing or unreadable file means."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from crawler.fetching.host_facts import host_facts
from crawler.fetching.retry_after import BUSY
from crawler.urls.spelling import absolute, host_of

logger = logging.getLogger(__name__)

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
        facts = host_facts(self._crawler)
        rules = getattr(robotparser, "rp", None)
        named = (absolute(request.url, url) for url in getattr(rules, "sitemaps", ()))
        facts.sitemaps[host] = tuple(url for url in named if url)
        stated = robotparser.crawl_delay(self._agent) if hasattr(robotparser, "crawl_delay") else None
        if stated is None or stated <= self._own:
            return
        delay = min(stated, self._most)
        if delay < stated:
            logger.warning("%s asks for a delay of %g s; cut to CRAWL_DELAY_MAX of %g s", host, stated, delay)
        else:
            logger.info("%s asks for a delay of %g s", host, delay)
        facts.crawl_delays[host] = delay
        downloader: Any = self._crawler.engine.downloader
        downloader.per_slot_settings[host] = {"delay": delay, "jitter": 0.0, "concurrency": 1}
        if host in downloader.slots:
            slot = downloader.slots[host]
            slot.delay, slot.jitter, slot.concurrency = delay, 0.0, 1


class ForbiddenByRobots(IgnoreRequest):
    """A host's robots.txt forbids the address, or could not be read."""


class RobotsRules(RobotsTxtMiddleware):
    """Scrapy's middleware, but it checks every request, and a robots.txt that our own rules refuse forbids everything.

    Such a file is redirected to an address inside the network, or cannot be unpacked; Scrapy's own would then allow
    everything. Only the beginning of a long file is read (crawler.fetching.robots_length).
    """

    async def process_request(self, request: Request, *more: Any) -> None:
        """Ask for the rules first. That request waits its turn with the host's pages, even if a port is named."""
        if is_robots(request):
            request.meta.setdefault("download_slot", host_of(request.url))
            request.meta["download_maxsize"] = 0
            request.headers["Accept-Encoding"] = b"gzip"
        await super().process_request(request, *more)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules for an address, as soon as the file is read.

        Of several requests that wait for a file, Scrapy's own gives the rules to the first alone: the result of a
        Deferred is None for everybody who waits for it after the first. The others were sent unchecked.
        """
        await super().robot_parser(request)
        rules = self._parsers[urlparse_cached(request).netloc]
        assert not isinstance(rules, Deferred), "the file has been read"
        return rules

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raise ForbiddenByRobots for an address that the rules forbid."""
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise ForbiddenByRobots(f"{request.url}: robots.txt forbids it") from error

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if not self.crawler.settings.getbool("ROBOTSTXT_ERROR_FORBIDS", True):
            super()._robots_error(exc, netloc)
            return
        unread = host_facts(self.crawler).robots_unread
        if netloc.lower() not in unread:
            unread[netloc.lower()] = f"its robots.txt cannot be read ({exc})"
            logger.warning("%s: its robots.txt cannot be read (%s): nothing of this host is fetched in this run, as "
                           "RFC 9309 asks; ROBOTSTXT_ERROR_FORBIDS=0 fetches all the same", netloc, exc)  # fmt: skip
        rules = self._parserimpl.from_crawler(self.crawler, FORBIDS_ALL)
        waiting = self._parsers[netloc]
        self._parsers[netloc] = rules
        if isinstance(waiting, Deferred):
            waiting.callback(rules)


class RobotsErrors:
    """Downloader middleware: a robots.txt that cannot be read forbids everything; a missing one forbids nothing.

    RFC 9309, sections 2.3.1.3 and 2.3.1.4: an error of the server or the network means that the rules are unknown, 404
    and the like that there are none. The next run asks again. ROBOTSTXT_ERROR_FORBIDS=0 turns this off.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._forbids = crawler.settings.getbool("ROBOTSTXT_ERROR_FORBIDS", True)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build from ROBOTSTXT_ERROR_FORBIDS."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Answer with rules instead of the error that remains after the retries."""
        if not is_robots(request):
            return response
        if response.status >= 500 or response.status in BUSY:
            return self._forbidding(request, f"answers {response.status}") or response
        return _rules(request, b"") if response.status >= 400 else response

    def process_exception(self, request: Request, exception: Exception) -> Response | None:
        """Answer with rules if the network fails: no answer, no such host, no connection."""
        if not is_robots(request) or isinstance(exception, IgnoreRequest):
            return None
        self._crawler.stats.inc_value(f"copydesk/host_errors/{host_of(request.url)}")
        words = str(exception) or type(exception).__name__
        return self._forbidding(request, f"cannot be read ({words})") or _rules(request, b"")

    def _forbidding(self, request: Request, why: str) -> Response | None:
        if not self._forbids:
            return None
        asked = request.meta.get("redirect_urls", [request.url])[0]
        unread = host_facts(self._crawler).robots_unread
        if host_of(asked) not in unread:
            logger.warning("%s %s: nothing of this host is fetched in this run, as RFC 9309 asks; "
                           "ROBOTSTXT_ERROR_FORBIDS=0 fetches all the same", request.url, why)  # fmt: skip
        unread[host_of(asked)] = f"{request.url} {why}"
        return _rules(request, FORBIDS_ALL)


def is_robots(request: Request) -> bool:
    """Whether this is the crawl's own request for a host's robots.txt, wherever it was redirected."""
    if not request.meta.get("dont_obey_robotstxt"):
        return False
    asked: str = request.meta.get("redirect_urls", [request.url])[0]
    return urlsplit(asked).path == "/robots.txt"


def why_forbidden(url: str, unread: Mapping[str, str], agent: str) -> str:
    """The message why robots.txt forbids an address, and what to do; `unread` says why the file was not read."""
    if reason := unread.get(host_of(url)):
        return (
            f"{url}: not fetched, because {reason}, and a host whose rules are not known is left alone (RFC 9309); "
            "check the address, run it again later, or fetch all the same with -s ROBOTSTXT_ERROR_FORBIDS=0"
        )
    parts = urlsplit(url)
    return (
        f"{url}: not fetched, because {parts.scheme}://{parts.netloc}/robots.txt forbids this address to {agent!r}; "
        "start from an address that it allows, or ask the site's owner"
    )


def _rules(request: Request, body: bytes) -> TextResponse:
    return TextResponse(request.url, body=body, headers={"Content-Type": "text/plain"}, request=request)
