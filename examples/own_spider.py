"""Your own spider, which lets Copydesk clean the pages that it fetches.

scrapy runspider examples/own_spider.py -a start=https://example.org/news/ -O articles.jsonl
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import scrapy
from scrapy.http import TextResponse

from copydesk.scrapy import CopydeskMixin


class NewsSpider(CopydeskMixin, scrapy.Spider):
    """Follows the links of one page, and yields each page together with its own fields."""

    name = "news"
    custom_settings = {  # noqa: RUF012 - Scrapy wants a dict
        "ITEM_PIPELINES": {"copydesk.scrapy.CopydeskPipeline": 300},
        "EXTENSIONS": {"copydesk.scrapy.Quality": 100},
    }

    def __init__(self, start: str, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.front_page = start

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Ask for the front page."""
        yield scrapy.Request(self.front_page)

    def parse(self, response: TextResponse, **_: Any) -> Iterator[scrapy.Request]:
        """Follow every link of the front page."""
        yield from response.follow_all(css="a", callback=self.parse_article)

    def parse_article(self, response: TextResponse) -> Iterator[dict[str, Any]]:
        """Yield your own fields with the page; the pipeline replaces the page with its record."""
        yield {"shelf": response.url.rsplit("/", 1)[-1], "article": self.page(response)}
