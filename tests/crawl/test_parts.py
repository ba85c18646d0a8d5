"""Further pages of articles give no records, in whatever order pages are found and finished."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from crawler.frontier.outcomes import CrawlOutcome
from crawler.frontier.shared.frontier import SharedFrontier
from crawler.frontier.targets import Settlement, State, Target
from crawler.pages.pagination import named_first_page
from tests.crawl.handler_server import answering
from tests.crawl.redis_server import fresh_address
from tests.crawl.running import crawl, records
from tests.crawl.test_manners import running, scheduler_of
from tests.crawl.words import paragraphs

LONG = "/news/the-long-report-of-the-harbour-board"
SHORT = "/news/the-short-report-of-the-harbour-board"
MOVED = "/news/the-report-on-the-quay-has-moved"
LAST = "/news/the-report-on-the-lock-ends-here"
HOST = "a.example"
STORY = f"https://{HOST}/news/a-weir-is-mended"


def page(title: str, *texts: str) -> bytes:
    body = "".join(text if text.startswith("<a") else f"<p>{text}</p>" for text in texts)
    return f"<!doctype html><html lang=en><title>{title}</title><article><h1>{title}</h1>{body}</article>".encode()


PAGES = {
    "/": page("Front page", f'<a href="{LONG}?page=2">long</a>', f'<a href="{SHORT}?page=2">short</a>'),
    LONG: page("A long report", *paragraphs(1, 9), f'<a rel="next" href="{LONG}?page=2">2</a>'),
    f"{LONG}?page=2": page("A long report", *paragraphs(2, 9)),
    SHORT: page("A short report", *paragraphs(3, 2), f'<a rel="next" href="{SHORT}?page=2">2</a>'),
    f"{SHORT}?page=2": page("A short report", *paragraphs(4, 2), f'<a rel="prev" href="{SHORT}">1</a>'),
}
MOVED_PAGES = {
    "/": page("Front page", f'<a href="{MOVED}">moved</a>', f'<a href="{LAST}">last</a>'),
    MOVED: page("The quay", *paragraphs(5, 5), f'<a rel="next" href="{MOVED}?page=2">2</a>'),
    f"{MOVED}/2": page("The quay", *paragraphs(6, 5), f'<a rel="next" href="{MOVED}?page=3">3</a>'),
    LAST: page("The lock", *paragraphs(7, 5), f'<a rel="next" href="{LAST}?page=2">2</a>'),
}
REDIRECTS = {f"{MOVED}?page=2": f"{MOVED}/2", f"{MOVED}?page=3": MOVED, f"{LAST}?page=2": "/"}


class SecondPagesFirst(BaseHTTPRequestHandler):
    """A site whose front page links only second pages; one of them does not state its first page."""

    asked: list[str]
    pages = PAGES

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        body = self.pages.get(self.path)
        self.send_response(200 if body else 302 if self.path in REDIRECTS else 404)
        self.send_header("Location", REDIRECTS.get(self.path, ""))
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    with answering(type("ThisSite", (SecondPagesFirst,), {"asked": asked})) as base:
        yield base, asked


@pytest.mark.crawl
def test_a_second_page_that_is_found_first_is_left_out_with_its_article(
    site: tuple[str, list[str]], tmp_path: Path
) -> None:
    base, asked = site
    output, left = tmp_path / "a.jsonl", tmp_path / "left.jsonl"
    done = crawl("-a", f"url={base}/", "-O", str(output), WANTED='{"min_words": 400}', REJECTED=str(left))
    assert done.returncode == 0, done.stderr
    assert asked.index(f"{LONG}?page=2") < asked.index(LONG)
    assert asked.index(f"{SHORT}?page=2") < asked.index(SHORT)
    assert [record["page_urls"] for record in records(output)] == [[base + LONG, f"{base}{LONG}?page=2"]]
    assert [record["url"] for record in records(left)] == [base + SHORT]


@pytest.mark.crawl
def test_a_further_page_that_redirects_counts_only_if_it_is_still_that_page(tmp_path: Path) -> None:
    output = tmp_path / "a.jsonl"
    handler = type("ThisSite", (SecondPagesFirst,), {"asked": [], "pages": MOVED_PAGES})
    with answering(handler) as base:
        done = crawl("-a", f"url={base}/", "-O", str(output))
    assert done.returncode == 0, done.stderr
    listed = {record["url"]: record["page_urls"] for record in records(output)}
    assert listed == {base + MOVED: [base + MOVED, f"{base}{MOVED}/2"], base + LAST: []}


def article(url: str) -> Target:
    return Target(url, "article")


def test_a_later_page_is_fetched_when_its_first_page_is_settled() -> None:
    spider = running(CONCURRENT_REQUESTS_PER_DOMAIN=4)
    spider.crawl_state.turns.add([article(f"{STORY}?page=2"), article(f"{STORY}/3"), article(STORY)])
    scheduler = scheduler_of(spider)
    first = scheduler.next_request()
    assert first
    assert first.url == STORY
    assert scheduler.next_request() is None
    assert scheduler.has_pending_requests()
    spider.settler.settle(first, Settlement(CrawlOutcome.LISTING))
    later = [scheduler.next_request(), scheduler.next_request()]
    assert {request.url for request in later if request} == {f"{STORY}?page=2", f"{STORY}/3"}


def test_a_later_page_does_not_wait_for_a_first_page_that_is_not_in_the_queue() -> None:
    spider = running()
    turns, frontier = spider.crawl_state.turns, spider.crawl_state.frontier
    turns.add([article(STORY), article(f"{STORY}?page=2")])
    assert len(frontier.take(HOST, 2)) == 2, "and nothing ever comes of the first page"
    frontier.give_back([f"{STORY}?page=2"])
    request = scheduler_of(spider).next_request()
    assert request
    assert request.url == f"{STORY}?page=2"


def test_pages_that_wait_for_a_first_page_are_given_back_with_their_host() -> None:
    spider = running()
    turns, frontier = spider.crawl_state.turns, spider.crawl_state.frontier
    turns.add([article(STORY), article(f"{STORY}?page=2")])
    scheduler = scheduler_of(spider)
    assert scheduler.next_request()
    assert scheduler.next_request() is None
    turns.put_off(HOST)
    assert [target.url for target in frontier.take(HOST, 5)] == [f"{STORY}?page=2"]


@pytest.mark.parametrize("outcome", [CrawlOutcome.FILTERED, CrawlOutcome.TOO_OLD, CrawlOutcome.DROPPED])
def test_pages_that_deferred_to_an_article_are_left_out_with_it(outcome: CrawlOutcome) -> None:
    spider = running()
    state = spider.crawl_state
    state.frontier.settle(article(f"{STORY}?page=2"), Settlement(CrawlOutcome.CONTINUATION, stands_for=STORY))
    state.turns.add([article(STORY)])
    spider.settler.settle(scheduler_of(spider).next_request(), Settlement(outcome))
    assert state.frontier.queued == 0


def test_an_article_that_was_left_out_is_still_an_article_when_it_is_unchanged() -> None:
    for frontier in (running().crawl_state.frontier, SharedFrontier(fresh_address())):
        frontier.settle(article(STORY), Settlement(CrawlOutcome.TOO_OLD))
        frontier.commit()
        frontier.acknowledge(frontier.mark())
        frontier.settle(article(STORY), Settlement(CrawlOutcome.UNCHANGED))
        known = frontier.status_of(STORY)
        assert known
        assert (known.state, known.is_article) == (State.DONE, True)


@pytest.mark.parametrize("deferring_first", [True, False])
def test_crawlers_of_two_hosts_leave_no_page_waiting_for_a_missing_article(deferring_first: bool) -> None:
    address = fresh_address()
    one, other = SharedFrontier(address), SharedFrontier(address)
    version = article("https://amp.a.example/a-weir-is-mended")
    one.add([version, article(STORY)])
    one.settle(version, Settlement(CrawlOutcome.ALTERNATE, stands_for=STORY))
    other.settle(article(STORY), Settlement(CrawlOutcome.LISTING))
    assert other.call_back(STORY) == [], "what the first crawler found is not sent yet"
    for frontier in (one, other) if deferring_first else (other, one):
        frontier.commit()
        frontier.acknowledge(frontier.mark())
    known = one.status_of(version.url)
    assert known
    assert known.is_pending, "it is to be read for itself"


@pytest.mark.parametrize(
    ("url", "first"),
    [(f"{STORY}?page=2", STORY), (f"{STORY}?id=7&page=3", f"{STORY}?id=7"), (f"{STORY}?page=1", None)],
)
def test_an_address_names_its_first_page_by_a_parameter(url: str, first: str | None) -> None:
    assert named_first_page(url) == first
