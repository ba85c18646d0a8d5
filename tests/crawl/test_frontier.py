"""The behaviour of every frontier. For another implementation, add a row to FRONTIERS."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Final

import pytest

from crawler.frontier.interface import Frontier
from crawler.frontier.outcomes import CrawlOutcome
from crawler.frontier.shared.frontier import SharedFrontier
from crawler.frontier.targets import Settlement, State, Status, Target, TargetKind, failure
from crawler.storage.store import Store
from tests.crawl.redis_server import fresh_address

FRONTIERS: Final[dict[str, Callable[[], Frontier]]] = {
    "sqlite": Store,
    "redis": lambda: SharedFrontier(fresh_address()),
}
HOST: Final = "a.example"


@pytest.fixture(params=FRONTIERS)
def frontier(request: pytest.FixtureRequest) -> Frontier:
    return FRONTIERS[request.param]()


def targets(count: int, kind: TargetKind = "article", host: str = HOST) -> list[Target]:
    return [Target(f"https://{host}/{kind}/{number}", kind) for number in range(count)]


def record(target: Target) -> Settlement:
    return Settlement(CrawlOutcome.RECORD, kind="article", fetched_at="2024-05-31T10:00:00Z", record_id=target.url)


def begin_further_run(frontier: Frontier) -> None:
    frontier.commit()
    frontier.acknowledge(frontier.mark())
    assert isinstance(frontier, (Store, SharedFrontier))
    frontier.set_fact("run", str(frontier.run))  # as the run before set it at its start
    frontier.start_run()


def test_an_address_is_queued_once(frontier: Frontier) -> None:
    assert frontier.add(targets(3)) == 3
    assert frontier.add(targets(4)) == 1
    assert frontier.queued == 4
    assert frontier.counts() == {"pending": 4, "done": 0, "failed": 0}


def test_sitemaps_come_before_articles_and_articles_before_listings(frontier: Frontier) -> None:
    frontier.add([*targets(1, "listing"), *targets(1), *targets(1, "sitemap")])
    assert [target.kind for target in frontier.take(HOST, 3)] == ["sitemap", "article", "listing"]


def test_hosts_come_in_the_order_of_their_most_urgent_address(frontier: Frontier) -> None:
    frontier.add([*targets(1, "listing", "a.example"), *targets(1, "feed", "b.example")])
    assert frontier.hosts() == ["b.example", "a.example"]


def test_an_address_is_handed_out_once(frontier: Frontier) -> None:
    frontier.add(targets(3))
    handed = frontier.take(HOST, 2) + frontier.take(HOST, 2)
    assert sorted(target.url for target in handed) == [target.url for target in targets(3)]
    assert frontier.take(HOST, 2) == []


def test_an_address_that_is_given_back_is_handed_out_again(frontier: Frontier) -> None:
    frontier.add(targets(1))
    assert frontier.take(HOST, 5) == targets(1)
    frontier.give_back([targets(1)[0].url])
    assert frontier.take(HOST, 5) == targets(1)


def test_a_settled_address_is_not_handed_out(frontier: Frontier) -> None:
    frontier.add(targets(2))
    first = frontier.take(HOST, 1)[0]
    frontier.settle(first, record(first))
    assert frontier.status_of(first.url) == Status(State.DONE, first.url, "record")
    assert frontier.status_of("https://a.example/unknown") is None
    assert frontier.queued == 1
    assert len(frontier.take(HOST, 5)) == 1


def test_an_address_that_was_never_queued_can_be_settled(frontier: Frontier) -> None:
    frontier.settle(targets(1)[0], Settlement(CrawlOutcome.REDIRECTED_TO))
    assert frontier.add(targets(1)) == 0
    assert frontier.queued == 0


def test_the_frontier_keeps_the_validators_of_the_last_fetch(frontier: Frontier) -> None:
    target = targets(1)[0]
    frontier.add([target])
    assert frontier.known(target.url) is None
    seen = Settlement(CrawlOutcome.LISTING, fetched_at="2024-05-31T10:00:00Z", etag="e", content_sha256="c")
    frontier.settle(target, seen)
    frontier.settle(target, Settlement(CrawlOutcome.UNCHANGED, last_modified="m"))
    assert frontier.known(target.url) == ("e", "m", "c")


def test_a_page_that_deferred_to_another_is_called_back(frontier: Frontier) -> None:
    version, article = targets(2)
    frontier.settle(version, Settlement(CrawlOutcome.ALTERNATE, stands_for=article.url))
    frontier.settle(article, failure(CrawlOutcome.HTTP_ERROR, 404))
    assert frontier.call_back(article.url) == [HOST]
    assert frontier.call_back(article.url) == []
    assert [target.url for target in frontier.take(HOST, 5)] == [version.url]


def test_a_host_is_given_up_with_everything_pending(frontier: Frontier) -> None:
    frontier.add([*targets(3), *targets(1, host="b.example")])
    assert frontier.give_up(HOST, "http_503") == 3
    assert frontier.queued == 1
    assert frontier.take(HOST, 5) == []
    assert frontier.counts()["failed"] == 3


def test_a_host_is_given_up_without_the_same_host_at_another_port(frontier: Frontier) -> None:
    for host in (HOST, f"{HOST}:8080", "[::1]:8080"):
        frontier.add(targets(2, host=host))
    assert frontier.give_up(HOST, "unreachable") == 2
    assert frontier.give_up("[::1]:8080", "unreachable") == 2
    assert frontier.hosts() == [f"{HOST}:8080"]


@pytest.mark.parametrize(("outcome", "status", "again"), [
    (CrawlOutcome.HTTP_ERROR, 503, True),
    (CrawlOutcome.UNREACHABLE, None, True),
    (CrawlOutcome.HTTP_ERROR, 404, False),
    (CrawlOutcome.ROBOTS, None, False),
])  # fmt: skip
def test_a_further_run_fetches_a_page_again_whose_failure_may_be_over(
    frontier: Frontier, outcome: CrawlOutcome, status: int | None, again: bool
) -> None:
    frontier.add(targets(2))
    for target, ended in zip(targets(2), (failure(outcome, status), record(targets(2)[1])), strict=True):
        frontier.settle(target, ended)
    assert list(frontier.to_fetch_again(3, "")) == []
    begin_further_run(frontier)
    assert list(frontier.to_fetch_again(3, "")) == (targets(1) if again else [])
    frontier.add(targets(1))
    frontier.settle(targets(1)[0], record(targets(1)[0]))
    begin_further_run(frontier)
    assert list(frontier.to_fetch_again(3, "")) == []


def test_a_further_run_fetches_listings_again_up_to_a_depth(frontier: Frontier) -> None:
    for depth, target in enumerate(targets(3, "listing")):
        frontier.settle(target._replace(depth=depth), Settlement(CrawlOutcome.LISTING, kind="listing"))
    begin_further_run(frontier)
    assert sorted(target.depth for target in frontier.to_fetch_again(1, "")) == [0, 1]


def test_a_further_run_fetches_a_written_article_again_when_its_last_fetch_is_old_enough(frontier: Frontier) -> None:
    written, other = targets(2)
    frontier.add([written, other])
    frontier.settle(written, record(written))
    frontier.settle(other, Settlement(CrawlOutcome.REDIRECTED_TO, kind="article", fetched_at="2024-05-31T10:00:00Z"))
    begin_further_run(frontier)
    assert list(frontier.to_fetch_again(3, "", "2024-05-31T10:00:00Z")) == []
    assert list(frontier.to_fetch_again(3, "", "2024-06-01T00:00:00Z")) == [written]
    frontier.add([written], "2024-06-01T00:00:00Z")
    frontier.settle(written, Settlement(CrawlOutcome.UNCHANGED, fetched_at="2024-06-02T00:00:00Z"))
    begin_further_run(frontier)
    assert list(frontier.to_fetch_again(3, "", "2024-06-02T00:00:00Z")) == []
    assert list(frontier.to_fetch_again(3, "", "2024-06-03T00:00:00Z")) == [written]
    frontier.add([written], "2024-06-03T00:00:00Z")
    frontier.settle(written, failure(CrawlOutcome.HTTP_ERROR, 404))
    begin_further_run(frontier)
    assert list(frontier.to_fetch_again(3, "", "2024-06-03T00:00:00Z")) == []


def test_many_pages_are_queued_again_while_they_are_read(frontier: Frontier) -> None:
    for target in targets(1_200, "listing"):
        frontier.settle(target, Settlement(CrawlOutcome.LISTING, kind="listing"))
    begin_further_run(frontier)
    again, queued = frontier.to_fetch_again(3, ""), 0
    while some := list(islice(again, 300)):
        queued += frontier.add(some)
    assert queued == frontier.queued == 1_200


def test_a_seed_gives_as_many_articles_as_its_limit_allows(frontier: Frontier) -> None:
    first, *_ = targets(1)
    frontier.settle(first, record(first))
    assert [frontier.take_slot(0, 3) for _ in range(3)] == [True, True, False]
    frontier.free_slot(0)
    assert frontier.take_slot(0, 3)
    assert frontier.take_slot(1, 1), "each seed has a limit of its own"


def test_the_pending_addresses_of_a_seed_can_be_dropped(frontier: Frontier) -> None:
    frontier.add([*targets(2), Target("https://a.example/other", "article", seed=1)])
    frontier.let_go(0, CrawlOutcome.OVER_LIMIT)
    assert [target.seed for target in frontier.take(HOST, 5)] == [1]


def test_addresses_follow_their_seed_when_the_seed_list_changes(frontier: Frontier) -> None:
    frontier.use_seeds(["https://a.example/", "https://b.example/"])
    frontier.add([Target("https://a.example/x", "article", seed=0), Target("https://b.example/x", "article", seed=1)])
    frontier.use_seeds(["https://new.example/", "https://a.example/"])
    assert [target.seed for target in frontier.take("a.example", 5)] == [1]
    assert frontier.take("b.example", 5) == []


def test_facts_belong_to_the_whole_crawl(frontier: Frontier) -> None:
    assert frontier.fact("site x") is None
    frontier.set_fact("site x", "a.example")
    frontier.commit()
    assert frontier.fact("site x") == "a.example"


def test_uncommitted_changes_are_rolled_back_and_nothing_is_written_afterwards(frontier: Frontier) -> None:
    frontier.add(targets(1))
    frontier.commit()
    frontier.settle(targets(1)[0], record(targets(1)[0]))
    frontier.abandon()
    assert frontier.broken
    assert frontier.status_of(targets(1)[0].url) == Status(State.PENDING, None)
    with pytest.raises(Exception, match="an earlier write failed"):
        frontier.add(targets(2))
