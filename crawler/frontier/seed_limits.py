"""Applies a seed's limits to the links of a page, the entries of a sitemap or feed, and dates."""

from __future__ import annotations

import re

from crawler.frontier.targets import SITEMAP_DEPTH, Target, TargetKind, indexes_around
from crawler.pages.links import Link
from crawler.sources.seeds import Seed
from crawler.sources.sitemaps import Listed
from crawler.urls.spelling import within
from crawler.urls.traps import Trails


def is_wanted(url: str, kind: str, seed: Seed, trails: Trails) -> bool:
    """Whether an address may be fetched: it is no trap, `skip` does not match, and `keep` matches an article's."""
    if trails.leads_nowhere(url) or (seed.skip and re.search(seed.skip, url)):
        return False
    return not (seed.keep and kind == "article" and not re.search(seed.keep, url))


def is_too_old(day: str | None, seed: Seed) -> bool:
    """Whether a date (ISO 8601) is known and its day is before the seed's `since`."""
    return bool(day and seed.since and day[:10] < seed.since.isoformat())


def article_targets(links: list[Link], depth: int, seed: int) -> list[Target]:
    """The links that look like articles, to be queued."""
    return [Target(link.url, "article", depth, 0, seed) for link in links if link.kind == "article"]


def listing_targets(links: list[Link], depth: int, barren: int, seed: int) -> list[Target]:
    """The links that look like listings, to be queued; `barren` listings before them led to nothing new."""
    return [Target(link.url, "listing", depth, barren, seed) for link in links if link.kind == "listing"]


def listed_target(listed: Listed, source: Target, seed: Seed, site: str, trails: Trails) -> Target | None:
    """The row to queue for an entry of a sitemap or feed; None if the seed's limits leave it out."""
    if listed.kind == "skip" or not within(listed.url, site) or is_too_old(listed.lastmod, seed):
        return None
    if listed.kind == "sitemap":
        if indexes_around(source) >= SITEMAP_DEPTH:
            return None
        return Target(listed.url, "sitemap", source.depth, source.barren + 1, source.seed, listed.lastmod)
    if not is_wanted(listed.url, listed.kind, seed, trails):
        return None
    kind: TargetKind = "article" if listed.kind == "article" else "listing"
    return Target(listed.url, kind, source.depth + 1, 0, source.seed, listed.lastmod)
