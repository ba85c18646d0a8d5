from __future__ import annotations

import json
import re

import pytest

from cleaners.page import Page
from crawler.urls.spelling import one_spelling
from pipelines.record.article import FIELD_NAMES, PROVENANCE
from pipelines.record.build import record_of
from pipelines.record.header_reservations import reserved_by_headers
from pipelines.record.multipage import joined
from tests.crawl.conftest import Crawled
from tests.crawl.site import Site


def test_every_article_of_the_site_is_written_exactly_once(crawled: Crawled) -> None:
    written = sorted(one_spelling(record["url"]) for record in crawled.records)
    assert written == sorted(one_spelling(url) for url in crawled.site.urls())


def test_a_record_has_the_keys_of_the_schema_in_their_order(crawled: Crawled) -> None:
    for line in crawled.output.read_text(encoding="utf-8").splitlines():
        assert tuple(json.loads(line)) == FIELD_NAMES


def test_a_crawled_record_equals_the_offline_record_except_for_provenance(crawled: Crawled) -> None:
    for crawled_record in crawled.records:
        urls = crawled_record["page_urls"] or [crawled_record["url"]]
        offline = joined([record_of(fetched(crawled.site, url)).article for url in urls]).as_dict()
        for key in set(FIELD_NAMES) - set(PROVENANCE):
            assert crawled_record[key] == offline[key], (key, urls)


def test_provenance_says_when_and_how_a_page_was_fetched(crawled: Crawled) -> None:
    record = crawled.records[0]
    assert (record["source_type"], record["http_status"]) == ("crawl", 200)
    assert record["fetched_at"].endswith("Z")


def test_nothing_is_fetched_that_robots_txt_forbids(crawled: Crawled) -> None:
    assert [path for path in crawled.seen if path.startswith("/private/")] == []


@pytest.mark.parametrize(("trap", "most"), [("/calendar/", 5), ("/loop/", 35), ("/tag/", 200)])
def test_a_trap_is_left_after_a_few_pages(crawled: Crawled, trap: str, most: int) -> None:
    assert sum(n for path, n in crawled.seen.items() if path.startswith(trap)) <= most


def test_an_article_over_three_pages_is_one_record_that_lists_them(crawled: Crawled) -> None:
    paged = [record for record in crawled.records if record["page_urls"]]
    assert paged
    for record in paged:
        assert [url.rpartition("?")[2] for url in record["page_urls"][1:]] == ["page=2", "page=3"]


def test_redirected_printed_and_accelerated_versions_give_no_records(crawled: Crawled) -> None:
    assert any(path.startswith("/amp/") for path in crawled.seen)
    assert any(path.startswith("/print/") for path in crawled.seen)
    assert any(path.startswith("/old/") for path in crawled.seen)
    assert not [url for url in (record["url"] for record in crawled.records) if re.search("/amp/|/print/|utm_", url)]
    assert re.search(r"\d+  AMP, print and other versions of an article", crawled.summary)


def test_a_bomb_and_an_endless_answer_are_cut_off_and_counted(crawled: Crawled) -> None:
    assert re.findall(r"(\d+)  files larger than the limit", crawled.summary) == ["2"]


def test_an_address_inside_the_network_is_not_fetched(crawled: Crawled) -> None:
    assert crawled.seen["/jump-inside"] == 1
    assert "addresses inside the network, not fetched" in crawled.summary


def test_the_summary_says_how_many_records_there_are_and_where(crawled: Crawled) -> None:
    assert f"{len(crawled.records)} records written to {crawled.output}" in crawled.summary
    assert crawled.status == 0


def fetched(site: Site, url: str) -> Page:
    answer = site.answer(url.removeprefix(site.base))
    if answer.status != 200:  # the made-up site is busy once for some pages
        return fetched(site, url)
    headers = dict(answer.headers)
    return Page(answer.body, url=url, content_type=headers["Content-Type"], stated=reserved_by_headers(answer.headers))


def test_a_page_that_asks_not_to_be_kept_is_flagged(crawled: Crawled) -> None:
    flags = {number_of(record["url"]): record["flags"] for record in crawled.records}
    assert {"noindex", "tdm_reserved"} <= set(flags[6])
    assert "noarchive" in flags[4]
    assert not {"noindex", "noarchive", "tdm_reserved"} & set(flags[8])


def number_of(url: str) -> int:
    tail = url.rpartition("-")[2]
    return int(tail) if tail.isdigit() else -1
