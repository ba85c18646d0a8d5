from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest

from cleaners.errors import InputError
from pipelines.inputs.files import Found, files_of
from pipelines.inputs.reader import ReadOptions, pages_of
from tests import warm
from tests.offline import samples
from tests.offline.conftest import Run

Clean = Callable[..., Run]
HTML = {"Content-Type": "text/html; charset=utf-8"}


def test_a_folder_is_read_with_all_below_it_in_one_order(tmp_path: Path, clean: Clean) -> None:
    samples.folder(tmp_path / "b", 2)
    samples.folder(tmp_path / "a" / "deep", 1)
    (tmp_path / "top.htm").write_bytes(samples.page(7))
    run = clean(tmp_path)
    assert [str(record["source_path"]).removeprefix(str(tmp_path)) for record in run.records] == [
        "/top.htm",
        "/a/deep/0000.html",
        "/b/0000.html",
        "/b/0001.html",
    ]
    assert run.status == 0


def test_pictures_styles_and_hidden_files_in_a_folder_are_skipped_and_counted(tmp_path: Path, clean: Clean) -> None:
    samples.folder(tmp_path, 1)
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "site.css").write_text("body { color: red }")
    (tmp_path / "drawing.svg").write_text("<svg><title>x</title></svg>")
    (tmp_path / ".draft.html").write_bytes(samples.page(9))
    run = clean(tmp_path)
    assert (run.status, run.sources) == (0, ["0000.html"])
    assert "passed over: 3 other_file" in run.messages


def test_a_page_saved_under_a_query_name_is_found_by_its_content(tmp_path: Path, clean: Clean) -> None:
    (tmp_path / "show.php?id=3").write_bytes(samples.page(3))
    assert clean(tmp_path).sources == ["show.php?id=3"]


def test_a_glob_reads_what_it_matches_sorted(tmp_path: Path, clean: Clean) -> None:
    samples.folder(tmp_path / "x", 3)
    (tmp_path / "x" / "note.txt").write_text(samples.text(1))
    assert clean(tmp_path / "**" / "*.html").sources == ["0000.html", "0001.html", "0002.html"]


@pytest.mark.parametrize("pattern", ["**", "**/*", "**/*.html", "**/in/**", "in/../**/page*", "./**/p*.html"])
def test_a_glob_with_two_stars_reads_each_page_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    """Links that lead back would give 40 names to a page, and two of them 2 to the 40."""
    samples.folder(tmp_path / "in" / "deep", 2)
    (tmp_path / "in" / "page.html").write_bytes(samples.page(3))
    for name in ("one", "two", "three"):
        (tmp_path / "in" / name).symlink_to(".")
    monkeypatch.chdir(tmp_path)
    found = [found.path for found in files_of(pattern) if isinstance(found, Found)]
    wanted = ["in/page.html", "in/deep/0000.html", "in/deep/0001.html"]
    if pattern.endswith(("page*", "p*.html")):
        wanted = wanted[:1]
    assert sorted(map(os.path.normpath, found)) == sorted(wanted)


@pytest.mark.parametrize("name", ["page.html.gz", "page.html"])
def test_a_compressed_page_is_recognised_by_its_bytes_whatever_its_name(
    tmp_path: Path, clean: Clean, name: str
) -> None:
    (tmp_path / name).write_bytes(gzip.compress(samples.page(4)))
    assert samples.paragraph(40) in str(clean(tmp_path / name).records[0]["body"])


def test_a_dump_is_one_document_and_a_separator_makes_it_several(tmp_path: Path, clean: Clean) -> None:
    dump = tmp_path / "dump.txt"
    dump.write_text("\n=====\n".join(samples.text(n) for n in range(3)), "utf-8")
    assert clean(dump).sources == ["dump.txt"]
    assert clean(dump, "--separator", "=====").sources == ["dump.txt#1", "dump.txt#2", "dump.txt#3"]


def test_form_feeds_separate_documents(tmp_path: Path, clean: Clean) -> None:
    dump = tmp_path / "dump.txt.gz"
    dump.write_bytes(gzip.compress("\f".join(samples.text(n) + "\n" for n in range(2)).encode()))
    assert clean(dump, "--separator", r"\f").sources == ["dump.txt.gz#1", "dump.txt.gz#2"]


def test_the_bound_of_a_page_is_of_each_document_between_form_feeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.inputs.text.MAX_PAGE_BYTES", 100)
    dump = tmp_path / "dump.txt"
    dump.write_text("".join(f"\fPage {n} of a scanned book\nand its second line\n" for n in range(9)))
    assert len(list(pages_of([str(dump)], ReadOptions(separator="\f"), Counter()))) == 9
    dump.write_text("One page\n\n" * 20)
    [found] = pages_of([str(dump)], ReadOptions(separator="\f"), Counter())
    assert isinstance(found, InputError)
    assert found.cause == "too_big"


def test_json_lines_give_text_url_and_date(tmp_path: Path, clean: Clean) -> None:
    rows = tmp_path / "rows.jsonl"
    row = {"content": samples.text(1), "link": "http://paper.test/1", "day": "2025-04-02"}
    rows.write_text(json.dumps(row) + "\n\n" + json.dumps({"content": samples.text(2)}) + "\n", "utf-8")
    run = clean(rows, "--text-field", "content", "--url-field", "link", "--date-field", "day")
    assert [record["url"] for record in run.records] == ["http://paper.test/1", None]
    assert run.sources == ["rows.jsonl#1", "rows.jsonl#3"]
    assert samples.paragraph(10) in str(run.records[0]["body"])


def test_json_lines_may_hold_markup(tmp_path: Path, clean: Clean) -> None:
    rows = tmp_path / "rows.ndjson"
    rows.write_text(json.dumps({"text": samples.page(1).decode()}) + "\n")
    record = clean(rows).records[0]
    assert record["source_type"] == "html"
    assert "<p>" not in str(record["body"])


def test_an_archive_gives_its_html_pages_and_counts_the_rest(tmp_path: Path, clean: Clean) -> None:
    warc = samples.archive(
        tmp_path / "a.warc.gz",
        ("response", "http://paper.test/1", 200, HTML, samples.page(1)),
        ("request", "http://paper.test/1", 200, {}, b""),
        ("response", "http://paper.test/x.png", 200, {"Content-Type": "image/png"}, b"\x89PNG"),
        ("response", "http://paper.test/gone", 404, HTML, b"<p>Nothing here</p>"),
        ("revisit", "http://paper.test/1", 200, HTML, b""),
        ("response", "http://paper.test/2", 200, HTML, samples.page(2)),
    )
    run = clean(warc)
    assert run.status == 0
    assert [record["url"] for record in run.records] == ["http://paper.test/1", "http://paper.test/2"]
    assert run.sources == ["a.warc.gz#2", "a.warc.gz#7"]
    first = run.records[0]
    assert (first["fetched_at"], first["http_status"], first["source_type"]) == ("2025-04-01T10:20:30Z", 200, "warc")
    assert "passed over: 1 http_404, 1 not_html, 1 revisit" in run.messages


@pytest.mark.parametrize(
    ("header", "coding", "encode"),
    [
        ("Content-Encoding", "gzip", gzip.compress),
        ("Content-Encoding", "br", brotli.compress),
        ("Transfer-Encoding", "chunked", lambda body: b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)),
        ("Content-Encoding", "gzip", lambda body: body),
    ],
    ids=["gzip", "brotli", "chunked", "said to be gzip and not"],
)
def test_archived_pages_are_decoded_as_their_headers_say_or_as_they_are(
    tmp_path: Path, clean: Clean, header: str, coding: str, encode: Callable[[bytes], bytes]
) -> None:
    wire = encode(samples.page(1))
    warc = samples.archive(
        tmp_path / "a.warc",
        ("response", "http://paper.test/1", 200, {**HTML, header: coding}, wire),
        ("response", "http://paper.test/2", 200, HTML, samples.page(2)),
    )
    first, second = clean(warc).records
    assert samples.paragraph(10) in str(first["body"])
    assert samples.paragraph(20) in str(second["body"])


def test_a_wet_file_gives_its_conversions_as_text(tmp_path: Path, clean: Clean) -> None:
    wet = samples.archive(
        tmp_path / "a.warc.wet.gz",
        *(("conversion", f"http://paper.test/{n}", 200, {}, samples.text(n).encode()) for n in range(3)),
    )
    run = clean(wet)
    assert [record["url"] for record in run.records] == [f"http://paper.test/{n}" for n in range(3)]
    assert {record["engine"] for record in run.records} == {"text"}


def test_a_manifest_gives_saved_pages_their_urls(tmp_path: Path, clean: Clean) -> None:
    samples.folder(tmp_path / "pages", 2)
    manifest = tmp_path / "urls.csv"
    manifest.write_text("path,url\n0000.html,http://paper.test/zero\npages/0001.html,http://paper.test/one\n")
    run = clean(tmp_path / "pages", "--manifest", manifest)
    assert [record["url"] for record in run.records] == ["http://paper.test/zero", "http://paper.test/one"]


def test_a_bad_manifest_row_is_reported_with_its_line_and_the_others_are_used(tmp_path: Path, clean: Clean) -> None:
    samples.folder(tmp_path / "pages", 1)
    manifest = tmp_path / "urls.csv"
    manifest.write_text("somewhere.html,not an address\npages/0000.html,http://paper.test/zero\n")
    run = clean(tmp_path / "pages", "--manifest", manifest)
    assert run.status == 1
    assert f"{manifest}:1:" in run.messages
    assert run.records[0]["url"] == "http://paper.test/zero"


@pytest.mark.parametrize(
    ("name", "content", "markup"),
    [
        ("-", samples.page(1), "html"),
        ("-", samples.text(1).encode(), "text"),
        ("-", b'{"text": "One line of words."}\n', "text"),
    ],
    ids=["html", "text", "json lines"],
)
def test_the_kind_of_standard_input_is_found_by_content(name: str, content: bytes, markup: str) -> None:
    done = warm.run("copydesk", "clean", name, "--workers", "1", "--quiet", given=content)
    assert json.loads(done.stdout)["source_type"] == markup
    assert (done.returncode, done.stderr) == (0, "")


def test_the_runs_own_output_is_not_an_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from copydesk.cli.main import main

    samples.folder(tmp_path, 1)
    for _ in range(2):
        assert main(["clean", str(tmp_path), "-o", str(tmp_path / "out.jsonl"), "--workers", "1"]) == 0
    assert len(samples.records(tmp_path / "out.jsonl")) == 1
