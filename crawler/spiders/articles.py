"""The spider of `scrapy crawl articles`: from the addresses of sites to one record for every article."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final, Self

import scrapy
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from cleaners.errors import InputError
from cleaners.words.amounts import amount
from crawler.fetching.host_facts import HostFacts
from crawler.fetching.rendering import wants_browser
from crawler.fetching.responses import is_html, settlement_of_answer
from crawler.frontier.outcomes import CrawlOutcome
from crawler.frontier.seed_limits import is_too_old, is_wanted
from crawler.frontier.targets import Known, Settlement, Target, TargetKind, failure
from crawler.frontier.versions import stands_for
from crawler.pages.pagination import named_first_page
from crawler.pages.reading import Reading, with_pages
from crawler.running.explanations import ROWS, check_place
from crawler.running.failed_requests import FailedRequests
from crawler.running.filtering import RecordFilter
from crawler.running.leads import ROWS_AT_A_TIME, Leads
from crawler.running.lifecycle import Lifecycle
from crawler.running.opening import open_crawl
from crawler.running.page_reader import PageReader
from crawler.running.settler import Settler
from crawler.running.shared import SharedHostFacts
from crawler.running.state import CrawlState
from crawler.running.turns import stale_before
from crawler.running.waking import Waking
from crawler.sources.seeds import seeds_of
from crawler.sources.sitemaps import MAX_BYTES, Listed, read_sitemap
from crawler.storage.changes import has_changed, with_change_date
from crawler.urls.spelling import host_of, one_spelling, site_of, within
from pipelines.record.article import Article
from pipelines.record.kinds.link_kinds import link_kind
from pipelines.workers.settings import for_whole_records, options_of

RELIST_DEPTH: Final = 3
"""Up to this depth, a further run fetches listings again; deeper ones only if a changed page links to them."""
LIVE_DAYS: Final = 3
"""For this many days after its last change, a further run fetches a live blog again."""
NEVER: Final = "9999"
"""A time later than all fetches, for runs that fetch no live blog again."""

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
    reader: PageReader
    leads: Leads
    failures: FailedRequests
    filter: RecordFilter
    bad_seeds: list[InputError]

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Read the seeds and open the crawl's files. Raises UsageError if there is nothing to start from."""
        spider = super().from_crawler(crawler)
        # Everything that can be wrong with the settings comes before the files are opened.
        options = for_whole_records(options_of(crawler))
        seeds, spider.bad_seeds = seeds_of(kwargs)
        spider.filter = RecordFilter(crawler)
        check_place(crawler.settings)
        facts = SharedHostFacts if crawler.settings["FRONTIER"] else HostFacts
        spider.host_facts = facts(frozenset(host_of(seed.url) for seed in seeds))
        spider.crawl_state = open_crawl(crawler, seeds, spider.host_facts, json.dumps(kwargs, sort_keys=True))
        spider.settler = Settler(spider.crawl_state)
        spider.lifecycle = Lifecycle(spider.crawl_state)
        spider.waking = Waking(spider.crawl_state)
        spider.reader = PageReader(spider.crawl_state, options)
        spider.leads = Leads(spider.crawl_state)
        spider.failures = FailedRequests(spider.crawl_state, spider.settler)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Queue the seeds, and in a further run the pages of earlier ones that may hold something new."""
        state = self.crawl_state
        for error in self.bad_seeds:
            state.input_failed(str(error))
        state.turns.add([Target(one_spelling(seed.url), "seed", seed=row) for row, seed in enumerate(state.seeds)])
        if state.frontier.run > 1:
            live_since = NEVER if self.settings.getbool("ONLY_NEW") else stale_before(LIVE_DAYS)
            again = state.frontier.to_fetch_again(RELIST_DEPTH, live_since, state.turns.stale_before)
            while some := list(islice(again, ROWS_AT_A_TIME)):
                state.turns.add(some)
                await asyncio.sleep(0)
        state.commit()
        await self.reader.pool.started()
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
            errback=self.failures.settle,
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
            await self.leads.add_page(target, response.url, reading)
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
            return await self.reader.read(response, self.crawl_state.site_of_seed(target.seed))
        except InputError as error:
            self.crawl_state.input_failed(str(error))
            # Without ETag and Last-Modified, or the next run would be told that the page has not changed.
            self.settler.settle(response.request, failure(CrawlOutcome.NOT_CLEANED))
            return None

    async def as_rendered(
        self, target: Target, response: Response, reading: Reading, answer: Settlement
    ) -> tuple[Reading, Settlement]:
        """The page as a browser shows it, if that is wanted and succeeds; else as it was read."""
        seed = self.crawl_state.seeds[target.seed]
        if not wants_browser(self.settings, seed.render, reading.article.needs_javascript):
            return reading, answer
        shown = await self.reader.read_rendered(response, self.crawl_state.site_of_seed(target.seed))
        if shown is None:
            return reading, answer
        # ETag and Last-Modified belong to the page without text, which stays the same when the article changes.
        return shown, replace(answer, etag=None, last_modified=None)

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
        rest = await self.reader.further_pages(response, reading)
        whole = with_pages(reading, rest)
        article, response.meta[ROWS] = whole.article, whole.explanation
        pages = tuple(page.article.url or "" for page in (reading, *rest)) if rest else ()
        answer = replace(answer, record_id=article.id, body_sha256=article.body_sha256, pages=pages)
        if not has_changed(self.crawl_state.files.store, article):
            return article, replace(answer, outcome=CrawlOutcome.RECORD)
        changed = with_change_date(article, target.lastmod, answer.last_modified)
        return changed, replace(answer, outcome=CrawlOutcome.CHANGED)

    async def parse_sitemap(self, response: Response) -> None:
        """Queue the entries of a sitemap. A thread reads it, a few hundred entries at a time, so nothing waits."""
        rows = _in_thread(read_sitemap(response.body, response.url))
        await self.parse_listed(response, CrawlOutcome.SITEMAP, rows)

    async def parse_feed(self, response: Response) -> None:
        """Queue the entries of a feed, which a worker process reads."""

        async def all_at_once() -> AsyncIterator[Sequence[Listed]]:
            yield await self.reader.read_feed(response)

        await self.parse_listed(response, CrawlOutcome.FEED, all_at_once())

    async def parse_listed(
        self, response: Response, outcome: CrawlOutcome, pieces: AsyncIterator[Sequence[Listed]]
    ) -> None:
        """Queue the entries of a sitemap or feed, piece by piece, unless it is unchanged since the last run."""
        answer = self.answer(response)
        if answer.outcome is CrawlOutcome.FETCHED:
            answer = replace(answer, outcome=outcome)
            try:
                async for rows in pieces:
                    self.leads.add_listed(rows, response.meta["target"])
            except InputError as error:
                self.crawl_state.input_failed(str(error))
                answer = failure(CrawlOutcome.NOT_CLEANED)
        self.settler.settle(response.request, answer)

    def closed(self, reason: str) -> None:
        """Stop the worker processes."""
        self.reader.pool.close()


def found_kind(reading: Reading) -> TargetKind:
    """The kind of an address, once its page was read."""
    if reading.kind != "article":
        return "listing"
    return "live" if reading.is_live else "article"


def is_single_article(target: Target, reading: Reading) -> bool:
    """Whether a seed names a single article, so that its links are not wanted."""
    return target.kind == "seed" and reading.kind == "article" and link_kind(target.url) == "article"


async def _in_thread(rows: Iterator[Listed]) -> AsyncIterator[Sequence[Listed]]:
    while piece := await asyncio.to_thread(lambda: list(islice(rows, ROWS_AT_A_TIME))):
        yield piece
