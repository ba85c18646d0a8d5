"""The page on limits states the values of the code."""

from __future__ import annotations

import re

import pytest

from cleaners.parsing import html, text
from crawler import settings
from crawler.pages import links
from crawler.running import leads
from crawler.sources import sitemaps
from crawler.urls import spelling, traps
from pipelines.inputs import limits
from pipelines.workers import pool
from tests.hostile.corpus import ROOT

PAGE = (ROOT / "docs" / "guide" / "limits.md").read_text(encoding="utf-8")
BOUNDS: dict[str, float] = {
    "elements of a page": html.MAX_ELEMENTS,
    "blocks of a text dump": text.MAX_BLOCKS,
    "links read from a page": links.MAX_LINKS,
    "bytes of one page, unpacked": limits.MAX_PAGE_BYTES / 1_000_000,
    "seconds for one page": pool.TIME_LIMIT,
    "workers that one page may kill": pool.ATTEMPTS,
    "pages that one worker cleans": pool.TASKS_PER_WORKER,
    "bytes of a response": settings.DOWNLOAD_MAXSIZE / 1024**2,
    "seconds for a response": settings.DOWNLOAD_TIMEOUT,
    "tries of a page in a run": settings.RETRY_TIMES + 1,
    "redirects": settings.REDIRECT_MAX_TIMES,
    "characters of an address": spelling.MAX_ADDRESS_CHARS,
    "links away from a seed": settings.DEPTH_MAX,
    "listings in a row that lead to nothing new": settings.BARREN_MAX,
    "pages of one form with no article among them": traps.TRIED_FOR_NOTHING,
    "pages of one article": settings.ARTICLE_PAGES_MAX,
    "sitemaps of a seed": settings.SITEMAPS_MAX,
    "sitemaps of a seed before its articles": leads.SITEMAPS_BEFORE_ARTICLES,
    "entries of one sitemap": sitemaps.MAX_ENTRIES,
    "bytes of one sitemap, unpacked": sitemaps.MAX_BYTES / 1024**2,
    "seconds of a Crawl-delay": settings.CRAWL_DELAY_MAX,
    "seconds of a Retry-After": settings.BACKOFF_MAX,
    "failures of a host in a row": settings.HOST_FAILURES,
    "seconds a page may take in the browser": settings.RENDER_TIMEOUT,
    "memory of a page in the browser": settings.RENDER_MEMORY / 1024**3,
}


@pytest.mark.parametrize("bound", BOUNDS)
def test_a_documented_bound_is_the_one_in_the_code(bound: str) -> None:
    row = re.search(rf"^\| {re.escape(bound)} \| ([\d,]+)", PAGE, re.MULTILINE)
    assert row, bound
    assert float(row[1].replace(",", "")) == BOUNDS[bound]
