from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawler.storage.store import Store
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


@pytest.fixture(autouse=True)
def _stores_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close what a test opened: Python 3.13 warns of a database that is only let go of."""
    opened: list[Store] = []
    start = Store.__init__

    def remembered(store: Store, *path: Path | None) -> None:
        start(store, *path)
        opened.append(store)

    monkeypatch.setattr(Store, "__init__", remembered)
    yield
    for store in opened:
        store._db.close()


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("crawl")
    output, archive = folder / "articles.jsonl", folder / "crawl.warc.gz"
    with serving(ARTICLES) as base:
        done = crawl("-a", f"url={base}/", "-O", str(output), ARCHIVE=str(archive), DOWNLOAD_TIMEOUT="3")
        assert output.exists(), done.stderr
        site = Site(ARTICLES, base)
        yield Crawled(site, output, archive, done.stderr, done.returncode, records(output), seen_by(base))
