"""The outcomes of a fetch: a name for each, and its words in the closing summary."""

from __future__ import annotations

import re
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class CrawlOutcome(StrEnum):
    """How the fetch of an address ended. The values are stored, archived and counted in the stats: never rename one."""

    FETCHED = "fetched"
    RECORD = "record"
    CHANGED = "changed"
    DUPLICATE = "duplicate"
    DUPLICATE_BODY = "duplicate_body"
    UNCHANGED = "unchanged"
    ALTERNATE = "alternate"
    CONTINUATION = "continuation"
    LISTING = "listing"
    NEEDS_JAVASCRIPT = "needs_javascript"
    SITEMAP = "sitemap"
    FEED = "feed"
    NOT_HTML = "not_html"
    TOO_OLD = "too_old"
    RESERVED = "reserved"
    OVER_LIMIT = "over_limit"
    FILTERED = "filtered"
    OFF_SITE = "off_site"
    REDIRECT_TO_KNOWN = "redirect_to_known"
    REDIRECTED_TO = "redirected_to"
    DROPPED = "dropped"
    SEED_REMOVED = "seed_removed"
    NOT_CLEANED = "not_cleaned"
    NOT_WRITTEN = "not_written"
    ERROR = "error"
    HTTP_ERROR = "http_error"
    ROBOTS = "robots"
    ROBOTS_UNREAD = "robots_unread"
    INSIDE_ADDRESS = "inside_address"
    WITH_PASSWORD = "with_password"
    IGNORED = "ignored"
    REDIRECT_LOOP = "redirect_loop"
    TOO_LARGE = "too_large"
    NOT_UNPACKED = "not_unpacked"
    TIMED_OUT = "timed_out"
    NO_SUCH_HOST = "no_such_host"
    BROKEN_OFF = "broken_off"
    UNREACHABLE = "unreachable"
    HOST_GIVEN_UP = "host_given_up"


TITLES: Final = MappingProxyType(
    {
        CrawlOutcome.FETCHED: "pages fetched and not yet judged",
        CrawlOutcome.RECORD: "records written",
        CrawlOutcome.CHANGED: "records written again because the page changed",
        CrawlOutcome.DUPLICATE: "pages of an article that was written before",
        CrawlOutcome.DUPLICATE_BODY: "pages with the same text as another",
        CrawlOutcome.UNCHANGED: "pages unchanged since the last run",
        CrawlOutcome.ALTERNATE: "AMP, print and other versions of an article",
        CrawlOutcome.CONTINUATION: "further pages of an article",
        CrawlOutcome.LISTING: "listings and other pages that are no article",
        CrawlOutcome.NEEDS_JAVASCRIPT: "pages without text until their scripts run; --render shells renders them",
        CrawlOutcome.SITEMAP: "sitemaps read",
        CrawlOutcome.FEED: "feeds read",
        CrawlOutcome.NOT_HTML: "files that are not HTML",
        CrawlOutcome.TOO_OLD: "articles older than the seed's date",
        CrawlOutcome.RESERVED: "pages that ask not to be used",
        CrawlOutcome.OVER_LIMIT: "addresses beyond the seed's limit of articles",
        CrawlOutcome.FILTERED: "articles that a filter leaves out",
        CrawlOutcome.OFF_SITE: "redirects to another site",
        CrawlOutcome.REDIRECT_TO_KNOWN: "redirects to an address that was fetched",
        CrawlOutcome.REDIRECTED_TO: "addresses reached by a redirect",
        CrawlOutcome.DROPPED: "records that an item pipeline left out",
        CrawlOutcome.SEED_REMOVED: "addresses whose seed was taken out of the list",
        CrawlOutcome.NOT_CLEANED: "pages that could not be cleaned",
        CrawlOutcome.NOT_WRITTEN: "records that could not be written",
        CrawlOutcome.ERROR: "pages that Copydesk failed on",
        CrawlOutcome.HTTP_ERROR: "answers with an error status",
        CrawlOutcome.ROBOTS: "addresses that robots.txt forbids",
        CrawlOutcome.ROBOTS_UNREAD: "addresses of hosts whose robots.txt cannot be read",
        CrawlOutcome.INSIDE_ADDRESS: "addresses inside the network, not fetched",
        CrawlOutcome.WITH_PASSWORD: "addresses that hold a password, not fetched",
        CrawlOutcome.IGNORED: "addresses that Scrapy left out",
        CrawlOutcome.REDIRECT_LOOP: "redirects that lead nowhere",
        CrawlOutcome.TOO_LARGE: "files larger than the limit",
        CrawlOutcome.NOT_UNPACKED: "answers that cannot be unpacked",
        CrawlOutcome.TIMED_OUT: "answers that did not come in time",
        CrawlOutcome.NO_SUCH_HOST: "addresses of hosts that do not exist",
        CrawlOutcome.BROKEN_OFF: "answers that broke off",
        CrawlOutcome.UNREACHABLE: "addresses that could not be reached",
        CrawlOutcome.HOST_GIVEN_UP: "addresses of hosts that kept failing",
    }
)
"""The words of the closing summary for each outcome, after its count."""
FAILURES: Final = frozenset(
    {
        CrawlOutcome.NOT_CLEANED, CrawlOutcome.NOT_WRITTEN, CrawlOutcome.ERROR, CrawlOutcome.HTTP_ERROR,
        CrawlOutcome.ROBOTS, CrawlOutcome.ROBOTS_UNREAD, CrawlOutcome.INSIDE_ADDRESS, CrawlOutcome.WITH_PASSWORD,
        CrawlOutcome.REDIRECT_LOOP, CrawlOutcome.TOO_LARGE, CrawlOutcome.TIMED_OUT, CrawlOutcome.NO_SUCH_HOST,
        CrawlOutcome.BROKEN_OFF, CrawlOutcome.UNREACHABLE, CrawlOutcome.HOST_GIVEN_UP, CrawlOutcome.NOT_UNPACKED,
    }
)  # fmt: skip
"""Outcomes of addresses that failed or were refused."""

_PASSING: Final = frozenset(
    {
        CrawlOutcome.NOT_CLEANED, CrawlOutcome.NOT_WRITTEN, CrawlOutcome.ERROR, CrawlOutcome.ROBOTS_UNREAD,
        CrawlOutcome.TIMED_OUT, CrawlOutcome.NO_SUCH_HOST, CrawlOutcome.BROKEN_OFF, CrawlOutcome.UNREACHABLE,
        CrawlOutcome.HOST_GIVEN_UP, CrawlOutcome.NOT_UNPACKED,
    }
)  # fmt: skip
_PASSING_STATUS: Final = re.compile("http_(?:5..|304|408|429)")

ARTICLES: Final = frozenset(
    {
        CrawlOutcome.RECORD, CrawlOutcome.CHANGED, CrawlOutcome.DUPLICATE, CrawlOutcome.DUPLICATE_BODY,
        CrawlOutcome.ALTERNATE, CrawlOutcome.CONTINUATION, CrawlOutcome.TOO_OLD, CrawlOutcome.RESERVED,
        CrawlOutcome.OVER_LIMIT, CrawlOutcome.FILTERED, CrawlOutcome.DROPPED,
    }
)  # fmt: skip
"""Outcomes of an article's address, written or left out; its further pages and versions get no records of their own."""


def may_pass(name: str) -> bool:
    """Whether a failure may be over by the next run, which then asks again; `name` as in `title`.

    >>> may_pass("http_503"), may_pass("timed_out"), may_pass("http_404"), may_pass("robots")
    (True, True, False, False)
    """
    return name in _PASSING or _PASSING_STATUS.fullmatch(name) is not None


def title(name: str) -> str:
    """An outcome in words; `name` is its value, or `http_` and a status.

    >>> title("feed")
    'feeds read'
    >>> title("http_404")
    'answers with status 404'
    """
    known = TITLES.get(CrawlOutcome(name)) if name in _VALUES else None
    return known or f"answers with status {name.removeprefix('http_')}"


_VALUES: Final = frozenset(outcome.value for outcome in CrawlOutcome)
