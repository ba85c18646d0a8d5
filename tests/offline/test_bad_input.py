from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.offline import samples
from tests.offline.conftest import Run

Clean = Callable[..., Run]

UNREADABLE = {
    "an empty file": ("empty.html", b"", "the file is empty"),
    "a picture called a page": ("page.html", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "a PNG image, not a page"),
    "binary data called text": ("page.txt", bytes(range(1, 32)) * 99, "binary data, not text"),
    "a truncated gzip": ("page.html.gz", gzip.compress(samples.page(1))[:-40], "ends in the middle"),
    "a damaged gzip": ("page.txt.gz", gzip.compress(samples.text(1).encode())[:60] + b"?" * 99, "damaged"),
    "an archive that is none": ("page.warc", b"just words\n" * 40, "archive"),
    "a page of 50 MB": ("page.html", b"<p>" + b"a word " * 7_200_000, "more than 20 MB"),
    "a line that is no JSON": ("rows.jsonl", b'{"text": \n', "rows.jsonl#1: not a line of JSON"),
    "a row without text": ("rows.jsonl", b'{"title": "x"}\n', 'no text under "text" or "html" (found: title)'),
    "nested JSON without end": ("rows.jsonl", b"[" * 200_000, "not a line of JSON"),
}

HOSTILE = {
    "the wrong charset": samples.page(1).replace(b"utf-8", b"shift_jis")
    + "<p>Üble Größen überall</p>".encode("latin-1"),
    "UTF-16 with a mark": samples.page(1).decode().encode("utf-16"),
    "UTF-16 without one": samples.page(1).decode().encode("utf-16-le"),
    "NUL bytes": samples.page(1).replace(b" ", b" \x00"),
    "100,000 nested tags": b"<div>" * 100_000 + samples.page(1),
    "tags never closed": b"<b><i><table><a href=x>" * 20_000 + samples.page(1),
    "one enormous attribute": b'<div class="' + b"x " * 500_000 + b'">' + samples.page(1),
    "a wide table": b"<table><tr>" + b"<td>1" * 50_000 + b"</table>" + samples.page(1),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_unreadable_input_gives_one_clear_line_and_the_rest_is_done(tmp_path: Path, clean: Clean, case: str) -> None:
    name, content, found = UNREADABLE[case]
    samples.folder(tmp_path, 1)
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / name).write_bytes(content)
    (tmp_path / "last.html").write_bytes(samples.page(5))
    run = clean(tmp_path / "0000.html", tmp_path / "bad", tmp_path / "last.html")
    assert run.status == 1
    assert run.sources == ["0000.html", "last.html"]
    complaints = [line for line in run.messages.splitlines() if name in line]
    assert len(complaints) == 1
    assert found in complaints[0]


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_page_still_becomes_a_record(tmp_path: Path, clean: Clean, case: str) -> None:
    (tmp_path / "hostile.html").write_bytes(HOSTILE[case])
    run = clean(tmp_path)
    assert (run.status, run.sources) == (0, ["hostile.html"]), run.messages


@pytest.mark.parametrize("case", ["the wrong charset", "UTF-16 with a mark", "UTF-16 without one", "NUL bytes"])
def test_odd_bytes_lose_no_words(tmp_path: Path, clean: Clean, case: str) -> None:
    (tmp_path / "odd.html").write_bytes(HOSTILE[case])
    assert samples.paragraph(10) in str(clean(tmp_path).records[0]["body"])


def test_a_page_that_hangs_or_crashes_is_named_and_its_neighbours_are_records(
    tmp_path: Path, clean: Clean, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.workers.batches.clean_batch", samples.hanging_batch)
    samples.folder(tmp_path, 5)
    (tmp_path / "0001.html").write_text("<p>This page never comes back.</p>")
    (tmp_path / "0003.html").write_text("<p>This page takes the worker along.</p>")
    run = clean(tmp_path, "--time-limit", "5")
    assert run.sources == ["0000.html", "0002.html", "0004.html"]
    assert run.status == 1
    assert "0001.html: no record: the page took longer than 5 s" in run.messages
    assert "0003.html: no record: the worker process died" in run.messages
    assert "failed: 1 time_limit, 1 worker_died" in run.messages


def test_an_archive_cut_short_gives_its_whole_records_and_says_where_it_ends(tmp_path: Path, clean: Clean) -> None:
    html = {"Content-Type": "text/html"}
    pages = [("response", f"http://paper.test/{n}", 200, html, samples.page(n)) for n in range(4)]
    warc = samples.archive(tmp_path / "a.warc.gz", *pages)
    warc.write_bytes(warc.read_bytes()[:-150])
    run = clean(warc)
    assert run.status == 1
    assert [record["url"] for record in run.records] == [f"http://paper.test/{n}" for n in range(3)]
    assert "ends in the middle" in run.messages


def test_lines_before_a_break_in_a_compressed_dump_are_records(tmp_path: Path, clean: Clean) -> None:
    lines = b"".join(json.dumps({"text": samples.text(n, 30)}).encode() + b"\n" for n in range(60))
    (tmp_path / "rows.jsonl.gz").write_bytes(gzip.compress(lines)[:-3000])
    run = clean(tmp_path)
    assert run.status == 1
    assert 0 < len(run.records) < 60
    assert "ends in the middle" in run.messages


def test_a_missing_input_an_empty_folder_and_a_glob_without_match_are_failures(tmp_path: Path, clean: Clean) -> None:
    (tmp_path / "empty").mkdir()
    samples.folder(tmp_path / "pages", 1)
    run = clean(tmp_path / "nowhere.html", tmp_path / "empty", tmp_path / "*.pdf", tmp_path / "pages")
    assert (run.status, len(run.records)) == (1, 1)
    assert "failed: 3 missing" in run.messages


@pytest.mark.parametrize(
    "arguments",
    [
        ["--workers", "0"],
        ["--format", "pdf"],
        ["--no-such-option"],
        ["--manifest", "nowhere.csv"],
        ["--separator", ""],
        ["--model", "nowhere.npz"],
        ["-"],
    ],
)
def test_a_wrong_call_has_a_status_of_its_own_and_writes_nothing(clean: Clean, arguments: list[str]) -> None:
    run = clean("-", *arguments)
    assert (run.status, run.records) == (2, [])
    assert run.messages


def test_a_json_line_with_half_a_surrogate_becomes_valid_json(tmp_path: Path, clean: Clean) -> None:
    (tmp_path / "rows.jsonl").write_text('{"text": "A broken \\ud83d emoji in a sentence that goes on for a while."}\n')
    run = clean(tmp_path)
    assert run.status == 0
    assert "emoji in a sentence" in str(run.records[0]["body"])
