"""Inputs with a part that is far too large, or built to take memory: only this part is lost, and the rest is read."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import pytest

from cleaners.errors import InputError
from cleaners.page import Page
from cleaners.parsing.text import split_documents
from pipelines.inputs import tables
from pipelines.inputs import text as text_dumps
from pipelines.inputs.reader import ReadOptions, pages_of
from tests.offline import samples

SENTENCE = "The harbour master has promised a new table."


def read(path: Path, options: ReadOptions | None = None) -> tuple[list[Page], list[str]]:
    """The pages of an input, and the errors."""
    found = list(pages_of([str(path)], options or ReadOptions(), Counter()))
    return (
        [one for one in found if isinstance(one, Page)],
        [str(one) for one in found if isinstance(one, InputError)],
    )


def test_a_document_that_is_too_large_loses_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_dumps, "MAX_PAGE_BYTES", 1000)
    path = tmp_path / "dump.txt"
    path.write_text(f"First.\n==\n{SENTENCE * 99}\n==\n" + f"{SENTENCE}\n" * 99 + "==\nLast.\n")
    pages, complaints = read(path, ReadOptions(separator="=="))
    assert [(page.source_path, page.content) for page in pages] == [(f"{path}#1", b"First."), (f"{path}#4", b"Last.")]
    assert [complaint.partition(" ")[0] for complaint in complaints] == [f"{path}#2:", f"{path}#3:"]


def test_no_more_of_a_document_is_held_than_is_asked_for() -> None:
    lines = [*repeat("a line\n", 100_000), "==\n", "the last\n"]
    assert [len(document) for document in split_documents(lines, "==", most=70)] == [76, 8]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("most", range(20, 60))
def test_a_document_that_is_cut_is_longer_than_the_limit(end: str, most: int) -> None:
    (document,) = split_documents([f"12345{end}"] * 9, "==", most)
    assert len(document) > most or document.count("12345") == 9


def test_documents_between_form_feeds_may_have_any_size_in_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_dumps, "MAX_PAGE_BYTES", 100)
    (tmp_path / "dump.txt").write_text("\f".join(f"{SENTENCE}\n" for _ in range(9)))
    pages, complaints = read(tmp_path / "dump.txt", ReadOptions(separator="\f"))
    assert (len(pages), complaints) == (9, [])


@pytest.mark.parametrize(
    "row",
    ["x" * 1001, "x" * 40_000, f'"{"x" * 40_000}"', '"' + "x\n" * 2000 + '"', '"' + 'y","\n' * 1200 + '"'],
    ids=["a long cell", "a long line", "a long line in quotes", "a cell of many lines", "many cells"],
)
def test_a_row_that_is_too_large_does_not_end_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str
) -> None:
    monkeypatch.setattr(tables, "MAX_PAGE_BYTES", 1000)
    monkeypatch.setattr(tables, "MAX_ROW_CHARS", 4000)
    (tmp_path / "rows.csv").write_text(f"text,url\nFirst.,a\n{row},b\n" + f"{SENTENCE},c\n" * 3)
    pages, complaints = read(tmp_path / "rows.csv")
    texts = [page.content for page in pages]
    assert (texts[0], texts[-3:]) == ("First.", [SENTENCE] * 3)
    assert "rows.csv#2: the row cannot be read" in complaints[0]


def test_rows_inside_a_quotation_mark_that_is_never_closed_are_not_lost_silently(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text('text,url\nFirst.,a\n"Second,b\nThird.,c\n')
    pages, complaints = read(tmp_path / "rows.csv")
    assert [page.content for page in pages] == ["First."]
    assert complaints == [
        f"{tmp_path / 'rows.csv'}#2: the row cannot be read (the table ends inside a quoted cell). "
        "Is a quotation mark not closed?"
    ]


def test_a_header_may_have_line_breaks_in_its_cells(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text('"the\nid",text\n7,First.\n')
    pages, complaints = read(tmp_path / "rows.csv")
    assert ([page.content for page in pages], complaints) == (["First."], [])


@pytest.mark.parametrize("tail", ["\n", " \n\n", "", "\n]"])
def test_white_space_after_an_array_is_no_damage(tmp_path: Path, tail: str) -> None:
    rows = json.dumps([{"text": "First."}, {"text": "Second."}])
    (tmp_path / "rows.json").write_text(rows[:-1] + tail if "]" in tail else rows + tail)
    pages, complaints = read(tmp_path / "rows.json")
    assert ([page.content for page in pages], complaints) == (["First.", "Second."], [])


@pytest.mark.parametrize("name", ["rows.json", "rows.jsonl"])
def test_a_number_of_any_length_is_read(tmp_path: Path, name: str) -> None:
    digits = "7" * 5000
    (tmp_path / name).write_text(f'{{"text": "First.", "id": {digits}}}\n{{"text": "Second."}}\n')
    options = ReadOptions(fields=ReadOptions().fields._replace(keep=("id",)))
    pages, complaints = read(tmp_path / name, options)
    assert ([page.extra for page in pages], complaints) == ([(("id", digits),), ()], [])


def tar_header(kind: bytes, size: int) -> bytes:
    entry = tarfile.TarInfo("about")
    entry.type, entry.size = kind, size
    return entry.tobuf(tarfile.USTAR_FORMAT)


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_header_in_a_tar_file_takes_little_memory(tmp_path: Path, kind: bytes) -> None:
    page = samples.page(1)
    with tarfile.open(tmp_path / "pages.tar", "w") as archive:
        entry = tarfile.TarInfo("page.html")
        entry.size = len(page)
        archive.addfile(entry, io.BytesIO(page))
        whole = archive.offset
    with (tmp_path / "pages.tar").open("r+b") as file:
        file.seek(whole)
        file.write(tar_header(kind, 300_000_000))
        file.truncate(300_000_000)
    tracemalloc.start()
    pages, complaints = read(tmp_path / "pages.tar")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(pages), len(complaints)) == (1, 1)
    assert "a header of 300000000 bytes" in complaints[0]
    assert most < 100_000_000


def headers_of_mhtml() -> Iterator[tuple[str, str]]:
    yield "Snapshot-Content-Location: https://paper.test/a", ""
    yield "Snapshot-Content-Location: " + "=?utf-8?q?a?= " * 5000, ""
    yield "Date: " + "(" * 20_000, ""
    yield "Subject: x", "; a=b" * 20_000
    yield "Subject: x", "; " + "(" * 20_000


@pytest.mark.parametrize("number", range(5))
def test_a_header_in_an_mhtml_file_takes_little_time(tmp_path: Path, number: int) -> None:
    header, parameters = list(headers_of_mhtml())[number]
    head = f"From: x\n{header}\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=B{parameters}\n\n"
    (tmp_path / "page.mhtml").write_bytes(
        head.encode() + b"--B\nContent-Type: text/html\n\n" + samples.page(1) + b"\n--B--\n"
    )
    started = time.process_time()
    pages, complaints = read(tmp_path / "page.mhtml")
    taken = time.process_time() - started
    assert ([page.url for page in pages], complaints) == (["https://paper.test/a" if not number else None], [])
    assert taken < 0.5  # it was 1 to 4 s, and four times as much for twice the length


def archived(number: int, headers: str = "") -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{headers}\r\n".encode() + samples.page(number)
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://paper.test/{number}\r\n"
    head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    return head.encode() + http + b"\r\n\r\n"


def test_a_response_with_huge_headers_does_not_end_its_archive(tmp_path: Path) -> None:
    records = archived(1), archived(2, "X-Policy: " + "self " * 50_000 + "\r\n"), archived(3)
    (tmp_path / "pages.warc").write_bytes(b"".join(records))
    pages, complaints = read(tmp_path / "pages.warc")
    assert [page.url for page in pages] == ["https://paper.test/1", "https://paper.test/3"]
    assert "pages.warc#2: the HTTP headers cannot be read" in complaints[0]


@pytest.mark.parametrize("kind", ["image/png", "text/html"])
@pytest.mark.parametrize("cut", [0, 300])
def test_an_archive_that_ends_in_a_record_is_reported_once(tmp_path: Path, kind: str, cut: int) -> None:
    content = archived(1) + archived(2).replace(b"text/html", kind.encode().ljust(9))
    (tmp_path / "pages.warc").write_bytes(content[: len(content) - cut])
    pages, complaints = read(tmp_path / "pages.warc")
    assert len(pages) == 1 + (not cut and kind == "text/html")
    assert len(complaints) == (cut > 0)
    assert all(f"{tmp_path / 'pages.warc'}" in complaint for complaint in complaints)


def test_a_record_that_states_more_bytes_than_the_archive_has_is_no_large_page_alone(tmp_path: Path) -> None:
    stated = archived(2).replace(b"\r\nContent-Length: ", b"\r\nContent-Length: 99999", 1)
    (tmp_path / "pages.warc").write_bytes(archived(1) + stated + archived(3))
    pages, complaints = read(tmp_path / "pages.warc")
    assert [page.url for page in pages] == ["https://paper.test/1"]
    assert "pages.warc: the archive ends in the middle of record 2" in complaints[-1]


def test_a_single_page_that_is_cut_short_is_not_said_to_be_read(tmp_path: Path) -> None:
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(samples.page(1))[:-60])
    pages, complaints = read(tmp_path / "page.html.gz")
    assert (pages, len(complaints)) == ([], 1)
    assert "was read" not in complaints[0]
