from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.crawl.running import crawl, records, seen_by, serving
from tests.crawl.site import Site

ARTICLES = 60


@dataclass(frozen=True)
class Crawled:
    """A finished crawl of the made-up site."""

    site: Site
    output: Path
    archive: Path
    summary: str
    status: int
    records: list[dict[str, Any]]
    seen: dict[str, int]


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("crawl")
    output, archive = folder / "articles.jsonl", folder / "crawl.warc.gz"
    with serving(ARTICLES) as base:
        done = crawl("-a", f"url={base}/", "-O", str(output), ARCHIVE=str(archive), DOWNLOAD_TIMEOUT="3")
        assert output.exists(), done.stderr
        site = Site(ARTICLES, base)
        yield Crawled(site, output, archive, done.stderr, done.returncode, records(output), seen_by(base))
