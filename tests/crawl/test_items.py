from __future__ import annotations

import asyncio
from typing import Any

from scrapy.utils.test import get_crawler

from cleaners.options import DEFAULT
from cleaners.page import Page
from cleaners.plan import clean
from pipelines.evidence.gather import gather
from pipelines.items import STAGE_PIPELINES, Draft, RecordPipeline
from pipelines.record.article import Article
from pipelines.record.build import record_of
from pipelines.record.context import RecordInputs
from pipelines.record.stages import STAGES
from tests.crawl.site import Site


def a_page() -> Page:
    site = Site(20)
    url = site.base + site.path_of(8)
    answer = site.answer(site.path_of(8))
    return Page(answer.body, url=url)


def test_every_stage_has_a_pipeline_in_the_same_order() -> None:
    assert list(STAGE_PIPELINES) == [stage.name for stage in STAGES]


def test_the_stage_pipelines_one_after_another_make_the_record() -> None:
    page = a_page()
    cleaned = clean(page)
    draft: Any = Draft(Article(), RecordInputs(page, cleaned, gather(page, cleaned), DEFAULT))
    for pipeline in STAGE_PIPELINES.values():
        draft = pipeline().process_item(draft)
    assert draft.article == record_of(page).article


def test_a_page_that_a_spider_yields_becomes_its_record_in_a_worker() -> None:
    pipeline = RecordPipeline.from_crawler(get_crawler(settings_dict={"CLEAN_WORKERS": 1}))

    async def both() -> tuple[Any, Any]:
        return await pipeline.process_item(a_page()), await pipeline.process_item({"other": 1})

    try:
        assert asyncio.run(both()) == (record_of(a_page()).article, {"other": 1})
    finally:
        pipeline.close_spider()
