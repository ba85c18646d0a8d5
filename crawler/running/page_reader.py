"""Reads the pages of a crawl in worker processes, together with the further pages of their articles."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from scrapy import Request
from scrapy.http import Response

from cleaners.errors import InputError
from cleaners.options import CleanOptions
from crawler.fetching.rendering import rendered
from crawler.fetching.responses import is_html, page_of
from crawler.pages.pagination import is_same_page
from crawler.pages.reading import Reading, read_page
from crawler.running.explanations import explained_by
from crawler.running.state import CrawlState
from crawler.sources.feeds import read_feed
from crawler.sources.sitemaps import Listed
from crawler.urls.spelling import host_of, one_spelling, site_of
from pipelines.workers.settings import pool_of

logger = logging.getLogger(__name__)


class PageReader:
    """The workers of a crawl, and what they read. ARTICLE_PAGES_MAX limits the pages of an article."""

    def __init__(self, state: CrawlState, options: CleanOptions) -> None:
        settings = state.crawler.settings
        self._state = state
        self._options = options
        self._explained = explained_by(settings)
        self._most_pages = settings.getint("ARTICLE_PAGES_MAX")
        self.pool = pool_of(state.crawler, preload=["crawler.pages.preload"])

    async def read(self, response: Response, site: str) -> Reading:
        """Clean and judge a page, and collect its links on a site. Raises InputError if it cannot be cleaned."""
        job = partial(read_page, options=self._options, site=site, explained=self._explained)
        return await self.pool.run(job, page_of(response), response.url)

    async def read_feed(self, response: Response) -> Sequence[Listed]:
        """The entries of a feed. Raises InputError if it cannot be read in time."""
        return await self.pool.run(partial(read_feed, response.body), response.url, response.url)

    async def read_rendered(self, response: Response, site: str) -> Reading | None:
        """The page as a browser shows it; None if the browser does not, or if that cannot be cleaned."""
        page = await self._fetch_more(response.url, response, in_browser=True)
        reading = await self._read_more(page, site) if page else None
        self._state.crawler.stats.inc_value("copydesk/rendered" if reading else "copydesk/not_rendered")
        if page is not None and reading is not None:
            response.meta["archived"] = page.meta.get("archived")
        return reading

    async def further_pages(self, response: Response, reading: Reading) -> list[Reading]:
        """The further pages of an article, up to the first that cannot be read: all of them make one record."""
        rest: list[Reading] = []
        seen = {one_spelling(response.url)}
        following = reading.next_page
        while following and following not in seen and len(rest) < self._most_pages - 1:
            page = await self._fetch_more(following, response)
            address = one_spelling(page.url) if page else ""
            if page is None or address in seen or not is_same_page(following, address):
                break
            further = await self._read_more(page, site_of(response.url))
            if further is None:
                break
            seen |= {following, address}
            response.meta.setdefault("passed", []).append(following)
            rest.append(further)
            following = further.next_page
        return rest

    async def _fetch_more(self, url: str, response: Response, in_browser: bool = False) -> Response | None:
        """Fetch a further page of an article, or the page once more in a browser; None if it cannot be fetched."""
        meta = {"further_of": response.url, **self._state.host_facts.turn_of(host_of(url))}
        request = Request(url, meta=meta)
        engine: Any = self._state.crawler.engine
        try:
            page: Response = await engine.download_async(rendered(request) if in_browser else request)
        except Exception as error:
            what = "not rendered" if in_browser else f"a further page of {response.url} that cannot be fetched"
            logger.warning("%s: %s (%s)", url, what, error)
            return None
        response.meta.setdefault("exchanges", []).extend(page.meta.get("exchanges", ()))
        return page if page.status == 200 and is_html(page) else None

    async def _read_more(self, page: Response, site: str) -> Reading | None:
        try:
            return await self.read(page, site)
        except InputError as error:
            self._state.input_failed(str(error))
            return None
