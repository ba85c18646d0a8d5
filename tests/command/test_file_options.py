"""No command writes a file that it reads: one table says how the files that options name are used."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.settings import Settings

from cleaners.errors import UsageError
from cleaners.page import Page
from copydesk.cli.commands import COMMANDS
from copydesk.cli.file_options import FILE_OPTIONS, use_of
from copydesk.cli.main import main, parser
from copydesk.cli.parsing import Parser
from crawler.storage.files import open_files
from pipelines.record.build import record_of
from tests.offline import samples

NAMES_OF_FILES = {"FILE", "FOLDER", "INPUT", "RECORDS", "PAGE", "PART", "SET"}


def options_with_files() -> Iterator[tuple[str, str]]:
    for command in COMMANDS:
        row = Parser()
        command.module().add_arguments(row)
        for action in row._actions:
            if action.metavar in NAMES_OF_FILES:
                yield command.name, action.dest


def test_every_option_that_names_files_says_how_they_are_used() -> None:
    options = list(options_with_files())
    assert [named for named in options if use_of(*named) is None] == []
    assert len(options) > 20
    assert set(FILE_OPTIONS) <= {option for _, option in options} | {"seeds"}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.html").write_bytes(samples.page(1))
    (tmp_path / "seeds.csv").write_text("url\nhttps://example.org/\n")
    shutil.copytree(samples.SEEDS / "site" / "news", tmp_path / "news")
    line = record_of(Page(samples.page(1), source_path="page.html")).json_line()
    for name in ("a.jsonl", "b.jsonl", "why.jsonl"):
        (tmp_path / name).write_text(line, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "call",
    [
        "clean page.html -o page.html",
        "clean page.html -o out.sqlite --rejected page.html",
        "clean page.html -o out.csv --explain out.csv",
        "clean news -o news/ferry-timetable.html",
        "clean page.html -o seeds.csv --manifest seeds.csv",
        "clean page.html -o out.jsonl --sites news --explain news/ferry-timetable.html",
        "clean page.html -o a.jsonl --rejected ./a.jsonl",
        "select a.jsonl -o a.jsonl",
        "select a.jsonl b.jsonl -o out.parquet --rejected b.jsonl",
        "select a.jsonl -o out.db --rejected out.db",
        "merge a.jsonl b.jsonl -o b.jsonl",
        "export newsarticle a.jsonl -o a.jsonl",
        "report a.jsonl -o a.jsonl",
        "report a.jsonl --explain why.jsonl -o why.jsonl",
        "inspect page.html -o page.html",
        "crawl seeds.csv -o out.jsonl --archive out.jsonl",
        "crawl seeds.csv -o out.jsonl --store out.jsonl",
        "crawl seeds.csv -o seeds.csv",
        "train news -o news/ferry-timetable.html",
    ],
)
def test_an_output_that_is_an_input_or_another_output_is_refused(
    files: Path, call: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in files.rglob("*") if path.is_file()}
    assert main(call.split()) == 2
    assert {path: path.read_bytes() for path in files.rglob("*") if path.is_file()} == before
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "output" in said


def test_the_parsed_arguments_name_their_command() -> None:
    assert parser("select").parse_args(["select", "a.jsonl"]).command == "select"


@pytest.mark.parametrize(
    ("setting", "place"),
    [
        ("REJECTED", "out.jsonl"),
        ("ARCHIVE", "./out.jsonl.crawl"),
        ("EXPLAIN", "out.jsonl.part"),
        ("STORE", "out.jsonl"),
    ],
)
def test_a_crawl_keeps_its_files_apart_however_they_are_named(tmp_path: Path, setting: str, place: str) -> None:
    feeds = {str(tmp_path / "out.jsonl"): {"format": "jsonl"}}
    with pytest.raises(UsageError, match="one file for two outputs"):
        open_files(Settings({"FEEDS": feeds, setting: str(tmp_path / place)}), "{}")
    assert list(tmp_path.iterdir()) == []
