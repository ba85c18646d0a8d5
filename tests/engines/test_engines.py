"""The blocks for other engines: each engine gives the records of one process, and a bad page loses only its own row."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import copydesk
from cleaners.options import CleanOptions
from copydesk.cli.main import main
from pipelines.engines.frames import CleanFrames, Columns, clean_frames
from pipelines.record.article import Article
from pipelines.record.context import RecordInputs, Stage, StageResult
from pipelines.record.stages import STAGES
from tests import warm
from tests.crawl.running import environment

ROOT = Path(__file__).parents[2]
SITE = ROOT / "seeds" / "site" / "news"
PAGES = sorted(SITE.glob("*.html"))[:4]
COLUMNS = Columns("bytes", None, "path")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The records of `copydesk clean` for the pages, by id."""
    output = tmp_path_factory.mktemp("one-process") / "records.jsonl"
    assert main(["clean", *map(str, PAGES), "-o", str(output), "--workers", "1", "--no-plugins"]) == 0
    return sorted(lines(output), key=lambda row: str(row["id"]))


def test_a_partition_of_spark_gives_the_same_records(expected: list[dict[str, Any]]) -> None:
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    frames = [pd.DataFrame([{"bytes": path.read_bytes(), "path": str(path)}]) for path in PAGES]
    found = pd.concat(list(clean_frames(frames, COLUMNS)))
    records = [json.loads(record) for record in found["record"]]
    assert sorted(records, key=lambda row: str(row["id"])) == expected
    assert list(found.columns) == ["url", "record", "failure", "detail"]


def test_a_row_without_content_costs_only_itself() -> None:
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    cleaner = CleanFrames(Columns("bytes", None, "path"))
    contents = [PAGES[0].read_bytes(), None, 7, float("nan"), bytearray(PAGES[1].read_bytes())]
    found = cleaner(pd.DataFrame({"bytes": pd.Series(contents, dtype="object"), "path": list("abcde")}))
    cleaner.close()
    assert list(found["failure"]) == [None, "no_content", "no_content", "no_content", None]
    assert [record is None for record in found["record"]] == [False, True, True, True, False]


def hang_on_one(article: Article, inputs: RecordInputs) -> StageResult:
    """A stage that does not come back from the page called "slow"."""
    if inputs.page.source_path == "slow":
        time.sleep(60)
    return StageResult(article)


def test_a_page_that_takes_too_long_costs_its_own_row() -> None:
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    page = PAGES[0].read_bytes()
    frame = pd.DataFrame([{"bytes": page, "path": "slow"}, {"bytes": page, "path": "good"}])
    cleaner = CleanFrames(COLUMNS, CleanOptions(stages=(*STAGES, Stage("hangs", hang_on_one))), time_limit=4.0)
    found = cleaner(frame.iloc[[1]])  # its worker is warm now
    found = cleaner(frame)
    cleaner.close()
    assert list(found["failure"]) == ["time_limit", None]
    assert json.loads(found["record"][1])["headline"] == copydesk.extract(PAGES[0].read_bytes()).headline


# Datatrove starts an interpreter for each of its workers; here they are copies of the process that loaded everything.
FORKED = """
import functools, runpy, sys
import datatrove.executor
forking = functools.partial(datatrove.executor.LocalPipelineExecutor, start_method="fork")
datatrove.executor.LocalPipelineExecutor = forking
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_datatrove_gives_the_same_records(expected: list[dict[str, Any]], tmp_path: Path) -> None:
    pytest.importorskip("datatrove", reason="datatrove is not installed: pip install copydesk[datatrove]")
    (tmp_path / "forked.py").write_text(FORKED)
    example = ROOT / "examples" / "clean_with_datatrove.py"
    done = warm.run("python", "forked.py", str(example), *map(str, PAGES), folder=tmp_path)
    assert done.returncode == 0, done.stderr
    found = [row for path in (tmp_path / "records").glob("*.jsonl") for row in lines(path)]
    assert sorted(found, key=lambda row: str(row["id"])) == expected


def test_a_datatrove_task_counts_what_it_cannot_read_and_cleans_the_rest(tmp_path: Path) -> None:
    pytest.importorskip("datatrove", reason="datatrove is not installed: pip install copydesk[datatrove]")
    from pipelines.engines.datatrove_blocks import CleanInputs

    block = CleanInputs([str(tmp_path / "not-there.html"), str(PAGES[0])])
    assert [document.metadata["source_path"] for document in block.run()] == [str(PAGES[0])]
    assert block.stats["failed_missing"].total == 1


@pytest.mark.soak
def test_ray_gives_the_same_records(expected: list[dict[str, Any]], tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: pip install copydesk[ray]")
    command = [sys.executable, str(ROOT / "examples" / "clean_with_ray.py"), *map(str, PAGES)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment(), timeout=250)
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert sorted(records, key=lambda row: str(row["id"])) == expected
