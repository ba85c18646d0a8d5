"""Turns a response into the Page to clean, and a response or a failure into the outcome of the fetch."""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from cleaners.page import Page
from crawler.fetching.refusals import BodyTooLarge, NotUnpacked, RedirectLoop
from crawler.fetching.robots_rules import ForbiddenByRobots
from crawler.fetching.safety import AddressWithPassword, InsideAddress
from crawler.frontier.outcomes import CrawlOutcome
from crawler.frontier.targets import Settlement, failure
from pipelines.dates.utc import utc_now
from pipelines.inputs.kinds import binary_format
from pipelines.inputs.streams import CHUNK
from pipelines.record.header_reservations import reserved_by_headers

_HTML_TYPES: Final = ("text/html", "application/xhtml+xml", "")


def page_of(response: Response) -> Page:
    """The Page of a response: decoded from its HTTP encodings, as an offline run would find it saved."""
    headers = [(name.decode("latin-1"), value.decode("latin-1"))
               for name, values in response.headers.items() for value in values]  # fmt: skip
    content_type = response.headers.get("Content-Type")
    return Page(
        content=response.body,
        url=response.url,
        source_type="crawl",
        fetched_at=utc_now(),
        http_status=response.status,
        content_type=content_type.decode("latin-1") if content_type else None,
        stated=reserved_by_headers(headers),
    )


def media_type(response: Response) -> str:
    """The media type that the response states, lower case; empty if none."""
    header = response.headers.get("Content-Type") or b""
    return header.decode("latin-1").partition(";")[0].strip().lower()


def is_html(response: Response) -> bool:
    """Whether a response is a page: it states so, or states nothing, and its bytes are those of a text.

    Without the look at the bytes, a PDF that is sent without a type, or as text/html, would become a record.
    """
    return media_type(response) in _HTML_TYPES and binary_format(response.body[:CHUNK]) is None


def settlement_of_answer(response: Response, hashed: bool) -> Settlement:
    """What is kept of any response for the next run's conditional request; with a hash of its bytes if `hashed`."""
    return Settlement(
        CrawlOutcome.FETCHED,
        fetched_at=utc_now(),
        etag=_text(response, "ETag"),
        last_modified=_text(response, "Last-Modified"),
        content_sha256=hashlib.sha256(response.body).hexdigest() if hashed else None,
    )


class Failed(NamedTuple):
    """How a fetch failed, and whether its host is at fault rather than the page."""

    settlement: Settlement
    host_at_fault: bool


def failed_fetch(error: BaseException) -> Failed:
    """Name the failure of a fetch after the type of its exception."""
    if isinstance(error, HttpError):
        status = error.response.status
        return Failed(failure(CrawlOutcome.HTTP_ERROR, status), status >= 500 or status in (408, 429))
    for kinds, outcome, host_at_fault in _FAILURES:
        if isinstance(error, kinds):
            return Failed(failure(outcome), host_at_fault)
    return Failed(failure(CrawlOutcome.UNREACHABLE), True)


# From specific to general: the first row whose types match names the failure.
_FAILURES: Final[tuple[tuple[tuple[type[BaseException], ...], CrawlOutcome, bool], ...]] = (
    ((InsideAddress,), CrawlOutcome.INSIDE_ADDRESS, False),
    ((AddressWithPassword,), CrawlOutcome.WITH_PASSWORD, False),
    ((ForbiddenByRobots,), CrawlOutcome.ROBOTS, False),
    ((RedirectLoop,), CrawlOutcome.REDIRECT_LOOP, False),
    ((BodyTooLarge, DownloadCancelledError), CrawlOutcome.TOO_LARGE, False),
    ((NotUnpacked,), CrawlOutcome.NOT_UNPACKED, False),
    ((IgnoreRequest,), CrawlOutcome.IGNORED, False),
    ((DownloadTimeoutError,), CrawlOutcome.TIMED_OUT, True),
    ((CannotResolveHostError,), CrawlOutcome.NO_SUCH_HOST, True),
    ((ResponseDataLossError, DownloadFailedError), CrawlOutcome.BROKEN_OFF, True),
)


def _text(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
