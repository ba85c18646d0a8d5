"""Scrapy item pipelines over the same PLAN and STAGES as an offline run. They are thin: pure functions do the work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, Final, Self

from scrapy.crawler import Crawler

from cleaners.options import CleanOptions
from cleaners.page import Page
from pipelines.record.article import Article
from pipelines.record.build import record_of
from pipelines.record.context import RecordInputs, Stage
from pipelines.record.stages import STAGES
from pipelines.workers.async_pool import CleaningPool
from pipelines.workers.settings import options_of, pool_of


@dataclass(frozen=True, slots=True)
class Draft:
    """An Article on its way through the stage pipelines, with the inputs of the stages."""

    article: Article
    inputs: RecordInputs


class RecordPipeline:
    """Turns a Page that a spider yields into its Article, in a worker process. Other items pass unchanged."""

    def __init__(self, pool: CleaningPool, options: CleanOptions) -> None:
        self._pool = pool
        self._options = options

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build from the settings CLEAN_WORKERS, CLEAN_TIMEOUT (seconds) and CLEAN_OPTIONS."""
        return cls(pool_of(crawler), options_of(crawler))

    async def process_item(self, item: Any) -> Any:
        """Clean a Page into an Article. Raises InputError for a page that cannot be cleaned in time."""
        if not isinstance(item, Page):
            return item
        return await self._pool.run(partial(article_of, options=self._options), item, item.url or "page")

    def close_spider(self) -> None:
        """Stop the workers."""
        self._pool.close()


def article_of(page: Page, options: CleanOptions) -> Article:
    """The record alone, as a worker process returns it."""
    return record_of(page, options).article


class StagePipeline:
    """One stage as an item pipeline, for spiders that take Drafts through their own choice of stages."""

    stage: Stage

    def process_item(self, item: Any) -> Any:
        """Apply the stage to a Draft; other items pass."""
        if not isinstance(item, Draft):
            return item
        return Draft(self.stage.run(item.article, item.inputs).article, item.inputs)


def stage_pipeline(stage: Stage) -> type[StagePipeline]:
    """A thin pipeline class for one row of STAGES."""
    title = "".join(word.capitalize() for word in stage.name.split("_"))
    return type(f"{title}Pipeline", (StagePipeline,), {"stage": stage, "__doc__": stage.run.__doc__})


STAGE_PIPELINES: Final[Mapping[str, type[StagePipeline]]] = MappingProxyType(
    {stage.name: stage_pipeline(stage) for stage in STAGES}
)
