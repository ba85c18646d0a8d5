"""The frontier's values: an address to fetch, the facts of its last fetch, and the outcome of this one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Literal, NamedTuple

from crawler.frontier.outcomes import ARTICLES, CrawlOutcome

TargetKind = Literal["seed", "article", "live", "listing", "feed", "sitemap"]
"""What an address is expected to be, and later what it was found to be."""


class State(IntEnum):
    """Where an address is in the crawl. The values are stored."""

    PENDING = 0
    DONE = 1
    FAILED = 2


class Target(NamedTuple):
    """An address to fetch. `url` is in one spelling; `lastmod` is UTC, ISO 8601, where a sitemap or feed gives one.

    `depth` counts links from the seed, `seed` is the row of the seed list. `barren` counts listings before this one
    that led to nothing new, or sitemap indexes around a sitemap, LATE more if it waits for articles.
    """

    url: str
    kind: TargetKind
    depth: int = 0
    barren: int = 0
    seed: int = 0
    lastmod: str | None = None


PRIORITIES: Final[dict[str, int]] = {"sitemap": 0, "feed": 1, "seed": 2, "article": 10, "live": 10, "listing": 20}
"""What is fetched first, smallest number first: what tells most about the site, then articles, then more listings."""


SITEMAP_DEPTH: Final = 3
"""Sitemap indexes that may lie around a sitemap; the protocol has one, some sites have two."""
LATE: Final = SITEMAP_DEPTH + 1
"""What `barren` of a sitemap has more if the sitemap waits for articles, whatever the number of indexes around it."""
WAITING: Final = 2
"""Indexes around a sitemap from which on it waits for the articles that are known by then."""


def waiting_for_articles(target: Target) -> Target:
    """The same sitemap, to be fetched after the articles that are known by then."""
    return target if target.barren >= WAITING else target._replace(barren=target.barren + LATE)


def indexes_around(sitemap: Target) -> int:
    """The number of sitemap indexes around a sitemap."""
    return sitemap.barren % LATE


def priority_of(target: Target) -> int:
    """What is fetched first, smallest number first. Sitemaps far below an index wait for the articles known by then."""
    if target.kind == "sitemap" and target.barren >= WAITING:
        return PRIORITIES["article"] + target.barren
    return PRIORITIES[target.kind] + (target.depth if target.kind == "listing" else 0)


class Known(NamedTuple):
    """The facts that the last fetch of an address left behind."""

    etag: str | None
    last_modified: str | None
    content_sha256: str | None


class Status(NamedTuple):
    """The state of an address, the id of its record, if there is one, the outcome of its fetch, and the run that queued
    or settled it last."""

    state: State
    record_id: str | None
    outcome: str | None = None
    run: int = 1

    @property
    def is_pending(self) -> bool:
        """Whether the address is still to be fetched."""
        return self.state is State.PENDING

    @property
    def is_article(self) -> bool:
        """Whether an article was found at the address, written or left out."""
        return not self.is_pending and (self.record_id is not None or self.outcome in ARTICLES)


@dataclass(frozen=True, slots=True)
class Settlement:
    """How the fetch of an address ended. A field that is None leaves the frontier's earlier value.

    `status` is the HTTP status of an HTTP_ERROR. `stands_for` is the address whose article this page is another
    version or page of; `pages` are the addresses of an article that runs over several.
    """

    outcome: CrawlOutcome
    state: State = State.DONE
    status: int | None = None
    kind: TargetKind | None = None
    fetched_at: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    content_sha256: str | None = None
    body_sha256: str | None = None
    record_id: str | None = None
    stands_for: str | None = None
    pages: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The outcome's name as it is stored and counted: its value, or `http_` and the status."""
        return f"http_{self.status}" if self.outcome is CrawlOutcome.HTTP_ERROR else self.outcome.value

    @property
    def is_article(self) -> bool | None:
        """Whether an article was found at the address, written or left out; None if that is unchanged."""
        if self.outcome is CrawlOutcome.UNCHANGED:
            return None
        return self.record_id is not None or self.outcome in ARTICLES


def failure(outcome: CrawlOutcome, status: int | None = None) -> Settlement:
    """The settlement of an address that could not be fetched or written; a further run tries it again."""
    return Settlement(outcome, State.FAILED, status)
