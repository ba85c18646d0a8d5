"""Several crawlers with one frontier in a real Redis: nothing is lost or repeated, and each host has one crawler."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import signal
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request

from cleaners.errors import UsageError
from copydesk.cli.main import main
from crawler.frontier.outcomes import CrawlOutcome
from crawler.frontier.shared.connection import Connection, FrontierError
from crawler.frontier.shared.frontier import SharedFrontier
from crawler.frontier.targets import Settlement, Target
from crawler.running.shared import HostPaused, SharedHostFacts, SpacedHandlers
from tests.crawl.redis_server import RedisServer, fresh_address, shared_server
from tests.crawl.running import crawl_arguments, records, serving_plainly, start_crawl
from tests.crawl.site import Site
from tests.warm import Started

HOST = "a.example"


def article(number: int, host: str = HOST) -> Target:
    return Target(f"https://{host}/article/{number}", "article")


def record(target: Target) -> Settlement:
    return Settlement(CrawlOutcome.RECORD, kind="article", record_id=target.url)


@pytest.fixture
def address() -> str:
    return fresh_address()


def test_a_host_belongs_to_one_crawler_until_it_is_released(address: str) -> None:
    first, second = SharedFrontier(address), SharedFrontier(address)
    first.add([article(0), article(1)])
    assert first.take(HOST, 1) == [article(0)]
    assert second.take(HOST, 5) == []
    waited: list[float] = []
    second.waits = lambda host, seconds: waited.append(seconds)
    first.renew([HOST])
    assert second.take(HOST, 5) == [], "the delay between two requests holds when a host changes hands"
    assert waited
    assert second.take(HOST, 5) + second.take(HOST, 5) == [article(1), article(0)]


def test_the_addresses_of_a_dead_crawler_are_claimed_when_its_lease_is_over(address: str) -> None:
    dead, living = SharedFrontier(address), SharedFrontier(address)
    dead.add([article(0), article(1)])
    settled, held = dead.take(HOST, 2)
    dead.settle(settled, record(settled))
    dead.commit()
    dead.acknowledge(dead.mark())
    dead.lease = 0.3
    dead.renew()
    time.sleep(0.4)
    assert dead.has_lost(HOST)
    living.take(HOST, 5)
    assert living.take(HOST, 5) == [held]


def test_a_record_that_is_not_yet_on_the_disk_is_not_acknowledged(address: str) -> None:
    first, second = SharedFrontier(address), SharedFrontier(address)
    first.add([article(0)])
    (taken,) = first.take(HOST, 1)
    first.settle(taken, record(taken))
    first.commit()
    assert first.queued == 0
    assert second.queued == 1
    first.acknowledge(first.mark())
    assert second.queued == 0
    assert list(second.record_ids()) == [taken.url]


def test_pauses_that_a_host_asked_for_hold_for_the_next_crawler(address: str) -> None:
    first, second = SharedFrontier(address), SharedFrontier(address)
    first.add([article(0)])
    first.take(HOST, 1)
    first.share_pause(HOST, 40.0)
    first.leave()
    waited: list[float] = []
    second.waits = lambda host, seconds: waited.append(seconds)
    assert second.take(HOST, 1) == []
    assert 30 < waited[0] <= 40


def test_an_address_in_a_queue_is_given_back_when_its_host_asks_another_crawler_for_time(address: str) -> None:
    one, other = SharedFrontier(address), SharedFrontier(address)
    waited: list[tuple[str, float]] = []
    other.waits = lambda host, seconds: waited.append((host, seconds))
    one.share_pause(HOST, 60)
    crawler: Any = SimpleNamespace(spider=SimpleNamespace(host_facts=SharedHostFacts(frontier=other)))
    handlers = SpacedHandlers(None, crawler)
    with pytest.raises(HostPaused):
        asyncio.run(handlers.download_request_async(Request(article(0).url, meta={"target": article(0)})))
    assert waited[0][0] == HOST
    assert 50 < waited[0][1] <= 60


@pytest.mark.parametrize("jump", [-86_400.0, 86_400.0])
def test_a_clock_that_jumps_ends_no_lease_and_no_delay(
    address: str, jump: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = SharedFrontier(address), SharedFrontier(address)
    first.delay = lambda host: 60.0
    first.add([article(0), article(1)])
    assert first.take(HOST, 1) == [article(0)]
    assert first.ask(HOST) == 0.0
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + jump)
    assert not first.has_lost(HOST)
    assert first.renew() == []
    assert second.take(HOST, 5) == []
    assert 50 < first.ask(HOST) <= 60
    assert first.take(HOST, 1) == [article(1)]


def test_no_crawler_may_ask_a_host_before_its_delay_is_over(address: str) -> None:
    first, second = SharedFrontier(address), SharedFrontier(address)
    first.delay = second.delay = lambda host: 40.0
    assert first.ask(HOST) == 0
    assert 30 < second.ask(HOST) <= 40
    assert first.ask("b.example") == 0, "each host has a delay of its own"
    second.delay = lambda host: 80.0
    second.answered(HOST)
    assert 70 < first.ask(HOST) <= 80, "a request may be sent as late as its answer shows"


def test_two_crawlers_may_begin_a_frontier_at_the_same_moment(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    second = Connection(address)

    def keys_after_the_first_began(**_: object) -> list[str]:
        Connection(address).check()
        return [second.key("schema")]

    monkeypatch.setattr(second.redis, "scan_iter", keys_after_the_first_began)
    second.check()


def test_foreign_keys_and_other_versions_are_refused(address: str) -> None:
    import redis

    server = redis.Redis.from_url(shared_server().address)
    prefix = address.partition("prefix=")[2]
    server.set(f"{prefix}:sessions", "not ours")
    with pytest.raises(UsageError, match="not from a frontier of copydesk"):
        SharedFrontier(address)
    server.set(f"{prefix}:schema", 0)
    with pytest.raises(UsageError, match="a frontier of version 0; this copydesk knows 1"):
        SharedFrontier(address)


def test_other_seeds_are_refused_while_another_crawler_is_at_work(address: str) -> None:
    SharedFrontier(address).use_seeds(["https://a.example/"])
    with pytest.raises(UsageError, match="other seeds"):
        SharedFrontier(address).use_seeds(["https://b.example/"])


def test_a_crawl_waits_for_a_missing_server_and_then_stops_with_one_line() -> None:
    server = RedisServer("--appendonly", "yes", "--appendfsync", "always")
    frontier = SharedFrontier(server.address, patience=0.3)
    frontier.add([article(0)])
    server.kill()
    with pytest.raises(FrontierError, match=r"no answer for 0\.3 s .* nothing is lost"):
        frontier.add([article(1)])
    with pytest.raises(UsageError, match="cannot be used"):
        SharedFrontier(server.address)
    server.start()
    assert frontier.counts()["pending"] == 1, "what was written is there after a restart"
    server.close()


def test_a_server_out_of_memory_is_named() -> None:
    server = RedisServer("--maxmemory", "3mb", "--maxmemory-policy", "noeviction")
    frontier = SharedFrontier(server.address)
    many = [article(number) for number in range(40_000)]
    with pytest.raises(FrontierError, match="out of memory"):
        frontier.add(many)
    server.close()


@contextlib.contextmanager
def sites(count: int, articles: int) -> Iterator[list[str]]:
    with contextlib.ExitStack() as servers:
        changed = ",".join(map(str, range(articles)))  # the second site has texts of its own
        options = [("--changed", changed)] * count
        yield [servers.enter_context(serving_plainly(articles, *option)) for option in [(), *options][:count]]


def started(seeds: Path, part: Path, address: str, **settings: str) -> Started:
    usual = {"LEASE": "2", "CLEAN_WORKERS": "1", "SYNC_SECONDS": "0.3", "LOG_LEVEL": "WARNING"}
    arguments = crawl_arguments("-a", f"seeds={seeds}", "-o", str(part), FRONTIER=address, **usual | settings)
    return start_crawl(arguments, part.with_suffix(".log"))


@pytest.mark.crawl
def test_two_crawlers_share_a_frontier_and_a_killed_one_loses_nothing(tmp_path: Path) -> None:
    address = fresh_address()
    merged = tmp_path / "merged.jsonl"
    parts = [tmp_path / f"part-{number}.jsonl" for number in range(2)]
    seeds = tmp_path / "seeds.txt"
    with sites(2, 8) as bases:
        seeds.write_text("".join(f"{base}/\n" for base in bases))
        crawlers = [started(seeds, part, address) for part in parts]
        while not any(part.exists() and part.stat().st_size for part in parts):
            time.sleep(0.1)
        time.sleep(random.Random(1).uniform(0, 0.5))
        crawlers[0].kill()
        crawlers[0].wait()
        crawlers[0] = started(seeds, parts[0], address)
        said = "\n".join(part.with_suffix(".log").read_text() for part in parts)
        assert [crawler.wait(120) for crawler in crawlers] == [0, 0], said
        wanted = {url for base in bases for url in Site(8, base).urls()}
    names = [str(part) for part in parts if part.exists()]
    assert main(["merge", *names, "-o", str(merged), "--frontier", address]) == 0
    found = [row["url"] for row in records(merged)]
    assert sorted(found) == sorted(wanted)


def gaps(times: Path) -> list[float]:
    """Seconds between one request and the next, according to the site's log."""
    moments = sorted(float(line.split()[0]) for line in times.read_text().splitlines())
    return [later - earlier for earlier, later in pairwise(moments)]


@pytest.mark.crawl
def test_a_crawler_that_wakes_after_its_lease_asks_no_host_too_soon(tmp_path: Path) -> None:
    address, delay = fresh_address(), 0.6
    seeds, times = tmp_path / "seeds.txt", tmp_path / "times"
    settings = {"LEASE": "1", "DOWNLOAD_DELAY": str(delay), "RANDOMIZE_DOWNLOAD_DELAY": "0"}
    with serving_plainly(12, "--times", str(times)) as base:
        seeds.write_text(f"{base}/\n")
        running = [started(seeds, tmp_path / "part-0.jsonl", address, **settings)]
        try:
            wait_for_requests(times, 4)
            running.append(started(seeds, tmp_path / "part-1.jsonl", address, **settings))
            running[0].send_signal(signal.SIGSTOP)  # while requests are in its queue
            wait_for_requests(times, len(times.read_text().splitlines()) + 3)  # the other has the host now
            running[0].send_signal(signal.SIGCONT)
            wait_for_requests(times, len(times.read_text().splitlines()) + 4)
        finally:
            for crawler in running:
                crawler.kill()
                crawler.wait()
    assert min(gaps(times)) > 0.5 * delay, "a busy machine may notice a request late, and the next one in time"


def wait_for_requests(times: Path, count: int) -> None:
    deadline = time.monotonic() + 120
    while not times.exists() or len(times.read_text().splitlines()) < count:
        assert time.monotonic() < deadline, f"no {count} requests in 120 s"
        time.sleep(0.02)


def test_merge_reports_the_records_that_a_cut_part_has_lost(
    tmp_path: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    frontier = SharedFrontier(address)
    frontier.settle(article(0), Settlement(CrawlOutcome.RECORD, record_id="id-0"))
    frontier.settle(article(1), Settlement(CrawlOutcome.RECORD, record_id="id-1"))
    frontier.commit()
    frontier.acknowledge(frontier.mark())
    part, merged = tmp_path / "part.jsonl", tmp_path / "merged.jsonl"
    whole = "".join(json.dumps({"schema_version": 2, "id": f"id-{n}", "body": "text"}) + "\n" for n in range(2))
    part.write_text(whole[:-20])
    assert main(["merge", str(part), "-o", str(merged), "--frontier", address]) == 1
    said = capsys.readouterr().err
    assert "part.jsonl, line 2: no JSON" in said
    assert "in no part: 1 record that crawlers wrote (id-1" in said
