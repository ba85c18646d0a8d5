"""Queues what the pages, sitemaps and feeds of a crawl lead to, within the limits of their seeds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from typing import Final

from crawler.frontier.seed_limits import article_targets, is_wanted, listed_target, listing_targets
from crawler.frontier.targets import Target, waiting_for_articles
from crawler.pages.links import Link
from crawler.pages.reading import Reading
from crawler.running.state import CrawlState
from crawler.sources.sitemaps import Listed
from crawler.urls.spelling import host_of, within

ROWS_AT_A_TIME: Final = 500
"""Rows that are queued before the reactor gets its turn, in about 5 ms."""
SITEMAPS_BEFORE_ARTICLES: Final = 20
"""Sitemaps of a seed that are fetched before its articles; the later ones wait for the articles known by then."""

logger = logging.getLogger(__name__)


class Leads:
    """Queues links of pages, and entries of sitemaps and feeds. DEPTH_MAX, BARREN_MAX and SITEMAPS_MAX limit them."""

    def __init__(self, state: CrawlState) -> None:
        settings = state.crawler.settings
        self._state = state
        self._deepest = settings.getint("DEPTH_MAX")
        self._most_barren = settings.getint("BARREN_MAX")
        self._most_sitemaps = settings.getint("SITEMAPS_MAX")

    async def add_page(self, target: Target, url: str, reading: Reading) -> None:
        """Queue the links of a page: articles, further listings, and from a seed its feeds and sitemaps.

        url  where the page was found, after redirects
        """
        state = self._state
        seed, depth = state.seeds[target.seed], target.depth + 1
        if depth > (seed.depth if seed.depth is not None else self._deepest):
            return
        if target.kind == "seed":
            state.turns.add(self._sources(target, url, reading))
        wanted: list[Link] = []
        new = 0
        for some in _batches(reading.pointers.links):
            links = [link for link in some if is_wanted(link.url, link.kind, seed, state.trails)]
            new += state.turns.add(article_targets(links, depth, target.seed))
            wanted += links
            await asyncio.sleep(0)
        state.trails.fetched(url, bool(new) or reading.kind == "article")
        barren = 0 if new or target.kind == "seed" else target.barren + 1
        if barren <= self._most_barren:
            await self._add_listings([link for link in wanted if link.kind != "article"], depth, barren, target.seed)

    def add_listed(self, rows: Sequence[Listed], source: Target) -> None:
        """Queue the entries of a sitemap or feed that its seed's limits allow."""
        state = self._state
        seed, site = state.seeds[source.seed], state.site_of_seed(source.seed)
        found = (listed_target(listed, source, seed, site, state.trails) for listed in rows)
        state.turns.add(self._bounded([target for target in found if target]))

    async def _add_listings(self, links: Sequence[Link], depth: int, barren: int, seed: int) -> None:
        for some in _batches(links):
            self._state.turns.add(listing_targets(some, depth, barren, seed))
            await asyncio.sleep(0)

    def _sources(self, target: Target, url: str, reading: Reading) -> list[Target]:
        """The sitemaps that a seed's robots.txt names and the feeds that its page names, those of its site alone."""
        maps = self._state.host_facts.sitemaps.get(host_of(url), ())
        found = self._bounded([Target(one, "sitemap", seed=target.seed) for one in maps])
        found += [Target(one, "feed", seed=target.seed) for one in reading.pointers.feeds]
        return [source for source in found if within(source.url, self._state.site_of_seed(target.seed))]

    def _bounded(self, targets: list[Target]) -> list[Target]:
        """The targets without the sitemaps beyond the limit of their seed.

        Only the first sitemaps of a seed come before its articles: a site may name hundreds.
        """
        kept = []
        for target in targets:
            if target.kind == "sitemap":
                taken = self._sitemap_number(target.seed)
                if taken > self._most_sitemaps:
                    continue
                if taken > SITEMAPS_BEFORE_ARTICLES:
                    target = waiting_for_articles(target)
            kept.append(target)
        return kept

    def _sitemap_number(self, seed: int) -> int:
        """Count one more sitemap of a seed and give its number, from 1. The log says once that the limit is passed."""
        taken = self._state.sitemaps_taken
        taken[seed] += 1
        if taken[seed] == self._most_sitemaps + 1:
            url = self._state.seeds[seed].url
            logger.warning("%s names more than %d sitemaps; the others are left out", url, self._most_sitemaps)
        return taken[seed]


def _batches(links: Sequence[Link]) -> Iterator[list[Link]]:
    """The links, a few hundred at a time: queueing more would keep the reactor waiting."""
    for at in range(0, len(links), ROWS_AT_A_TIME):
        yield list(links[at : at + ROWS_AT_A_TIME])
