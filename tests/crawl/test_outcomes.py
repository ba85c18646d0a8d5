from __future__ import annotations

import zlib
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response, TextResponse
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.test import get_crawler

from crawler.fetching.host_facts import HostFacts
from crawler.fetching.refusals import BodyTooLarge, Decompression, NotUnpacked, RedirectLoop, Redirects
from crawler.fetching.responses import failed_fetch, is_html
from crawler.fetching.robots_rules import ForbiddenByRobots, RobotsRules
from crawler.fetching.safety import AddressWithPassword, InsideAddress
from crawler.frontier.outcomes import TITLES, CrawlOutcome, title
from crawler.frontier.targets import State

PAGE = Request("https://a.example/page")


def status(code: int) -> HttpError:
    return HttpError(Response(PAGE.url, status=code))


@pytest.mark.parametrize(
    ("error", "name", "host_at_fault"),
    [
        (status(404), "http_404", False),
        (status(429), "http_429", True),
        (status(503), "http_503", True),
        (ForbiddenByRobots("x"), "robots", False),
        (InsideAddress("x"), "inside_address", False),
        (AddressWithPassword("x"), "with_password", False),
        (BodyTooLarge("x"), "too_large", False),
        (NotUnpacked("x"), "not_unpacked", False),
        (DownloadCancelledError("x"), "too_large", False),
        (RedirectLoop("x"), "redirect_loop", False),
        (IgnoreRequest("Forbidden by robots.txt, says a middleware of others"), "ignored", False),
        (DownloadTimeoutError("x"), "timed_out", True),
        (CannotResolveHostError("x"), "no_such_host", True),
        (DownloadFailedError("x"), "broken_off", True),
        (OSError("x"), "unreachable", True),
    ],
)
def test_a_failure_is_named_after_the_type_of_its_exception(error: Exception, name: str, host_at_fault: bool) -> None:
    failed = failed_fetch(error)
    assert failed.settlement.name == name
    assert failed.settlement.state is State.FAILED
    assert failed.host_at_fault is host_at_fault


def test_every_outcome_has_words_for_the_summary() -> None:
    assert set(TITLES) == set(CrawlOutcome)
    assert title("robots") == "addresses that robots.txt forbids"
    assert title("http_404") == "answers with status 404"


def test_an_address_that_robots_txt_forbids_raises_an_error_of_its_own() -> None:
    crawler = get_crawler(settings_dict={"ROBOTSTXT_OBEY": True, "USER_AGENT": "copydesk"})
    rules = ProtegoRobotParser.from_crawler(crawler, b"User-agent: *\nDisallow: /page")
    with pytest.raises(ForbiddenByRobots):
        RobotsRules(crawler).process_request_2(rules, PAGE)


def test_a_body_that_unpacks_to_more_than_the_limit_raises_an_error_of_its_own() -> None:
    crawler = get_crawler(settings_dict={"DOWNLOAD_MAXSIZE": 100})
    packed = Response(PAGE.url, body=zlib.compress(b"0" * 10_000), headers={"Content-Encoding": "deflate"})
    with pytest.raises(BodyTooLarge):
        Decompression.from_crawler(crawler).process_response(PAGE, packed)


@pytest.mark.parametrize("packing", ["gzip", "deflate", "gzip, deflate"])
def test_a_body_that_is_not_packed_as_its_header_says_is_an_error_of_the_page(packing: str) -> None:
    plain = Response(PAGE.url, body=b"<p>Plain text", headers={"Content-Encoding": packing})
    with pytest.raises(NotUnpacked, match=rf"https://a.example/page: the body is not packed as '{packing}'"):
        Decompression.from_crawler(get_crawler()).process_response(PAGE, plain)


@pytest.mark.parametrize(
    ("stated", "body", "is_page"),
    [
        ("text/html; charset=utf-8", b"<p>A page", True),
        (None, b"<p>A page without a type", True),
        ("Text/HTML", "<p>Größe".encode("utf-16"), True),
        (None, b"%PDF-1.7\n The harbour board met on Monday.", False),
        ("text/html", b"%PDF-1.7\n The harbour board met on Monday.", False),
        ("", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), False),
        ("application/pdf", b"<p>A page", False),
    ],
)
def test_an_answer_is_a_page_by_its_type_and_its_bytes(stated: str | None, body: bytes, is_page: bool) -> None:
    headers = {} if stated is None else {"Content-Type": stated}
    assert is_html(Response(PAGE.url, body=body, headers=headers)) is is_page


def redirects(**settings: int) -> Redirects:
    crawler = get_crawler(settings_dict=settings)
    facts = HostFacts(crawl_delays={"b.example": 20.0})
    crawler.spider = SimpleNamespace(host_facts=facts)  # type: ignore[assignment]
    return Redirects.from_crawler(crawler)


def test_endless_redirects_raise_an_error_of_their_own() -> None:
    middleware = redirects(REDIRECT_MAX_TIMES=1)
    answer = TextResponse(PAGE.url, status=302, headers={"Location": "/page"})
    further = middleware.process_response(PAGE, answer)
    assert isinstance(further, Request)
    with pytest.raises(RedirectLoop):
        middleware.process_response(further, answer)


def test_a_redirect_to_no_address_leads_nowhere() -> None:
    with pytest.raises(RedirectLoop, match="Invalid IPv6 URL"):
        redirects().process_response(PAGE, Response(PAGE.url, status=301, headers={"Location": "http://[b.example/"}))


@pytest.mark.parametrize(
    ("location", "url", "slot", "keeps_crawl_delay"),
    [
        ("https://b.example:443/x", "https://b.example/x", "b.example", True),
        ("http://b.example:8080/x", "http://b.example:8080/x", "b.example:8080", False),
        ("/x", "https://a.example/x", "a.example", False),
    ],
)
def test_a_redirected_request_waits_for_its_turn_at_the_new_host(
    location: str, url: str, slot: str, keeps_crawl_delay: bool
) -> None:
    request = Request(PAGE.url, meta={"download_slot": "a.example", "target": "kept"})
    found = redirects().process_response(request, Response(PAGE.url, status=301, headers={"Location": location}))
    assert isinstance(found, Request)
    assert found.url == url
    assert found.meta["download_slot"] == slot
    assert found.meta["autothrottle_dont_adjust_delay"] is keeps_crawl_delay
    assert found.meta["target"] == "kept"
