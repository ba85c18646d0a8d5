"""Crawl a site from your own script, with Copydesk's spider: python examples/crawl_from_a_script.py URL FILE."""

from __future__ import annotations

import sys

from scrapy.crawler import CrawlerProcess

from crawler.run import crawl_settings


def crawl(url: str, output: str, **settings: object) -> dict[str, object]:
    """Crawl one site into a JSON Lines file. Returns Scrapy's stats. Runs once per process, like Scrapy's reactor."""
    process = CrawlerProcess(crawl_settings({"FEEDS": {output: {"format": "jsonl"}}, **settings}))
    crawler = process.create_crawler("articles")
    process.crawl(crawler, url=url, pages="100")
    process.start()
    return crawler.stats.get_stats() if crawler.stats else {}


if __name__ == "__main__":  # worker processes that clean pages import this file again
    stats = crawl(sys.argv[1], sys.argv[2])
    print(f"{stats.get('copydesk/records', 0)} records in {sys.argv[2]}")
