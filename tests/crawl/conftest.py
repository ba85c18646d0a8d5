from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.crawl.running import crawl, records, seen_by, serving
from tests.crawl.site import Site
from tests.sharing import made_once

ARTICLES = 40


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


def crawl_into(folder: Path) -> None:
    """Crawl the made-up site, and keep its messages and its requests."""
    output, archive = folder / "articles.jsonl", folder / "crawl.warc.gz"
    with serving(ARTICLES) as base:
        done = crawl("-a", f"url={base}/", "-O", str(output), ARCHIVE=str(archive), DOWNLOAD_MAXSIZE="2000000")
        assert output.exists(), done.stderr
        kept = {"base": base, "summary": done.stderr, "status": done.returncode, "seen": seen_by(base)}
    (folder / "crawl.json").write_text(json.dumps(kept), encoding="utf-8")


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    folder = made_once(tmp_path_factory, "crawl", crawl_into)
    kept = json.loads((folder / "crawl.json").read_text(encoding="utf-8"))
    output = folder / "articles.jsonl"
    return Crawled(
        Site(ARTICLES, kept["base"]),
        output,
        folder / "crawl.warc.gz",
        kept["summary"],
        kept["status"],
        records(output),
        kept["seen"],
    )
