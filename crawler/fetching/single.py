"""Fetches one page, as politely and safely as a crawl."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.spidermiddlewares.httperror import HttpError

from cleaners.errors import InputError, UsageError
from cleaners.page import Page
from crawler.fetching.host_facts import HostFacts
from crawler.fetching.rendering import browser_settings, rendered
from crawler.fetching.responses import page_of
from crawler.fetching.robots_rules import ForbiddenByRobots
from crawler.fetching.safety import InsideAddress
from crawler.sources.seeds import seed_url
from crawler.urls.spelling import host_of
from pipelines.inputs.kinds import binary_format
from pipelines.inputs.streams import CHUNK

# One page needs no frontier, no store and no output, and no delay before a next request.
_ALONE: Final[dict[str, Any]] = {
    "ADDONS": {},
    "SCHEDULER": "scrapy.core.scheduler.Scheduler",
    "ITEM_PIPELINES": {},
    "EXTENSIONS": {"scrapy.extensions.logstats.LogStats": None},
    "LOG_FORMATTER": "scrapy.logformatter.LogFormatter",
    "LOG_INSTALL_ROOT_HANDLER": False,
    "AUTOTHROTTLE_ENABLED": False,
    "DOWNLOAD_DELAY": 0,
}
_ARCHIVE: Final = "crawler.running.archiving"


def fetch(url: str, render: bool = False) -> Page:
    """Fetch one page; with `render`, as a browser shows it.

    It asks robots.txt first, follows redirects, and reaches inside addresses only if `url` names one.

    Raises InputError, with the reason, if the page cannot be fetched, and UsageError if rendering needs a package or
    program that is missing. Starts Scrapy's reactor, so call it only once a process.
    """
    try:
        seed_url(url)
    except ValueError as error:
        raise UsageError(f"{error}. Check its spelling.") from error
    outcome: dict[str, Any] = {}
    process = CrawlerProcess(_settings(render))
    process.crawl(_OnePage, url=url, outcome=outcome, render=render)
    process.start()
    if "page" in outcome:
        page: Page = outcome["page"]
        return page
    raise InputError(f"{url}: {outcome.get('why', 'it could not be fetched')}.", "not_fetched")


class _OnePage(scrapy.Spider):
    """Requests one address and keeps the response or the failure."""

    name = "one-page"

    def __init__(self, url: str, outcome: dict[str, Any], render: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url = url
        self.render = render
        self.outcome = outcome
        self.host_facts = HostFacts(frozenset({host_of(url)}))

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Request the page."""
        request = scrapy.Request(self.url, self.parse, errback=self.failed, dont_filter=True)
        yield rendered(request) if self.render else request

    def parse(self, response: Response, **kwargs: Any) -> None:
        """Keep the page, or say that it is none."""
        if what := binary_format(response.body[:CHUNK]):
            self.outcome["why"] = f"{what}, not a page"
        else:
            self.outcome["page"] = page_of(response)

    def failed(self, failure: Any) -> None:
        """Keep the reason of the failure."""
        unread = self.host_facts.robots_unread.get(host_of(failure.request.url))
        self.outcome["why"] = _why(failure.value, unread)


def _why(error: BaseException, unread: str | None) -> str:
    """The reason of a failure; `unread` says why the host's robots.txt was not read, if it was not."""
    if isinstance(error, HttpError):
        return f"the server answered {error.response.status}"
    if isinstance(error, InsideAddress):
        return "it leads to an address inside the network"
    if isinstance(error, ForbiddenByRobots) and unread:
        return f"not fetched, because {unread}; check the address, or try again later"
    if isinstance(error, ForbiddenByRobots):
        return "robots.txt forbids it"
    return (str(error).strip() or type(error).__name__).rstrip(".")


def _settings(render: bool) -> Settings:
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict(_ALONE, priority="cmdline")
    if render:
        settings.setdict(browser_settings(settings), priority="cmdline")
    downloads = settings.getdict("DOWNLOADER_MIDDLEWARES")
    kept = {name: None if name.startswith(_ARCHIVE) else order for name, order in downloads.items()}
    settings.set("DOWNLOADER_MIDDLEWARES", kept, priority="cmdline")
    return settings
