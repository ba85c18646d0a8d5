"""Copydesk in programs of users: their own spider, a script, and monitors of a crawl."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scrapy.utils.test import get_crawler

from cleaners.errors import UsageError
from cleaners.page import Page
from copydesk.scrapy import CopydeskPipeline, Quality
from pipelines.record.build import record_of
from pipelines.workers.settings import options_of
from tests import warm
from tests.crawl.running import ROOT, records, serving_plainly
from tests.offline import samples
from tests.review.made_records import a_record, saved

EXAMPLES = ROOT / "examples"


@pytest.mark.crawl
def test_a_spider_of_the_user_gets_records_beside_its_own_fields(tmp_path: Path) -> None:
    with serving_plainly(3) as base:
        spider = str(EXAMPLES / "own_spider.py")
        done = warm.run("scrapy", "runspider", spider, "-a", f"start={base}/", "-O", "a.jsonl", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    made_by_spider = records(tmp_path / "a.jsonl")
    assert made_by_spider
    assert {frozenset(item) for item in made_by_spider} == {frozenset({"shelf", "article"})}
    assert all(item["article"]["schema_version"] == 2 for item in made_by_spider)
    assert f"'copydesk/records': {len(made_by_spider)}" in done.stderr


@pytest.mark.crawl
def test_a_script_crawls_a_site_and_reads_its_numbers(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from crawl_from_a_script import crawl\n"
        "if __name__ == '__main__':\n"
        "    stats = crawl(sys.argv[2], 'a.jsonl', DOWNLOAD_DELAY=0, AUTOTHROTTLE_ENABLED=False, LOG_LEVEL='WARNING')\n"
        "    print(stats['copydesk/records'], stats['copydesk/filled/headline'])\n"
    )
    (tmp_path / "mine.py").write_text(code)
    with serving_plainly(3) as base:
        done = warm.run("python", "mine.py", str(EXAMPLES), f"{base}/", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "3 3"
    assert len(records(tmp_path / "a.jsonl")) == 3


async def processed(item: Any) -> Any:
    pipeline = CopydeskPipeline.from_crawler(get_crawler(settings_dict={"CLEAN_WORKERS": 1}))
    try:
        return await pipeline.process_item(item)
    finally:
        pipeline.close_spider()


def test_a_page_becomes_its_record_and_other_items_pass() -> None:
    import asyncio

    page = Page(samples.page(1), url="https://a.example/1")
    assert asyncio.run(processed(page)) == record_of(page).article
    assert asyncio.run(processed({"price": 3})) == {"price": 3}


def quality(*items: Any, **settings: Any) -> Any:
    """The stats of a crawl that yielded these items."""
    crawler = get_crawler(settings_dict=settings)
    assert crawler.stats
    extension = Quality(crawler)
    for item in items:
        extension.scraped(item)
    extension.closed()
    return crawler.stats


def test_stats_say_which_fields_are_filled_and_what_was_removed() -> None:
    article = record_of(Page(samples.page(1), url="https://a.example/1")).article
    stats = quality(article, {"article": article.as_dict()}, {"price": 3})
    assert stats.get_value("copydesk/records") == 2
    assert stats.get_value("copydesk/filled/body") == 2


def a_run(headline: str | None, site: str = "example.org") -> list[dict[str, Any]]:
    return [a_record(number, site, headline=headline) for number in range(30)]


def test_stats_list_the_sites_that_changed(tmp_path: Path) -> None:
    last = saved(tmp_path / "last.jsonl", a_run("A headline"))
    with_headlines, without = ([{"article": row} for row in a_run(headline)] for headline in ("Another", None))
    changed = quality(*without, CHECK_AGAINST=last).get_value("copydesk/changes")
    assert ["headline" in line for line in changed] == [True]
    assert quality(*with_headlines, CHECK_AGAINST=last).get_value("copydesk/changes") == []


def test_a_line_of_the_earlier_run_that_cannot_be_read_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    last = Path(saved(tmp_path / "last.jsonl", a_run("A headline")))
    with last.open("a", encoding="utf-8") as file:
        file.write("no record\n")
    changed = quality(*({"article": row} for row in a_run(None)), CHECK_AGAINST=str(last)).get_value("copydesk/changes")
    assert len(changed) == 1
    assert f"CHECK_AGAINST: {last}" in caplog.text


MONITORED = """
import json, sys
import scrapy
class Ready(scrapy.Spider):
    name = "ready"
    custom_settings = {
        "EXTENSIONS": {"copydesk.scrapy.Quality": 100, "spidermon.contrib.scrapy.extensions.Spidermon": 500},
        "SPIDERMON_ENABLED": True,
        "SPIDERMON_SPIDER_CLOSE_MONITORS": ("copydesk.monitors.CopydeskMonitors",),
        "CHECK_AGAINST": "last.jsonl",
    }
    async def start(self):
        for line in open(self.now):
            yield {"article": json.loads(line)}
"""


@pytest.mark.crawl
def test_monitors_fail_where_a_site_changed(tmp_path: Path) -> None:
    pytest.importorskip("spidermon", reason="monitors need Spidermon")
    for name, headline in (("last.jsonl", "A headline"), ("good.jsonl", "Another"), ("bad.jsonl", None)):
        saved(tmp_path / name, a_run(headline))
    (tmp_path / "ready.py").write_text(MONITORED)
    for name, ending in (("good.jsonl", "OK"), ("bad.jsonl", "FAILED (failures=2")):
        done = warm.run("scrapy", "runspider", "ready.py", "-a", f"now={name}", folder=tmp_path)
        assert f"[Spidermon] {ending}" in done.stderr, done.stderr
    assert "records with headline: 100% before, 0% now" in done.stderr


@pytest.mark.crawl
def test_a_crawl_says_what_changed_since_the_last_with_its_own_exit_status(tmp_path: Path) -> None:
    with serving_plainly(12) as base:
        host = base.removeprefix("http://").partition(":")[0]
        saved(tmp_path / "last.jsonl", a_run(None, host))
        fast = ("--delay", "0", "-s", "AUTOTHROTTLE_ENABLED=0")
        against = ("--check-against", "last.jsonl")
        done = warm.run("copydesk", "crawl", f"{base}/", *fast, *against, folder=tmp_path)
    assert done.returncode == 4, done.stderr
    assert "records with headline: 0% before, 100% now" in done.stderr


def test_an_option_of_cleaning_that_there_is_not_is_refused_with_the_nearest_name() -> None:
    crawler = get_crawler(settings_dict={"CLEAN_OPTIONS": {"markdwon": True}})
    with pytest.raises(UsageError, match=r"CLEAN_OPTIONS: 'markdwon' is unknown; did you mean 'markdown'\?"):
        options_of(crawler)
