"""`scrapy crawl articles`: from a site's address, or a file of them, to one record for every article."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any, Final, Self

import scrapy
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from cleaners.errors import InputError
from cleaners.options import CleanOptions
from crawler.fetching.politeness import why_forbidden
from crawler.fetching.rendering import rendered, wants_browser
from crawler.fetching.responses import media_type, outcome_of_answer, outcome_of_failure, page_of
from crawler.frontier.limits import article_targets, is_too_old, is_wanted, listed_target, listing_targets
from crawler.frontier.scheduler import Frontier, stale_before
from crawler.frontier.versions import stands_for
from crawler.pages.links import Link
from crawler.pages.reading import Reading, read_page, with_pages
from crawler.sources.feeds import read_feed
from crawler.sources.seeds import Seed, seeds_of
from crawler.sources.sitemaps import MAX_BYTES, Listed, read_sitemap
from crawler.storage.archive import ArchiveFiles, ArchiveMiddleware, open_archive
from crawler.storage.changes import has_changed, with_change_date
from crawler.storage.output import Crawl, open_crawl
from crawler.storage.store import FAILED, PENDING, Outcome, Target
from crawler.urls.spelling import host_of, one_spelling, site_of, within
from crawler.urls.traps import Trails
from pipelines.items import options_of, pool_of
from pipelines.record.article import Article
from pipelines.record.kinds.link_kinds import link_kind
from pipelines.workers.async_pool import CleaningPool

HTML_TYPES: Final = ("text/html", "application/xhtml+xml", "")
RELIST_DEPTH: Final = 3
"""Listings this many links from a seed are asked again in a further run; deeper ones when a changed page links them."""
LIVE_DAYS: Final = 3
"""Days after its last change that a live blog is asked again in a further run."""
ROWS_AT_A_TIME: Final = 500
"""Rows queued before the reactor gets its turn: about 5 ms."""

RESERVED: Final = frozenset({"noindex", "noarchive", "tdm_reserved"})
"""Flags of pages that ask not to be kept; they are left out with OBEY_NOINDEX."""

logger = logging.getLogger(__name__)


class ArticlesSpider(scrapy.Spider):
    """Follows a site's sitemaps, feeds and listings, and yields an Article for every page that is one.

    Arguments: `url` (an address, or several parted by spaces) or `seeds` (a file), and for `url` the limits of a seed
    row: depth, pages, since, keep, skip.
    """

    name = "articles"
    handle_httpstatus_list: Final = [304]

    seeds: list[Seed]
    bad_seeds: list[InputError]
    seed_hosts: frozenset[str]
    crawl: Crawl
    frontier: Frontier
    pool: CleaningPool
    options: CleanOptions
    archive_files: ArchiveFiles | None
    archive: ArchiveMiddleware | None
    crawl_delays: dict[str, float]  # seconds by host, from robots.txt
    sitemaps: dict[str, tuple[str, ...]]  # addresses by host, from robots.txt
    robots_unread: dict[str, str]  # why a host's robots.txt could not be had
    failed_inputs: list[str]
    stopping: bool
    taken: Counter[int]  # articles by seed, for seeds with a limit
    sitemaps_taken: Counter[int]  # sitemaps by seed
    trails: Trails

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Read the seeds and open the crawl's files. Raises UsageError if there is nothing to start from."""
        spider = super().from_crawler(crawler)
        spider.seeds, spider.bad_seeds = seeds_of(kwargs)
        spider.seed_hosts = frozenset(host_of(seed.url) for seed in spider.seeds)
        spider.crawl_delays = {}
        spider.sitemaps = {}
        spider.robots_unread = {}
        spider.archive = None
        spider.failed_inputs = []
        spider.stopping = False
        spider.taken = Counter()
        spider.sitemaps_taken = Counter()
        spider.trails = Trails()
        spider.crawl = open_crawl(crawler.settings, json.dumps(kwargs, sort_keys=True))
        spider.archive_files = open_archive(crawler.settings, spider.crawl.store)
        spider.crawl.store.use_seeds([seed.url for seed in spider.seeds])
        spider.crawl.store.commit()
        spider.pool = pool_of(crawler, preload=["crawler.pages.preload"])
        spider.options = options_of(crawler)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Queue the seeds, and in a further run the listings known from before."""
        for error in self.bad_seeds:
            self.input_failed(str(error))
        store = self.crawl.store
        seeds = [Target(one_spelling(seed.url), "seed", seed=number) for number, seed in enumerate(self.seeds)]
        self.frontier.add(seeds)
        if store.run > 1:
            self.frontier.add(store.known_listings(RELIST_DEPTH, stale_before(LIVE_DAYS)))
        store.commit()
        await self.pool.started()
        if self.crawl.resumed:
            logger.info("Going on with an interrupted crawl: %d addresses left", store.queued)
        return
        yield

    def callback_of(self, kind: str) -> Callable[[Response], Any]:
        """The callback that reads what was fetched."""
        return {"sitemap": self.parse_sitemap, "feed": self.parse_feed}.get(kind, self.parse)

    def max_bytes(self, kind: str) -> int:
        """How large a response of this kind may be."""
        return MAX_BYTES if kind == "sitemap" else self.settings.getint("DOWNLOAD_MAXSIZE")

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Any]:
        """Read a page: yield its Article if it is one, and queue what it leads to."""
        target: Target = response.meta["target"]
        outcome = self.fetched(response)
        if outcome.outcome != "fetched":
            self.frontier.settle(response.request, outcome)
            return
        try:
            reading = await self.read(response, self.site_of_seed(target.seed))
        except InputError as error:
            self.input_failed(str(error))
            outcome.outcome, outcome.state = "not_cleaned", FAILED
            self.frontier.settle(response.request, outcome)
            return
        reading = await self.as_rendered(target, response, reading, outcome)
        outcome.content_sha256 = reading.article.content_sha256
        outcome.kind = "listing" if reading.kind != "article" else "live" if reading.is_live else "article"
        alone = target.kind == "seed" and reading.kind == "article" and link_kind(target.url) == "article"
        if not alone:
            await self.follow(target, response, reading)
        article = await self.article_of(target, response, reading, outcome)
        if article is None:
            self.frontier.settle(response.request, outcome)
        else:
            response.meta["outcome"] = outcome
            yield article

    async def read(self, response: Response, site: str) -> Reading:
        """Clean and judge a page in a worker process."""
        job = partial(read_page, options=self.options, site=site)
        return await self.pool.run(job, page_of(response), response.url)

    async def as_rendered(self, target: Target, response: Response, reading: Reading, outcome: Outcome) -> Reading:
        """The page as a browser shows it, where that is wanted and the browser gives one; else as it was read."""
        if not wants_browser(self.settings, self.seeds[target.seed].render, reading.article.needs_javascript):
            return reading
        page = await self.fetch(response.url, response, in_browser=True)
        self.crawler.stats.inc_value("copydesk/rendered" if page else "copydesk/not_rendered")
        if page is None:
            return reading
        response.meta["archived"] = page.meta.get("archived")
        outcome.etag = outcome.last_modified = None  # they are the shell's, which stays when the article changes
        return await self.read(page, self.site_of_seed(target.seed))

    def fetched(self, response: Response) -> Outcome:
        """What the answer itself says: `fetched` if the page is worth reading, else why it is not."""
        target: Target = response.meta["target"]
        self.frontier.answered(host_of(response.url))
        known = response.meta.get("known")
        # A page that was never seen has nothing to be compared with: its worker makes the hash.
        outcome = outcome_of_answer(response, hashed=known is not None or target.kind in ("feed", "sitemap"))
        if response.status == 304 or (known and known.content_sha256 == outcome.content_sha256):
            outcome.outcome = "unchanged"
            outcome.content_sha256 = None
        elif media_type(response) not in HTML_TYPES and target.kind not in ("feed", "sitemap"):
            outcome.outcome = "not_html"
        elif target.kind == "seed":
            self.crawl.store.set_fact(f"site {target.url}", site_of(response.url))
        elif not within(response.url, self.site_of_seed(target.seed)):
            outcome.outcome = "off_site"
        return outcome

    def site_of_seed(self, seed: int) -> str:
        """The site that a seed led to: where it was redirected, if it was."""
        url = self.seeds[seed].url
        return self.crawl.store.fact(f"site {one_spelling(url)}") or site_of(url)

    async def article_of(
        self, target: Target, response: Response, reading: Reading, outcome: Outcome
    ) -> Article | None:
        """The record to write for a page; None if there is none, with the reason in `outcome`."""
        url = one_spelling(response.url)
        seed = self.seeds[target.seed]
        article = reading.article
        if reading.kind != "article" and not self.settings.getbool("WRITE_LISTINGS"):
            outcome.outcome = "listing"
        elif stand := self.stands_back(url, target, reading, outcome):
            outcome.stands_for = stand
        elif is_too_old(article.date_published, seed):
            outcome.outcome = "too_old"
        elif self.settings.getbool("OBEY_NOINDEX") and RESERVED.intersection(article.flags):
            outcome.outcome = "reserved"
        elif self.is_full(target.seed):
            outcome.outcome = "over_limit"
        else:
            article = await self.whole_article(response, reading, outcome)
            outcome.record_id, outcome.body_sha256 = article.id, article.body_sha256
            if not has_changed(self.crawl.store, article):
                outcome.outcome = "record"
                return article
            outcome.outcome = "changed"
            return with_change_date(article, target.lastmod, outcome.last_modified)
        return None

    def stands_back(self, url: str, target: Target, reading: Reading, outcome: Outcome) -> str | None:
        """The address to make the record from instead of this page, queued; None for this page itself."""
        first = reading.first_page
        instead = first or stands_for(url, reading.pointers.canonical, self.crawl.store)
        if instead is None:
            return None
        known = self.crawl.store.outcome_of(instead)
        if known and known[0] != PENDING and not known[1]:
            return None
        outcome.outcome = "continuation" if first else "alternate"
        self.frontier.add([target._replace(url=instead, kind="article")])
        return instead

    def is_full(self, seed: int) -> bool:
        """Whether a seed's limit of articles is reached; if not, one more is taken. What is left is then let go."""
        limit = self.seeds[seed].pages
        if limit is None:
            return False
        if seed not in self.taken:
            self.taken[seed] = self.crawl.store.records_of(seed)
        if self.taken[seed] < limit:
            self.taken[seed] += 1
            return False
        self.crawl.store.let_go(seed, "over_limit")
        return True

    async def whole_article(self, response: Response, reading: Reading, outcome: Outcome) -> Article:
        """The article with its further pages, which are fetched here and now so that it is whole or not there."""
        rest: list[Reading] = []
        seen = {one_spelling(response.url)}
        following = reading.next_page
        while following and following not in seen and len(rest) < self.settings.getint("ARTICLE_PAGES_MAX") - 1:
            seen.add(following)
            page = await self.fetch(following, response)
            if page is None:
                break
            rest.append(await self.read(page, site_of(response.url)))
            response.meta.setdefault("passed", []).append(following)
            following = rest[-1].next_page
        outcome.pages = tuple(page.article.url or "" for page in (reading, *rest)) if rest else ()
        return with_pages(reading, rest).article

    async def fetch(self, url: str, response: Response, in_browser: bool = False) -> Response | None:
        """Fetch a further page of an article, or the page once more in a browser; None if it cannot be had."""
        request = Request(url, meta={"download_slot": host_of(url), "further_of": response.url})
        try:
            page = await self.crawler.engine.download_async(rendered(request) if in_browser else request)
        except Exception as error:
            what = "not rendered" if in_browser else f"a further page of {response.url} that cannot be fetched"
            logger.warning("%s: %s (%s)", url, what, error)
            return None
        response.meta.setdefault("exchanges", []).extend(page.meta.get("exchanges", ()))
        return page if page.status == 200 and media_type(page) in HTML_TYPES else None

    async def follow(self, target: Target, response: Response, reading: Reading) -> None:
        """Queue what a page leads to: articles, further listings, and from a seed its feeds and sitemaps."""
        seed = self.seeds[target.seed]
        depth = target.depth + 1
        if depth > (seed.depth if seed.depth is not None else self.settings.getint("DEPTH_MAX")):
            return
        pointers = reading.pointers
        found: list[Target] = []
        if target.kind == "seed":
            maps = self.sitemaps.get(host_of(response.url), ())
            found = [Target(url, "sitemap", seed=target.seed) for url in maps if self.takes_sitemap(target.seed)]
            found += [Target(url, "feed", seed=target.seed) for url in pointers.feeds]
            found = [source for source in found if within(source.url, self.site_of_seed(target.seed))]
        self.frontier.add(found)
        links: list[Link] = []
        new = 0
        for at in range(0, len(pointers.links), ROWS_AT_A_TIME):
            piece = pointers.links[at : at + ROWS_AT_A_TIME]
            wanted = [link for link in piece if is_wanted(link.url, link.kind, seed, self.trails)]
            new += self.frontier.add(article_targets(wanted, depth, target.seed))
            links += [link for link in wanted if link.kind != "article"]
            await asyncio.sleep(0)
        barren = 0 if new or target.kind == "seed" else target.barren + 1
        self.trails.fetched(response.url, bool(new) or reading.kind == "article")
        if barren <= self.settings.getint("BARREN_MAX"):
            for at in range(0, len(links), ROWS_AT_A_TIME):
                self.frontier.add(listing_targets(links[at : at + ROWS_AT_A_TIME], depth, barren, target.seed))
                await asyncio.sleep(0)

    async def parse_sitemap(self, response: Response) -> None:
        """Queue what a sitemap lists, read in a thread a few hundred entries at a time: none is held for long."""
        await self.parse_listed(response, "sitemap", _in_thread(read_sitemap(response.body, response.url)))

    async def parse_feed(self, response: Response) -> None:
        """Queue what a feed lists, read in a worker process."""
        await self.parse_listed(response, "feed", self.feed_rows(response))

    async def feed_rows(self, response: Response) -> AsyncIterator[Sequence[Listed]]:
        """The entries of a feed. Raises InputError if it cannot be read in time."""
        yield await self.pool.run(partial(read_feed, response.body), response.url, response.url)

    async def parse_listed(self, response: Response, name: str, pieces: AsyncIterator[Sequence[Listed]]) -> None:
        """Queue the entries of a sitemap or feed, piece by piece, unless it is what the last run saw."""
        outcome = self.fetched(response)
        target: Target = response.meta["target"]
        if outcome.outcome == "fetched":
            outcome.outcome = name
            seed, site = self.seeds[target.seed], self.site_of_seed(target.seed)
            async for rows in pieces:
                targets = (listed_target(listed, target, seed, site, self.trails) for listed in rows)
                self.frontier.add([found for found in targets if found and self.takes(found)])
        self.frontier.settle(response.request, outcome)

    def takes(self, target: Target) -> bool:
        """Whether what a sitemap or feed lists may be queued: everything but sitemaps beyond the most of a seed."""
        return target.kind != "sitemap" or self.takes_sitemap(target.seed)

    def takes_sitemap(self, seed: int) -> bool:
        """Count one more sitemap of a seed. False beyond SITEMAPS_MAX, which the log says once."""
        most = self.settings.getint("SITEMAPS_MAX")
        self.sitemaps_taken[seed] += 1
        if self.sitemaps_taken[seed] == most + 1:
            logger.warning("%s names more than %d sitemaps; the others are left out", self.seeds[seed].url, most)
        return self.sitemaps_taken[seed] <= most

    def failed(self, failure: Any) -> None:
        """A request came to nothing: write down why, and set its host aside if that is to blame."""
        request: Request = failure.request
        target: Target | None = request.meta.get("target")
        outcome, host_to_blame = outcome_of_failure(failure)
        host = host_of(request.url)
        if host_to_blame:
            self.crawler.stats.inc_value(f"copydesk/host_errors/{host}")
        elif outcome.outcome.startswith("http_"):
            self.frontier.answered(host)
        if outcome.outcome == "robots" and host in self.robots_unread:
            outcome.outcome = "robots_unread"
        if target is not None and target.kind == "seed":
            self.input_failed(self.why_failed(target, request, outcome, failure))
        if host_to_blame and (target is None or target.kind != "seed"):
            self.frontier.host_failed(request, outcome)
        else:
            self.frontier.settle(request, outcome)

    def why_failed(self, target: Target, request: Request, outcome: Outcome, failure: Any) -> str:
        """Why a seed came to nothing, and what to do."""
        if outcome.outcome.startswith("robots"):
            agent = self.settings["ROBOTSTXT_USER_AGENT"] or self.settings["USER_AGENT"]
            where = f"{target.url} leads to " if request.url != target.url else ""
            return where + why_forbidden(request.url, self.robots_unread, agent)
        return f"{target.url}: {outcome.outcome} ({failure.getErrorMessage()}); check the address"

    def input_failed(self, message: str) -> None:
        """Report an input that came to nothing; the rest goes on, and the exit status tells."""
        logger.error(message)
        self.failed_inputs.append(message)
        self.crawler.stats.inc_value("copydesk/failed_inputs")

    def stop(self, message: str) -> None:
        """Stop the crawl because its files cannot be written; the same command goes on when they can."""
        if not self.stopping:
            self.stopping = True
            self.input_failed(message)
            self.closing_task = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="output"))

    def closed(self, reason: str) -> None:
        """Stop the worker processes."""
        self.pool.close()


async def _in_thread(rows: Iterator[Listed]) -> AsyncIterator[Sequence[Listed]]:
    while piece := await asyncio.to_thread(lambda: list(islice(rows, ROWS_AT_A_TIME))):
        yield piece
