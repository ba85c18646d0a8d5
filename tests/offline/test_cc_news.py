"""The command of docs/guide/cc-news.md, on a month of made-up archives."""

from __future__ import annotations

import gzip
import shlex
from pathlib import Path

import pytest

from copydesk.cli.main import main

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed: pip install copydesk[remote]")
parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed: pip install copydesk[parquet]")

ROOT = Path(__file__).parents[2]
MONTH = "crawl-data/CC-NEWS/2024/05"


def documented_call() -> list[str]:
    """The arguments of the command that the page shows, with a store in memory instead of S3."""
    text = (ROOT / "docs" / "guide" / "cc-news.md").read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("copydesk clean"))
    return [word.replace("s3://", "memory://") for word in shlex.split(line)[1:]]


def test_a_month_becomes_a_folder_of_parquet_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    memory = fsspec.filesystem("memory")
    archive = (ROOT / "seeds" / "archive.warc.gz").read_bytes()
    names = [f"{MONTH}/CC-NEWS-2024050{day}000000-00001.warc.gz" for day in (1, 2)]
    for name in names:
        memory.pipe_file(f"/commoncrawl/{name}", archive)
    memory.pipe_file(f"/commoncrawl/{MONTH}/warc.paths.gz", gzip.compress("\n".join(names).encode()))
    try:
        assert main([*documented_call(), "--workers", "1"]) == 0
        files = memory.ls("/bucket/cc-news/2024-05", detail=False)
        assert [Path(name).name for name in files] == ["00001-of-00064.parquet", "00002-of-00064.parquet"]
        rows = [parquet.read_table(memory.open(name)).to_pylist() for name in files]
        assert rows[0]
        assert [row["id"] for row in rows[0]] == [row["id"] for row in rows[1]]
        capsys.readouterr()
        assert main([*documented_call(), "--workers", "1"]) == 0
        assert capsys.readouterr().err.count("remove it to clean the part again") == 2
    finally:
        memory.store.clear()
        memory.pseudo_dirs[:] = [""]
