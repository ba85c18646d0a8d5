from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cleaners.page import Page
from crawler.frontier.outcomes import CrawlOutcome
from crawler.frontier.seed_limits import is_too_old, is_wanted, listed_target
from crawler.frontier.targets import Settlement, State, Target, failure, priority_of, waiting_for_articles
from crawler.frontier.versions import stands_for
from crawler.pages.links import Link, Pointers
from crawler.pages.pagination import first_page, next_page, numbered
from crawler.pages.reading import read_page
from crawler.sources.seeds import Seed
from crawler.sources.sitemaps import Listed
from crawler.storage.store import Store
from crawler.urls.traps import TRIED_FOR_NOTHING, Trails
from tests.crawl.running import crawl, records, serving_plainly

STORY = "https://a.example/news/a-report-of-many-words"


@pytest.mark.parametrize(
    ("seed", "kind", "wanted"),
    [
        (Seed("https://a.example/"), "article", True),
        (Seed("https://a.example/", keep="/news/"), "article", True),
        (Seed("https://a.example/", keep="/sport/"), "article", False),
        (Seed("https://a.example/", keep="/sport/"), "listing", True),
        (Seed("https://a.example/", skip="many"), "article", False),
    ],
)
def test_a_seed_says_which_addresses_to_keep_or_skip(seed: Seed, kind: str, wanted: bool) -> None:
    assert is_wanted(STORY, kind, seed, Trails()) is wanted


def test_an_entry_older_than_the_seeds_day_is_left_out_and_an_undated_one_is_not() -> None:
    seed = Seed("https://a.example/", since=date(2024, 5, 31))
    source = Target("https://a.example/sitemap.xml", "sitemap")
    dated = [(day, listed_target(Listed(STORY, "article", day), source, seed, "a.example", Trails())) for day in
             ("2024-05-30T23:59:59Z", "2024-05-31", None)]  # fmt: skip
    assert [(day, target is not None) for day, target in dated] == [
        ("2024-05-30T23:59:59Z", False),
        ("2024-05-31", True),
        (None, True),
    ]
    assert is_too_old("2024-05-30", seed)


def test_a_sitemap_cannot_send_the_crawl_to_another_site() -> None:
    source = Target("https://a.example/sitemap.xml", "sitemap")
    assert listed_target(Listed("https://b.example/x", "article"), source, Seed(STORY), "a.example", Trails()) is None


def test_addresses_of_a_form_that_never_gives_an_article_are_left_out() -> None:
    trails = Trails()
    for day in range(TRIED_FOR_NOTHING):
        trails.fetched(f"https://a.example/calendar/2031/{day}/", useful=False)
    assert trails.leads_nowhere("https://a.example/calendar/2032/1/")
    trails.fetched("https://a.example/calendar/2032/2/", useful=True)
    assert not trails.leads_nowhere("https://a.example/calendar/2032/1/")


@pytest.mark.parametrize(
    ("canonical", "instead"),
    [
        ("https://a.example/news/a-report-of-many-words", "https://a.example/news/a-report-of-many-words"),
        ("https://a.example/", None),
        ("https://b.example/news/a-report-of-many-words", None),
        (None, None),
    ],
)
def test_a_version_gives_way_to_a_canonical_page_that_can_be_the_article(
    canonical: str | None, instead: str | None
) -> None:
    assert stands_for("https://a.example/amp/news/a-report-of-many-words", canonical, Store()) == instead


def test_a_version_does_not_give_way_to_a_page_that_gave_no_article() -> None:
    store = Store()
    store.settle(Target(STORY, "article"), failure(CrawlOutcome.HTTP_ERROR, 404))
    assert stands_for(STORY + "?print=yes", STORY, store) is None
    store.settle(Target(STORY, "article"), Settlement(CrawlOutcome.RECORD, State.DONE, record_id="x"))
    assert stands_for(STORY + "?print=yes", STORY, store) == STORY


def test_a_version_that_gave_way_is_called_back_when_there_is_no_article() -> None:
    store = Store()
    version = Target(STORY + "?print=yes", "article")
    store.settle(version, Settlement(CrawlOutcome.ALTERNATE, stands_for=STORY))
    store.settle(Target(STORY, "article"), failure(CrawlOutcome.HTTP_ERROR, 404))
    assert store.call_back(STORY) == ["a.example"]
    assert [target.url for target in store.take("a.example", 5)] == [version.url]


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://a.example/story?page=2", 2),
        ("https://a.example/story/page/3/", 3),
        ("https://a.example/story_4.html", 4),
        ("https://a.example/2024/05/", 1),
        ("https://a.example/story-of-2024", 1),
        ("https://a.example/story?page=%C2%B2", 1),  # ² is a digit, but not a number
    ],
)
def test_an_address_says_which_page_of_an_article_it_is(url: str, number: int) -> None:
    assert numbered(url).number == number


def test_a_number_after_a_hyphen_is_a_page_if_the_page_links_the_next_one() -> None:
    pages = ["https://a.example/story.html", "https://a.example/story-2.html", "https://a.example/story-3.html"]
    links = (Link(pages[0], "article", 3),)
    assert next_page(pages[0], Pointers(next=pages[1])) == pages[1]
    assert next_page(pages[1], Pointers(prev=pages[0], next=pages[2])) == pages[2]
    assert first_page(pages[1], Pointers(prev=pages[0])) == pages[0]
    assert first_page(pages[2], Pointers(prev=pages[1], links=links)) == pages[0]


def test_a_number_after_a_hyphen_is_another_article_if_nothing_says_otherwise() -> None:
    day = [f"https://a.example/day-{n}" for n in range(4)]
    assert next_page("https://a.example/day", Pointers(links=(Link(day[2], "article", 3),))) is None
    assert next_page(day[2], Pointers(prev=day[1], next=day[3])) is None
    assert first_page(day[2], Pointers(prev=day[1], links=(Link(day[1], "article", 3),))) is None
    assert first_page(day[2], Pointers(links=(Link("https://a.example/day", "article", 3),))) is None


def test_a_seed_limits_how_many_articles_are_written(tmp_path: Path) -> None:
    output = tmp_path / "o.jsonl"
    with serving_plainly(12) as base:
        done = crawl("-a", f"url={base}/", "-a", "pages=5", "-O", str(output))
    assert len(records(output)) == 5
    assert done.returncode == 0, done.stderr[-2000:]


def test_an_interrupted_crawl_continues_with_the_changed_seed_list() -> None:
    store = Store()
    store.use_seeds(["https://a.example/", "https://b.example/", "https://c.example/"])
    store.add([Target(f"https://{name}.example/x", "article", seed=row) for row, name in enumerate("abc")])
    store.use_seeds(["https://c.example/", "https://new.example/", "https://a.example/"])
    left = {target.url: target.seed for name in "abc" for target in store.take(f"{name}.example", 5)}
    assert left == {"https://a.example/x": 2, "https://c.example/x": 0}
    assert store.queued == 2


def test_a_further_run_fetches_an_article_again_if_it_is_a_seed() -> None:
    store = Store()
    seen = Settlement(CrawlOutcome.RECORD, kind="article", fetched_at="2024-05-31T10:00:00Z", record_id="x")
    for name in ("seed", "linked"):
        store.settle(Target(f"https://a.example/{name}", "article"), seen)
    store.start_run()
    store.add([Target("https://a.example/seed", "seed"), Target("https://a.example/linked", "article")])
    assert [(target.url, target.kind) for target in store.take("a.example", 5)] == [("https://a.example/seed", "seed")]


def test_a_page_of_ten_thousand_links_is_read_to_its_end() -> None:
    links = "".join(f'<a href="/2024/05/report-number-{n}">Report {n}</a> ' for n in range(10_000))
    reading = read_page(
        Page(f"<html><body>{links}</body></html>".encode(), url="https://a.example/all"), site="a.example"
    )
    assert len(reading.pointers.links) == 10_000


@pytest.mark.parametrize(
    ("robots", "links"),
    [("NoIndex,NoFollow", 0), ("none", 0), ("noindex, noarchive", 1), ("max-image-preview:large", 1)],
)
def test_no_link_of_a_page_that_says_nofollow_is_followed(robots: str, links: int) -> None:
    text = f'<meta name="Robots" content="{robots}"><p><a href="/2024/05/a-report-of-the-day">A report</a>'
    reading = read_page(Page(text.encode(), url="https://a.example/all"), site="a.example")
    assert len(reading.pointers.links) == links


@pytest.mark.parametrize(
    "version", ["/print/news/x-of-y", "/news/x-of-y/amp", "/news/x-of-y?print=1", "/news/x-of-y.amp"]
)
def test_a_version_without_a_canonical_link_stands_for_the_page_that_its_address_names(version: str) -> None:
    store = Store()
    assert stands_for(f"https://a.example{version}", None, store) is None
    store.add([Target("https://a.example/news/x-of-y", "article")])
    assert stands_for(f"https://a.example{version}", None, store) == "https://a.example/news/x-of-y"


@pytest.mark.parametrize("late", [False, True])
def test_sitemaps_are_followed_three_deep_also_below_one_that_waits_for_articles(late: bool) -> None:
    first = Target("https://a.example/map.xml", "sitemap")
    found: list[Target | None] = [waiting_for_articles(first) if late else first]
    while (source := found[-1]) is not None:
        listed = Listed(f"https://a.example/map-{len(found)}.xml", "sitemap")
        found.append(listed_target(listed, source, Seed(STORY), "a.example", Trails()))
    followed = [target for target in found if target]
    assert len(followed) == 1 + 3
    if late:
        assert all(priority_of(target) > priority_of(Target(STORY, "article")) for target in followed)
