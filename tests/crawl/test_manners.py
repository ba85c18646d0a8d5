from __future__ import annotations

import asyncio
import errno
import logging
import re
import socket
import sqlite3
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import DownloadTimeoutError, DropItem
from scrapy.http import TextResponse
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.test import get_crawler

from cleaners.errors import InputError, OutputError
from crawler.fetching.host_facts import HostFacts
from crawler.fetching.retry_after import RetryAfter, seconds_asked, seconds_of
from crawler.fetching.robots_rules import FORBIDS_ALL, CrawlDelay, RobotsErrors
from crawler.frontier.outcomes import CrawlOutcome
from crawler.frontier.targets import Known, State, Target, TargetKind, failure
from crawler.running.failed_requests import FailedRequests
from crawler.running.lifecycle import Lifecycle
from crawler.running.scheduler import Scheduler
from crawler.running.settler import Settler
from crawler.running.state import CrawlState
from crawler.running.turns import HostTurns, stale_before
from crawler.running.waking import Waking
from crawler.sources.seeds import Seed
from crawler.spiders.articles import ArticlesSpider
from crawler.storage.changes import header_date
from crawler.storage.files import CrawlFiles
from crawler.storage.store import Store
from tests import warm
from tests.crawl.running import ROOT, crawl, crawl_arguments, records, seen_by, serving_plainly
from tests.crawl.site import Site

HTML = b"<p>Disallow: /</p>\nUser-agent: *\nDisallow: /old"


@dataclass
class FakeSpider:
    """The parts of a spider that the scheduler and the middlewares use."""

    crawl_state: CrawlState
    settler: Settler
    host_facts: HostFacts
    logger = logging.getLogger("fake")

    def request_for(self, target: Target, known: Known | None) -> Request:
        return Request(target.url, meta={"target": target, "known": known})


def running(**settings: Any) -> FakeSpider:
    """A crawl without a network, opened and ready to hand out requests."""
    crawler = get_crawler(settings_dict={"HOST_FAILURES": 2, "HOST_PAUSE": 1000.0, "HOST_PAUSES": 2, **settings})
    crawler._apply_settings()
    facts, store = HostFacts(), Store()
    turns = HostTurns(store, facts, crawler.settings)
    state = CrawlState(crawler, [Seed("http://a.example/")], CrawlFiles(store), store, facts, turns)
    spider = FakeSpider(state, Settler(state), facts)
    crawler.spider = spider  # type: ignore[assignment]
    return spider


def scheduler_of(spider: FakeSpider) -> Scheduler:
    scheduler = Scheduler()
    scheduler.open(spider)
    return scheduler


def queued(spider: FakeSpider, hosts: str, count: int) -> None:
    spider.crawl_state.turns.add(
        [Target(f"http://{host}.example/{n}", "article") for host in hosts for n in range(count)]
    )


def robots_errors(**settings: Any) -> tuple[RobotsErrors, Request]:
    crawler = get_crawler(settings_dict=settings)
    crawler.spider = SimpleNamespace(host_facts=HostFacts())  # type: ignore[assignment]
    return RobotsErrors(crawler), Request("http://a.example/robots.txt", meta={"dont_obey_robotstxt": True})


def hosts_of(scheduler: Scheduler, count: int) -> list[str]:
    handed = [scheduler.next_request() for _ in range(count)]
    return [request.url.split("/")[2] for request in handed if request]


def test_hosts_take_turns() -> None:
    spider = running()
    queued(spider, "abc", 4)
    assert hosts_of(scheduler_of(spider), 6) == ["a.example", "b.example", "c.example"] * 2


def test_a_host_gets_no_more_requests_at_once_than_its_limit() -> None:
    spider = running(CONCURRENT_REQUESTS_PER_DOMAIN=1)
    queued(spider, "a", 9)
    assert len(hosts_of(scheduler_of(spider), 9)) == 2


def test_a_host_that_keeps_failing_is_set_aside_while_others_continue() -> None:
    spider = running()
    queued(spider, "ab", 6)
    scheduler = scheduler_of(spider)
    for _ in range(4):
        request = scheduler.next_request()
        if request and "a.example" in request.url:
            spider.settler.host_failed(request, failure(CrawlOutcome.UNREACHABLE))
    assert set(hosts_of(scheduler, 4)) == {"b.example"}
    assert scheduler.has_pending_requests()


def test_a_host_that_fails_after_all_its_pauses_is_given_up_until_the_next_run() -> None:
    spider = running(HOST_FAILURES=1, HOST_PAUSES=1, HOST_PAUSE=0.0)
    queued(spider, "a", 6)
    scheduler = scheduler_of(spider)
    for _ in range(2):
        request = scheduler.next_request()
        assert request
        spider.settler.host_failed(request, failure(CrawlOutcome.HTTP_ERROR, 503))
    assert hosts_of(scheduler, 3) == []
    assert not scheduler.has_pending_requests()
    assert spider.crawl_state.frontier.counts() == {"pending": 0, "done": 0, "failed": 6}
    assert spider.crawl_state.frontier.queued == 0


def test_a_host_that_states_a_time_is_not_asked_until_then_by_its_own_clock() -> None:
    spider = running(BACKOFF_MAX=3600)
    queued(spider, "a", 1)
    headers = {"Date": "Thu, 01 Jan 1998 00:00:00 GMT", "Retry-After": "Thu, 01 Jan 1998 00:20:00 GMT"}
    RetryAfter(spider.crawl_state.crawler).process_response(
        Request("http://a.example/9", meta={"target": Target("http://a.example/9", "article")}),
        TextResponse("http://a.example/9", status=429, headers=headers),
    )
    assert hosts_of(scheduler_of(spider), 1) == []


@pytest.mark.parametrize(
    ("known", "name"),
    [(None, "http_304"), (Known("e", None, None), "unchanged"), (Known(None, None, "c"), "unchanged")],
)
def test_an_unchanged_answer_counts_only_if_the_page_is_known(known: Known | None, name: str) -> None:
    spider, target = running(), Target("http://a.example/1", "article")
    request = Request(target.url, meta={"target": target, "known": known})
    response = TextResponse(target.url, status=304, headers={"ETag": "e"}, request=request)
    answer = ArticlesSpider.answer(spider, response)  # type: ignore[arg-type]
    assert answer.name == name
    if known is None:
        assert answer.etag is None, "or the next run would believe the same answer"


@pytest.mark.parametrize("kind", ["article", "feed"])
def test_a_page_or_feed_that_cannot_be_read_is_asked_for_again_as_if_it_were_new(kind: TargetKind) -> None:
    spider = running()
    spider.crawl_state.turns.add([Target("http://a.example/1", kind)])
    request = scheduler_of(spider).next_request()
    assert request
    response = TextResponse(request.url, headers={"ETag": "e"}, body=b"<p>A page", request=request)

    async def fails(*_: object) -> AsyncIterator[Any]:
        raise InputError(f"{request.url}: not cleaned (it took longer than 30 s)")
        yield

    spider.reader = SimpleNamespace(read=lambda *_: anext(fails()))  # type: ignore[attr-defined]
    spider.answer = partial(ArticlesSpider.answer, spider)  # type: ignore[attr-defined,arg-type]
    unbound: Any = ArticlesSpider
    if kind == "feed":
        asyncio.run(unbound.parse_listed(spider, response, CrawlOutcome.FEED, fails()))
    else:
        assert asyncio.run(unbound.read_or_settle(spider, request.meta["target"], response)) is None
    status = spider.crawl_state.frontier.status_of(request.url)
    assert status is not None
    assert (status.state, status.outcome) == (State.FAILED, "not_cleaned")
    assert spider.crawl_state.frontier.known(request.url) is None
    assert spider.crawl_state.failed_inputs == [f"{request.url}: not cleaned (it took longer than 30 s)"]


def test_a_validator_is_sent_back_to_its_server_byte_for_byte() -> None:
    spider = running()
    spider.callback_of = lambda *_: None  # type: ignore[attr-defined]
    spider.failures = FailedRequests(spider.crawl_state, spider.settler)  # type: ignore[attr-defined]
    spider.settings = spider.crawl_state.crawler.settings  # type: ignore[attr-defined]
    known = Known(b'"\xe9-1"'.decode("latin-1"), None, None)
    request = ArticlesSpider.request_for(spider, Target("http://a.example/1", "article"), known)  # type: ignore[arg-type]
    assert request.headers["If-None-Match"] == b'"\xe9-1"'


def test_a_store_that_turns_out_damaged_stops_the_crawl_with_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    spider = running()
    queued(spider, "a", 1)
    scheduler, stopped = scheduler_of(spider), []

    def malformed(*_: object) -> None:
        raise sqlite3.DatabaseError("database disk image is malformed")

    monkeypatch.setattr(spider.crawl_state.frontier, "take", malformed)
    monkeypatch.setattr(CrawlState, "stop", lambda state, message: stopped.append(message))
    assert scheduler.next_request() is None
    assert stopped == [
        "the store: damaged (database disk image is malformed); put a copy of it back, or remove it to begin anew"
    ]


def test_a_further_page_is_not_asked_for_again_while_its_host_asks_for_time() -> None:
    spider = running(BACKOFF_MAX=3600)
    request = Request("http://a.example/9?page=2", meta={"further_of": "http://a.example/9"})
    answer = TextResponse(request.url, status=503, headers={"Retry-After": "1000"})
    crawler = spider.crawl_state.crawler
    assert RetryAfter(crawler).process_response(request, answer) is answer
    assert RetryMiddleware.from_crawler(crawler).process_response(request, answer) is answer
    assert spider.host_facts.is_paused("a.example")


def test_a_page_whose_record_could_not_be_written_stops_the_crawl_with_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spider, stopped = running(), []
    monkeypatch.setattr(CrawlState, "stop", lambda state, message: stopped.append(message))
    queued(spider, "a", 1)
    response = TextResponse("http://a.example/0", request=scheduler_of(spider).next_request())
    spider.settler.spider_failed(SimpleNamespace(value=OutputError("left.jsonl: cannot write")), response)
    assert stopped == ["left.jsonl: cannot write"]
    assert spider.crawl_state.frontier.counts()["pending"] == 1


def test_an_output_that_cannot_be_finished_is_a_failed_input(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    spider = running()
    monkeypatch.setattr(CrawlFiles, "finish", full)
    monkeypatch.setattr(CrawlFiles, "place", Path("a.jsonl.gz.part"))
    asyncio.run(Lifecycle(spider.crawl_state).closed(spider, "finished"))
    assert spider.crawl_state.failed_inputs == [
        "a.jsonl.gz.part: cannot write (No space left on device); free some space and run it again"
    ]


def test_a_host_that_asks_for_time_gets_it() -> None:
    spider = running(BACKOFF_MAX=3600)
    queued(spider, "a", 1)
    RetryAfter(spider.crawl_state.crawler).process_response(
        Request("http://a.example/9", meta={"target": Target("http://a.example/9", "article")}),
        TextResponse("http://a.example/9", status=429, headers={"Retry-After": "1000"}),
    )
    assert hosts_of(scheduler_of(spider), 1) == []


def test_a_record_dropped_by_a_foreign_pipeline_always_has_the_same_outcome() -> None:
    spider = running()
    spider.crawl_state.seeds[0] = replace(spider.crawl_state.seeds[0], pages=1)
    queued(spider, "a", 1)
    request = scheduler_of(spider).next_request()
    assert request
    assert spider.crawl_state.frontier.take_slot(0, 1)
    page = TextResponse(request.url, request=request)
    spider.settler.item_dropped({}, page, DropItem("too short for us: 12 words, at 9:30"))
    stats = spider.crawl_state.crawler.stats
    assert stats.get_value("copydesk/outcome/dropped") == 1
    assert spider.crawl_state.frontier.take_slot(0, 1), "a record that was left out counts towards no limit"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [(b"7", 7.0), (b"", None), (None, None), (b"-3", None), (b"\xb2", None), (b"Mon, 1 Jan 99999999999 00:00", None)],
)
def test_retry_after_is_read(header: bytes | None, seconds: float | None) -> None:
    assert seconds_asked(header, 0.0) == seconds


@pytest.mark.parametrize(
    "date",
    ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"],
)
def test_an_http_date_is_in_utc_in_each_of_its_forms_whatever_our_time_zone(
    date: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert seconds_asked(date.encode(), seconds_of(b"Sun, 06 Nov 1994 08:49:07 GMT")) == 30.0
        assert seconds_of(date.encode()) == 784111777.0
        assert header_date(date) == "1994-11-06T08:49:37Z"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_an_age_in_days_decides_what_is_stale() -> None:
    assert stale_before(None) == ""
    assert stale_before("0") > stale_before("7")


def test_only_sitemaps_with_valid_addresses_are_kept_from_robots_txt() -> None:
    crawler = get_crawler(settings_dict={"CRAWL_DELAY_MAX": 60})
    facts = HostFacts()
    crawler.spider = SimpleNamespace(host_facts=facts)  # type: ignore[assignment]
    named = (
        "http://[::1",
        "http://a.example:port/",
        "ftp://a.example/s.xml",
        "/s.xml",
        "http://a.example/t.xml?b=1&a=2",
    )
    body = "".join(f"Sitemap: {address}\n" for address in named).encode()
    rules = ProtegoRobotParser.from_crawler(crawler, body)
    CrawlDelay(crawler).robots_parsed(rules, Request("http://a.example/robots.txt"))
    assert facts.sitemaps == {"a.example": ("http://a.example/s.xml", "http://a.example/t.xml?a=2&b=1")}


def test_a_crawl_delay_of_robots_txt_is_kept(tmp_path: Path) -> None:
    with serving_plainly(4, "--crawl-delay", "0.4") as base:
        seeds = tmp_path / "seeds.csv"
        site = Site(4, base)
        seeds.write_text("url,depth\n" + "".join(f"{url},0\n" for url in site.urls()), encoding="utf-8")
        done = crawl("-a", f"seeds={seeds}", "-O", str(tmp_path / "o.jsonl"))
    assert "asks for a delay of 0.4 s" in done.stderr
    seconds = re.search(r"'elapsed_time_seconds': ([\d.]+)", done.stderr)
    assert seconds
    assert float(seconds[1]) >= 3 * 0.4


def test_a_host_whose_robots_txt_fails_waits_for_the_next_run(tmp_path: Path) -> None:
    output = tmp_path / "o.jsonl"
    with serving_plainly(3, "--robots-status", "503") as base:
        done = crawl("-a", f"url={base}/", "-o", str(output))
        assert set(seen_by(base)) == {"/robots.txt", "/requests-seen"}
    assert f"{base}/robots.txt answers 503: nothing of this host is fetched" in done.stderr
    assert done.returncode == 1
    with serving_plainly(3, "--port", base.rpartition(":")[2]) as base:
        assert crawl("-a", f"url={base}/", "-o", str(output)).returncode == 0
    assert len(records(output)) == 3


@pytest.mark.parametrize(("forbids", "status", "rules"), [("1", 500, FORBIDS_ALL), ("1", 404, b""), ("0", 500, HTML)])
def test_a_setting_says_whether_a_failing_robots_txt_forbids(forbids: str, status: int, rules: bytes) -> None:
    middleware, request = robots_errors(ROBOTSTXT_ERROR_FORBIDS=forbids)
    answer = middleware.process_response(request, TextResponse(request.url, status=status, body=HTML))
    assert answer.body == rules


@pytest.mark.parametrize(("forbids", "rules"), [("1", FORBIDS_ALL), ("0", b"")])
def test_a_robots_txt_behind_a_network_error_forbids_as_one_behind_an_error_does(forbids: str, rules: bytes) -> None:
    middleware, request = robots_errors(ROBOTSTXT_ERROR_FORBIDS=forbids)
    answer = middleware.process_exception(request, DownloadTimeoutError("took 60 s"))
    assert answer is not None
    assert answer.body == rules
    page = Request("http://a.example/page")
    assert middleware.process_exception(page, DownloadTimeoutError("took 60 s")) is None


def test_a_seed_whose_host_gives_no_robots_txt_is_left_out_with_a_reason(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{closed.getsockname()[1]}"
        done = crawl("-a", f"url={base}/news", "-O", str(tmp_path / "o.jsonl"), LOG_LEVEL="CRITICAL")
    assert f"{base}/news: not fetched, because {base}/robots.txt cannot be read (Connection was refused" in done.stderr
    assert "check the address, run it again later, or fetch all the same" in done.stderr
    assert done.returncode == 1


def test_a_seed_that_robots_txt_forbids_is_named_with_the_rule_that_stops_it(tmp_path: Path) -> None:
    with serving_plainly(3) as base:
        seed = f"{base}/private/secret-report"
        done = crawl("-a", f"url={seed}", "-O", str(tmp_path / "o.jsonl"), LOG_LEVEL="CRITICAL")
    assert f"{seed}: not fetched, because {base}/robots.txt forbids this address to 'copydesk'" in done.stderr
    assert "check the address" not in done.stderr
    assert done.returncode == 1


def test_every_request_that_waits_for_robots_txt_is_checked(tmp_path: Path) -> None:
    with serving_plainly(3) as base:
        seeds = tmp_path / "seeds.csv"
        seeds.write_text("url\n" + "".join(f"{base}/private/report-{n}\n" for n in range(6)))
        done = crawl("-a", f"seeds={seeds}", "-O", str(tmp_path / "o.jsonl"), LOG_LEVEL="CRITICAL")
        assert [path for path in seen_by(base) if path.startswith("/private/")] == []
    assert done.stderr.count("robots.txt forbids this address") == 6


# By itself, Scrapy's engine looks for requests at intervals; here the interval is longer than the test may take.
ASKED_SELDOM = """
import sys
from scrapy.cmdline import execute
from scrapy.core.engine import ExecutionEngine
if __name__ == "__main__":
    ExecutionEngine._SLOT_HEARTBEAT_INTERVAL = 3600.0
    execute(["scrapy", *sys.argv[1:]])
"""


def test_a_page_that_asks_for_time_is_asked_again_when_that_is_over_and_no_sooner(tmp_path: Path) -> None:
    script = tmp_path / "asked_seldom.py"
    script.write_text(ASKED_SELDOM)
    with serving_plainly(7) as base:
        arguments = crawl_arguments("-a", f"url={base}{Site().path_of(5)}", "-O", str(tmp_path / "o.jsonl"))
        done = warm.run("python", str(script), *arguments, folder=ROOT)
    assert "'copydesk/pauses_asked': 1" in done.stderr
    seconds = re.search(r"'elapsed_time_seconds': ([\d.]+)", done.stderr)
    assert seconds
    assert float(seconds[1]) >= 1.0
    assert len(records(tmp_path / "o.jsonl")) == 1


@pytest.mark.parametrize(("stopping", "waited"), [(False, [0.0]), (True, [])])
def test_the_engine_is_woken_until_the_crawl_stops(
    stopping: bool, waited: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    timers: list[float] = []
    loop = SimpleNamespace(call_later=lambda seconds, call: timers.append(seconds))
    monkeypatch.setattr("asyncio.get_running_loop", lambda: loop)
    turns = SimpleNamespace(next_look=lambda: 0.5)  # long over
    state: Any = SimpleNamespace(is_stopping=stopping, crawler=get_crawler(), turns=turns)
    Waking(state).nothing_to_fetch()
    assert timers == waited
