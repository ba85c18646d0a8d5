"""Copydesk in a Scrapy project of your own: an item pipeline, a mixin for spiders, and stats.

# settings.py
ITEM_PIPELINES = {"copydesk.scrapy.CopydeskPipeline": 300}
EXTENSIONS = {"copydesk.scrapy.Quality": 100}

# a spider
class News(CopydeskMixin, scrapy.Spider):
    def parse(self, response):
        yield self.page(response)
"""

from __future__ import annotations

from typing import Any, Self

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response

from cleaners.errors import InputError
from cleaners.page import Page
from crawler.fetching.responses import page_of
from crawler.running.quality import Quality
from pipelines.items import RecordPipeline
from pipelines.record.article import Article

__all__ = ["CopydeskMixin", "CopydeskPipeline", "Quality"]


class CopydeskMixin:
    """For spiders: makes a page from a response, to be yielded as an item or in a field of one."""

    def page(self, response: Response) -> Page:
        """The page of a response, with its address, headers and time."""
        return page_of(response)


class CopydeskPipeline:
    """Item pipeline: replaces each page by its record, made in worker processes with a time limit.

    An item that is a Page becomes an Article. An item with a Page in one of its fields gets the record there, as a
    dict. Other items pass. An item whose page cannot be cleaned is dropped, with a line in the log that says why, and
    counted under the stat `copydesk/not_cleaned`.

    Settings: CLEAN_WORKERS (2), CLEAN_TIMEOUT (30 seconds a page), CLEAN_OPTIONS (fields of `copydesk.Options`),
    CLEAN_PLUGINS (True).
    """

    def __init__(self, crawler: Crawler) -> None:
        self._stats: Any = crawler.stats
        self._records = RecordPipeline.from_crawler(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build, and start the worker processes."""
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """Clean the item, if it is a page, and the pages in its fields. Raises DropItem if one cannot be cleaned."""
        if isinstance(item, Page):
            return await self._cleaned(item)
        if ItemAdapter.is_item(item):
            fields = ItemAdapter(item)
            for name, value in list(fields.items()):
                if isinstance(value, Page):
                    fields[name] = (await self._cleaned(value)).as_dict()
        return item

    async def _cleaned(self, page: Page) -> Article:
        try:
            article: Article = await self._records.process_item(page)
        except InputError as error:
            self._stats.inc_value("copydesk/not_cleaned")
            raise DropItem(str(error)) from error
        return article

    def close_spider(self) -> None:
        """Stop the workers."""
        self._records.close_spider()
