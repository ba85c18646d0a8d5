"""What an answer or a failure says: the Page to clean, and how the fetch ended."""

from __future__ import annotations

import hashlib
from typing import Any, Final

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
from crawler.fetching.safety import InsideAddress
from crawler.storage.store import FAILED, Outcome
from pipelines.dates.utc import utc_now
from pipelines.record.stages.reservations import reserved_by_headers


def page_of(response: Response) -> Page:
    """The Page that a response brought: decoded from its HTTP encodings, as an offline run would find it saved."""
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


def outcome_of_answer(response: Response, hashed: bool) -> Outcome:
    """What is remembered of any answer, for the next run's conditional request; `hashed` if its content is told now."""
    return Outcome(
        "fetched",
        fetched_at=utc_now(),
        etag=_text(response, "ETag"),
        last_modified=_text(response, "Last-Modified"),
        content_sha256=hashlib.sha256(response.body).hexdigest() if hashed else None,
    )


def outcome_of_failure(failure: Any) -> tuple[Outcome, bool]:
    """How a fetch failed, and whether its host is to blame rather than the page."""
    error = failure.value
    if isinstance(error, HttpError):
        status = error.response.status
        return Outcome(f"http_{status}", FAILED), status >= 500 or status in (408, 429)
    if isinstance(error, InsideAddress):
        return Outcome("inside_address", FAILED), False
    if isinstance(error, IgnoreRequest):
        words = str(error)
        return Outcome(next((name for word, name in _IGNORED if word in words), "ignored"), FAILED), False
    for kinds, name, host_to_blame in _FAILURES:
        if isinstance(error, kinds):
            return Outcome(name, FAILED), host_to_blame
    return Outcome("unreachable", FAILED), True


_FAILURES: Final[tuple[tuple[tuple[type[BaseException], ...], str, bool], ...]] = (
    ((DownloadCancelledError,), "too_large", False),
    ((DownloadTimeoutError,), "timed_out", True),
    ((CannotResolveHostError,), "no_such_host", True),
    ((ResponseDataLossError, DownloadFailedError), "broken_off", True),
)


_IGNORED: Final = (("robots.txt", "robots"), ("exceeded DOWNLOAD_MAXSIZE", "too_large"), ("redirect", "redirect_loop"))


def _text(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
