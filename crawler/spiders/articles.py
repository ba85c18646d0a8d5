"""The spider of `scrapy crawl articles`: from the addresses of sites to one record for every article."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any, Final, Self

import scrapy
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from cleaners.errors import InputError
from cleaners.options import CleanOptions
from cleaners.words.amounts import amount
from crawler.fetching.host_facts import HostFacts
from crawler.fetching.rendering import rendered, wants_browser
from crawler.fetching.responses import failed_fetch, is_html, page_of, settlement_of_answer
from crawler.fetching.robots_rules import why_forbidden
from crawler.frontier.interface import Frontier
from crawler.frontier.outcomes import CrawlOutcome
from crawler.frontier.seed_limits import article_targets, is_too_old, is_wanted, listed_target, listing_targets
from crawler.frontier.targets import Known, Settlement, Target, TargetKind, failure, waiting_for_articles
from crawler.frontier.versions import stands_for
from crawler.pages.links import Link
from crawler.pages.pagination import is_same_page, named_first_page
from crawler.pages.reading import Reading, read_page, with_pages
from crawler.running.explanations import ROWS, explained_by
from crawler.running.filtering import RecordFilter
from crawler.running.lifecycle import Lifecycle
from crawler.running.settler import Settler
from crawler.running.shared import HostPaused, SharedHostFacts, SharedTurns, shared_frontier
from crawler.running.state import CrawlState
from crawler.running.turns import HostTurns, stale_before
from crawler.running.waking import Waking
from crawler.sources.feeds import read_feed
from crawler.sources.seeds import Seed, seeds_of
from crawler.sources.sitemaps import MAX_BYTES, Listed, read_sitemap
from crawler.storage.changes import has_changed, with_change_date
from crawler.storage.files import open_files
from crawler.urls.spelling import host_of, one_spelling, site_of, within
from pipelines.record.article import Article
from pipelines.record.kinds.link_kinds import link_kind
from pipelines.workers.async_pool import CleaningPool
from pipelines.workers.batches import Explained
from pipelines.workers.settings import for_whole_records, options_of, pool_of

RELIST_DEPTH: Final = 3
"""Up to this depth, a further run fetches listings again; deeper ones only if a changed page links to them."""
SITEMAPS_BEFORE_ARTICLES: Final = 20
"""Sitemaps of a seed that are fetched before its articles; the later ones wait for the articles known by then."""
LIVE_DAYS: Final = 3
"""For this many days after its last change, a further run fetches a live blog again."""
NEVER: Final = "9999"
"""A time later than all fetches, for runs that fetch no live blog again."""
ROWS_AT_A_TIME: Final = 500
"""Rows that are queued before the reactor gets its turn, in about 5 ms."""

RESERVED: Final = frozenset({"noindex", "noarchive", "tdm_reserved"})
"""Flags of pages that ask not to be kept; they are left out with OBEY_NOINDEX."""

logger = logging.getLogger(__name__)


class ArticlesSpider(scrapy.Spider):
    """Follows a site's sitemaps, feeds and listings, and yields an Article for every page that is an article.

    Arguments: `url` (an address, or several with spaces between) or `seeds` (a file), and for `url` the limits of a
    seed row: depth, pages, since, keep, skip, render.
    """

    name = "articles"
    handle_httpstatus_list: Final = [304]

    crawl_state: CrawlState
    host_facts: HostFacts
    settler: Settler
    lifecycle: Lifecycle
    waking: Waking
    pool: CleaningPool
    options: CleanOptions
    explained: Explained
    filter: RecordFilter
    bad_seeds: list[InputError]

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Read the seeds and open the crawl's files. Raises UsageError if there is nothing to start from."""
        spider = super().from_crawler(crawler)
        spider.options = for_whole_records(options_of(crawler))
        seeds, spider.bad_seeds = seeds_of(kwargs)
        facts = SharedHostFacts if crawler.settings["FRONTIER"] else HostFacts
        spider.host_facts = facts(frozenset(host_of(seed.url) for seed in seeds))
        spider.crawl_state = open_crawl(crawler, seeds, spider.host_facts, json.dumps(kwargs, sort_keys=True))
        spider.settler = Settler(spider.crawl_state)
        spider.lifecycle = Lifecycle(spider.crawl_state)
        spider.waking = Waking(spider.crawl_state)
        spider.pool = pool_of(crawler, preload=["crawler.pages.preload"])
        spider.filter = RecordFilter(crawler)
        spider.explained = explained_by(crawler.settings)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Queue the seeds, and in a further run the pages of earlier ones that may hold something new."""
        state = self.crawl_state
        for error in self.bad_seeds:
            state.input_failed(str(error))
        state.turns.add([Target(one_spelling(seed.url), "seed", seed=row) for row, seed in enumerate(state.seeds)])
        if state.frontier.run > 1:
            live_since = NEVER if self.settings.getbool("ONLY_NEW") else stale_before(LIVE_DAYS)
            stale = stale_before(self.settings["REFETCH_AGE"])
            state.turns.add(state.frontier.to_fetch_again(RELIST_DEPTH, live_since, stale))
        state.commit()
        await self.pool.started()
        if state.files.resumed:
            logger.info("Going on with an interrupted crawl: %s left", amount(state.frontier.queued, "address"))
        return
        yield

    def request_for(self, target: Target, known: Known | None) -> Request:
        """The request that fetches an address, conditional on a change since the fetch that left `known` behind."""
        stated = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
        return Request(
            target.url,
            # The validators as the server sent them.
            headers={name: value.encode("latin-1") for name, value in stated.items() if value},
            callback=self.callback_of(target.kind),
            errback=self.failed,
            meta={
                "target": target,
                "known": known,
                "download_maxsize": MAX_BYTES if target.kind == "sitemap" else self.settings.getint("DOWNLOAD_MAXSIZE"),
                **self.host_facts.turn_of(host_of(target.url)),
            },
            dont_filter=True,
        )

    def callback_of(self, kind: TargetKind) -> Callable[[Response], Any]:
        """The callback for a kind of address."""
        return {"sitemap": self.parse_sitemap, "feed": self.parse_feed}.get(kind, self.parse)

    # Pages

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Any]:
        """Read a page: yield its Article if it is one, and queue its links."""
        target: Target = response.meta["target"]
        answer = self.answer(response)
        if answer.outcome is not CrawlOutcome.FETCHED:
            self.settler.settle(response.request, answer)
            return
        reading = await self.read_or_settle(target, response)
        if reading is None:
            return
        reading, answer = await self.as_rendered(target, response, reading, answer)
        answer = replace(answer, content_sha256=reading.article.content_sha256, kind=found_kind(reading))
        if not is_single_article(target, reading):
            await self.follow(target, response, reading)
        if self.waits_for_first_page(target, response, reading):
            return
        if left_out := self.left_out(target, response, reading, answer):
            self.settler.settle(response.request, left_out)
            return
        article, settlement = await self.written(target, response, reading, answer)
        outcome = self.filter.outcome_of(article)
        if outcome is None and not self.take_slot(target.seed):
            outcome = CrawlOutcome.OVER_LIMIT
        if outcome:
            self.settler.settle(response.request, replace(answer, outcome=outcome))
            return
        response.meta["settlement"] = settlement  # until the record is in the output
        yield article

    async def read_or_settle(self, target: Target, response: Response) -> Reading | None:
        """Clean and judge a page. None if it cannot be cleaned: then it is settled as failed."""
        try:
            return await self.read(response, self.crawl_state.site_of_seed(target.seed))
        except InputError as error:
            self.crawl_state.input_failed(str(error))
            # Without ETag and Last-Modified, or the next run would be told that the page has not changed.
            self.settler.settle(response.request, failure(CrawlOutcome.NOT_CLEANED))
            return None

    async def read(self, response: Response, site: str) -> Reading:
        """Clean and judge a page in a worker process."""
        job = partial(read_page, options=self.options, site=site, explained=self.explained)
        return await self.pool.run(job, page_of(response), response.url)

    async def as_rendered(
        self, target: Target, response: Response, reading: Reading, answer: Settlement
    ) -> tuple[Reading, Settlement]:
        """The page as a browser shows it, if that is wanted and succeeds; else as it was read."""
        seed = self.crawl_state.seeds[target.seed]
        if not wants_browser(self.settings, seed.render, reading.article.needs_javascript):
            return reading, answer
        page = await self.fetch_more(response.url, response, in_browser=True)
        self.crawler.stats.inc_value("copydesk/rendered" if page else "copydesk/not_rendered")
        if page is None:
            return reading, answer
        response.meta["archived"] = page.meta.get("archived")
        # ETag and Last-Modified belong to the page without text, which stays the same when the article changes.
        unconditional = replace(answer, etag=None, last_modified=None)
        return await self.read(page, self.crawl_state.site_of_seed(target.seed)), unconditional

    def answer(self, response: Response) -> Settlement:
        """The settlement by the response alone: FETCHED if the page is worth reading, else why it is not."""
        target: Target = response.meta["target"]
        state = self.crawl_state
        self.settler.host_answered(host_of(response.url))
        known: Known | None = response.meta.get("known")
        # A page that was never seen has nothing to be compared with, so its worker makes the hash.
        answer = settlement_of_answer(response, hashed=known is not None or target.kind in ("feed", "sitemap"))
        if response.status == 304 and known is None:  # nobody asked for that
            return failure(CrawlOutcome.HTTP_ERROR, 304)
        if response.status == 304 or (known and known.content_sha256 == answer.content_sha256):
            return replace(answer, outcome=CrawlOutcome.UNCHANGED, content_sha256=None)
        if target.kind not in ("feed", "sitemap") and not is_html(response):
            return replace(answer, outcome=CrawlOutcome.NOT_HTML)
        if target.kind == "seed":
            state.frontier.set_fact(f"site {target.url}", site_of(response.url))
        elif not within(response.url, state.site_of_seed(target.seed)):
            return replace(answer, outcome=CrawlOutcome.OFF_SITE)
        return answer

    def left_out(self, target: Target, response: Response, reading: Reading, answer: Settlement) -> Settlement | None:
        """Why no record is written for a page, as its settlement; None if one is."""
        seed = self.crawl_state.seeds[target.seed]
        if reading.kind != "article" and not self.settings.getbool("WRITE_LISTINGS"):
            shell = reading.article.needs_javascript
            return replace(answer, outcome=CrawlOutcome.NEEDS_JAVASCRIPT if shell else CrawlOutcome.LISTING)
        if instead := self.page_instead(one_spelling(response.url), reading):
            self.crawl_state.turns.add([target._replace(url=instead, kind="article")])
            outcome = CrawlOutcome.CONTINUATION if reading.first_page else CrawlOutcome.ALTERNATE
            return replace(answer, outcome=outcome, stands_for=instead)
        if is_too_old(reading.article.date_published, seed):
            return replace(answer, outcome=CrawlOutcome.TOO_OLD)
        if self.settings.getbool("OBEY_NOINDEX") and RESERVED.intersection(reading.article.flags):
            return replace(answer, outcome=CrawlOutcome.RESERVED)
        return None

    def waits_for_first_page(self, target: Target, response: Response, reading: Reading) -> bool:
        """Whether a page must wait because its address names a first page that no link has led to yet."""
        if reading.kind != "article" or reading.first_page or target.kind == "seed" or response.request is None:
            return False
        first = named_first_page(target.url)
        seed = self.crawl_state.seeds[target.seed]
        if first is None or not is_wanted(first, "article", seed, self.crawl_state.trails):
            return False
        return self.settler.wait_for(response.request, target._replace(url=one_spelling(first), lastmod=None))

    def page_instead(self, url: str, reading: Reading) -> str | None:
        """The address to make the record from instead of this page; None for this page itself."""
        frontier = self.crawl_state.frontier
        instead = reading.single_page or reading.first_page or stands_for(url, reading.pointers.canonical, frontier)
        known = frontier.status_of(instead) if instead else None
        is_none = known is not None and not (known.is_pending or known.is_article)
        return None if is_none else instead

    def take_slot(self, seed: int) -> bool:
        """Count one more article of a seed. If its limit is reached, let go of its other addresses and return False."""
        limit = self.crawl_state.seeds[seed].pages
        if limit is None or self.crawl_state.frontier.take_slot(seed, limit):
            return True
        self.crawl_state.frontier.let_go(seed, CrawlOutcome.OVER_LIMIT)
        return False

    async def written(
        self, target: Target, response: Response, reading: Reading, answer: Settlement
    ) -> tuple[Article, Settlement]:
        """The record of a page, and the settlement to write once the record is in the output."""
        rest = await self.further_pages(response, reading)
        whole = with_pages(reading, rest)
        article, response.meta[ROWS] = whole.article, whole.explanation
        pages = tuple(page.article.url or "" for page in (reading, *rest)) if rest else ()
        answer = replace(answer, record_id=article.id, body_sha256=article.body_sha256, pages=pages)
        if not has_changed(self.crawl_state.files.store, article):
            return article, replace(answer, outcome=CrawlOutcome.RECORD)
        changed = with_change_date(article, target.lastmod, answer.last_modified)
        return changed, replace(answer, outcome=CrawlOutcome.CHANGED)

    async def further_pages(self, response: Response, reading: Reading) -> list[Reading]:
        """The further pages of an article, fetched at once, so that the article is written whole or not at all."""
        rest: list[Reading] = []
        seen = {one_spelling(response.url)}
        following = reading.next_page
        while following and following not in seen and len(rest) < self.settings.getint("ARTICLE_PAGES_MAX") - 1:
            page = await self.fetch_more(following, response)
            address = one_spelling(page.url) if page else ""
            if page is None or address in seen or not is_same_page(following, address):
                break
            seen |= {following, address}
            rest.append(await self.read(page, site_of(response.url)))
            response.meta.setdefault("passed", []).append(following)
            following = rest[-1].next_page
        return rest

    async def fetch_more(self, url: str, response: Response, in_browser: bool = False) -> Response | None:
        """Fetch a further page of an article, or the page once more in a browser; None if it cannot be fetched."""
        request = Request(url, meta={"further_of": response.url, **self.host_facts.turn_of(host_of(url))})
        try:
            page = await self.crawler.engine.download_async(rendered(request) if in_browser else request)
        except Exception as error:
            what = "not rendered" if in_browser else f"a further page of {response.url} that cannot be fetched"
            logger.warning("%s: %s (%s)", url, what, error)
            return None
        response.meta.setdefault("exchanges", []).extend(page.meta.get("exchanges", ()))
        return page if page.status == 200 and is_html(page) else None

    # Links of pages, and entries of sitemaps and feeds

    async def follow(self, target: Target, response: Response, reading: Reading) -> None:
        """Queue the links of a page: articles, further listings, and from a seed its feeds and sitemaps."""
        state = self.crawl_state
        seed = state.seeds[target.seed]
        depth = target.depth + 1
        if depth > (seed.depth if seed.depth is not None else self.settings.getint("DEPTH_MAX")):
            return
        if target.kind == "seed":
            state.turns.add(self.sources_of(target, response, reading))
        wanted: list[Link] = []
        new = 0
        for some in _batches(reading.pointers.links):
            links = [link for link in some if is_wanted(link.url, link.kind, seed, state.trails)]
            new += state.turns.add(article_targets(links, depth, target.seed))
            wanted += links
            await asyncio.sleep(0)
        state.trails.fetched(response.url, bool(new) or reading.kind == "article")
        barren = 0 if new or target.kind == "seed" else target.barren + 1
        if barren > self.settings.getint("BARREN_MAX"):
            return
        for some in _batches([link for link in wanted if link.kind != "article"]):
            state.turns.add(listing_targets(some, depth, barren, target.seed))
            await asyncio.sleep(0)

    def sources_of(self, target: Target, response: Response, reading: Reading) -> list[Target]:
        """The sitemaps that a seed's robots.txt names and the feeds that its page names, those of its site alone."""
        maps = self.host_facts.sitemaps.get(host_of(response.url), ())
        found = self.bounded([Target(url, "sitemap", seed=target.seed) for url in maps])
        found += [Target(url, "feed", seed=target.seed) for url in reading.pointers.feeds]
        return [source for source in found if within(source.url, self.crawl_state.site_of_seed(target.seed))]

    async def parse_sitemap(self, response: Response) -> None:
        """Queue the entries of a sitemap. A thread reads it, a few hundred entries at a time, so nothing waits."""
        rows = _in_thread(read_sitemap(response.body, response.url))
        await self.parse_listed(response, CrawlOutcome.SITEMAP, rows)

    async def parse_feed(self, response: Response) -> None:
        """Queue the entries of a feed, which a worker process reads."""
        await self.parse_listed(response, CrawlOutcome.FEED, self.feed_rows(response))

    async def feed_rows(self, response: Response) -> AsyncIterator[Sequence[Listed]]:
        """The entries of a feed. Raises InputError if it cannot be read in time."""
        yield await self.pool.run(partial(read_feed, response.body), response.url, response.url)

    async def parse_listed(
        self, response: Response, outcome: CrawlOutcome, pieces: AsyncIterator[Sequence[Listed]]
    ) -> None:
        """Queue the entries of a sitemap or feed, piece by piece, unless it is unchanged since the last run."""
        answer = self.answer(response)
        if answer.outcome is CrawlOutcome.FETCHED:
            answer = replace(answer, outcome=outcome)
            try:
                async for rows in pieces:
                    self.crawl_state.turns.add(self.listed_targets(rows, response.meta["target"]))
            except InputError as error:
                self.crawl_state.input_failed(str(error))
                answer = failure(CrawlOutcome.NOT_CLEANED)
        self.settler.settle(response.request, answer)

    def listed_targets(self, rows: Sequence[Listed], source: Target) -> list[Target]:
        """The entries of a sitemap or feed that its seed's limits allow, as targets."""
        state = self.crawl_state
        seed, site = state.seeds[source.seed], state.site_of_seed(source.seed)
        found = (listed_target(listed, source, seed, site, state.trails) for listed in rows)
        return self.bounded([target for target in found if target])

    def bounded(self, targets: list[Target]) -> list[Target]:
        """The targets without the sitemaps beyond the limit of their seed. The log says once that some are left out.

        Only the first sitemaps of a seed come before its articles: a site may name hundreds.
        """
        kept = []
        for target in targets:
            if target.kind == "sitemap":
                taken = self.sitemap_number(target.seed)
                if taken > self.settings.getint("SITEMAPS_MAX"):
                    continue
                if taken > SITEMAPS_BEFORE_ARTICLES:
                    target = waiting_for_articles(target)
            kept.append(target)
        return kept

    def sitemap_number(self, seed: int) -> int:
        """Count one more sitemap of a seed and give its number, from 1. The log says once that the limit is passed."""
        most, taken = self.settings.getint("SITEMAPS_MAX"), self.crawl_state.sitemaps_taken
        taken[seed] += 1
        if taken[seed] == most + 1:
            url = self.crawl_state.seeds[seed].url
            logger.warning("%s names more than %d sitemaps; the others are left out", url, most)
        return taken[seed]

    # Failures, and the end

    def failed(self, failed: Any) -> None:
        """A request failed: settle the address with the reason, and pause the host if the host is at fault."""
        request: Request = failed.request
        if isinstance(failed.value, HostPaused):
            self.settler.put_back(request)
            return
        target: Target | None = request.meta.get("target")
        host = host_of(request.url)
        settlement, host_at_fault = failed_fetch(failed.value)
        if settlement.outcome is CrawlOutcome.ROBOTS and host in self.host_facts.robots_unread:
            settlement = replace(settlement, outcome=CrawlOutcome.ROBOTS_UNREAD)
        if host_at_fault:
            self.crawler.stats.inc_value(f"copydesk/host_errors/{host}")
        elif settlement.outcome is CrawlOutcome.HTTP_ERROR:
            self.settler.host_answered(host)
        is_seed = target is not None and target.kind == "seed"
        if target is not None and is_seed:
            why = self.why_failed(target, request, settlement, failed.getErrorMessage())
            # An unreadable robots.txt was logged already; the closing lines name the seed.
            unread = settlement.outcome is CrawlOutcome.ROBOTS_UNREAD
            self.crawl_state.input_failed(why, logging.DEBUG if unread else logging.ERROR)
        if host_at_fault and not is_seed:
            self.settler.host_failed(request, settlement)
        else:
            self.settler.settle(request, settlement)

    def why_failed(self, target: Target, request: Request, settlement: Settlement, message: str) -> str:
        """The message why a seed could not be fetched, and what to do."""
        if settlement.outcome in (CrawlOutcome.ROBOTS, CrawlOutcome.ROBOTS_UNREAD):
            agent = self.settings["ROBOTSTXT_USER_AGENT"] or self.settings["USER_AGENT"]
            where = f"{target.url} leads to " if request.url != target.url else ""
            return where + why_forbidden(request.url, self.host_facts.robots_unread, agent)
        if settlement.outcome is CrawlOutcome.HTTP_ERROR:
            message = f"the server answered {settlement.status}"
        return f"{target.url}: not fetched ({message.rstrip('.')}); check the address"

    def closed(self, reason: str) -> None:
        """Stop the worker processes."""
        self.pool.close()


def open_crawl(crawler: Crawler, seeds: list[Seed], facts: HostFacts, command: str) -> CrawlState:
    """Open the files and the frontier of the settings. Raises UsageError if one cannot be opened.

    command  the spider's arguments as text: an interrupted crawl goes on if they are the same
    """
    files = open_files(crawler.settings, command)
    frontier: Frontier = files.store
    turns = HostTurns(frontier, facts, crawler.settings)
    if isinstance(facts, SharedHostFacts):
        frontier = shared = shared_frontier(crawler.settings, facts)
        turns = SharedTurns(shared, facts, crawler.settings)
    frontier.use_seeds([seed.url for seed in seeds])
    state = CrawlState(crawler, seeds, files, frontier, facts, turns)
    state.commit()
    return state


def found_kind(reading: Reading) -> TargetKind:
    """The kind of an address, once its page was read."""
    if reading.kind != "article":
        return "listing"
    return "live" if reading.is_live else "article"


def is_single_article(target: Target, reading: Reading) -> bool:
    """Whether a seed names a single article, so that its links are not wanted."""
    return target.kind == "seed" and reading.kind == "article" and link_kind(target.url) == "article"


def _batches(links: Sequence[Link]) -> Iterator[list[Link]]:
    """The links, a few hundred at a time: queueing more would keep the reactor waiting."""
    for at in range(0, len(links), ROWS_AT_A_TIME):
        yield list(links[at : at + ROWS_AT_A_TIME])


async def _in_thread(rows: Iterator[Listed]) -> AsyncIterator[Sequence[Listed]]:
    while piece := await asyncio.to_thread(lambda: list(islice(rows, ROWS_AT_A_TIME))):
        yield piece
