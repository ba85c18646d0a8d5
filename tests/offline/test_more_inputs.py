"""Tables, JSON arrays, saved pages of browsers and packed pages as inputs, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import tarfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from cleaners.errors import InputError
from cleaners.page import Page
from pipelines.inputs.manifest import Manifest
from pipelines.inputs.reader import ReadOptions, pages_of
from pipelines.inputs.rows import RowFields
from tests.offline import samples
from tests.offline.conftest import Run

ROWS = [
    {"id": 7, "html": samples.page(1).decode(), "url": "https://paper.test/1", "date": "2025-04-02"},
    {"id": 8, "html": samples.page(2).decode(), "url": "https://paper.test/2", "date": None},
]
PLAIN = ReadOptions()


def read(path: Path, options: ReadOptions = PLAIN) -> tuple[list[Page], list[str], Counter[str]]:
    """The pages of an input, the errors, and the skipped files."""
    skipped: Counter[str] = Counter()
    found = list(pages_of([str(path)], options, skipped))
    pages = [one for one in found if isinstance(one, Page)]
    return pages, [str(one) for one in found if isinstance(one, InputError)], skipped


def as_csv(rows: Iterable[dict[str, Any]], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, ["id", "html", "url", "date"], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def as_parquet(path: Path, columns: dict[str, list[Any]], **how: Any) -> Path:
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    import pyarrow.parquet as pq

    pq.write_table(pa.table(columns), str(path), **how)
    return path


FILES: dict[str, Callable[[], bytes]] = {
    "rows.csv": lambda: as_csv(ROWS).encode(),
    "rows.tsv": lambda: as_csv(ROWS, "\t").encode(),
    "semicolons.csv": lambda: b"\xef\xbb\xbf" + as_csv(ROWS, ";").encode(),
    "wide.csv": lambda: as_csv(ROWS).encode("utf-16"),
    "rows.json": lambda: json.dumps(ROWS, indent=2).encode(),
    "lines.json": lambda: "\n".join(map(json.dumps, ROWS)).encode(),
    "unnamed": lambda: json.dumps(ROWS).encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_rows_become_pages_with_their_address_date_and_kept_fields(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    pages, complaints, _ = read(path, ReadOptions(fields=RowFields(keep=("id",))))
    assert complaints == []
    assert [(page.url, page.markup, page.extra) for page in pages] == [
        ("https://paper.test/1", "html", (("id", "7"),)),
        ("https://paper.test/2", "html", (("id", "8"),)),
    ]
    assert (pages[0].stated, pages[1].stated) == ((("date", "2025-04-02"),), ())
    assert [page.source_path for page in pages] == [f"{path}#1", f"{path}#2"]


@pytest.mark.parametrize("column", ["text", "html"])
def test_a_parquet_file_gives_one_page_per_row(tmp_path: Path, column: str) -> None:
    texts = [str(row["html"]).encode() if column == "html" else samples.text(1) for row in ROWS]
    path = as_parquet(tmp_path / "rows.parquet", {column: texts, "id": [1, 2], "tags": [["a"], None]})
    pages, complaints, _ = read(path, ReadOptions(fields=RowFields(keep=("id", "tags", "not there"))))
    assert complaints == [f'{path}: no column "not there" (found: {column}, id, tags). Its rows are read.']
    assert [page.extra for page in pages] == [(("id", "1"), ("tags", '["a"]')), (("id", "2"),)]
    assert {page.markup for page in pages} == {column}


def test_kept_fields_are_in_the_record(tmp_path: Path, clean: Callable[..., Run]) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(as_csv(ROWS), "utf-8")
    run = clean(path, "--keep-fields", "id, url", "--keep-fields", "id")
    assert [record["extra"] for record in run.records] == [
        [{"name": "id", "value": "7"}, {"name": "url", "value": "https://paper.test/1"}],
        [{"name": "id", "value": "8"}, {"name": "url", "value": "https://paper.test/2"}],
    ]
    assert samples.paragraph(10) in run.records[0]["body"]


@pytest.mark.parametrize("asked", [RowFields(keep=("ident",)), RowFields(url="ident"), RowFields(date="ident")])
def test_a_missing_column_is_reported(tmp_path: Path, asked: RowFields) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(as_csv(ROWS), "utf-8")
    pages, complaints, _ = read(path, ReadOptions(fields=asked))
    assert len(pages) == 2
    assert complaints == [f'{path}: no column "ident" (found: id, html, url, date). Its rows are read.']


@pytest.mark.parametrize(
    ("words", "charset"),
    [
        ("Die Größe der Straße. Der Fluß führt Wasser.", "cp1252"),
        ("Наш город ждёт весну, и река уже свободна ото льда.", "cp1251"),
        ("Naïve “quotes” – and a dash…", "utf-8"),
    ],
)
def test_a_table_is_read_in_the_charset_of_the_spreadsheet_that_wrote_it(
    tmp_path: Path, words: str, charset: str
) -> None:
    (tmp_path / "rows.csv").write_bytes(f'id,text\n7,"{words * 9}"\n8,Tide\n'.encode(charset))
    pages, complaints, _ = read(tmp_path / "rows.csv")
    assert complaints == []
    assert [page.content for page in pages] == [words * 9, "Tide"]


BAD_ROWS = {
    "a row whose text is none": ("r.json", '[{"text": null}, {"text": "A."}]', 1, 'r.json#1: nothing under "text"'),
    "a row whose text is a number": ("r.json", '[{"text": 8}, {"text": "A."}]', 1, 'r.json#1: int under "text"'),
    "a table without a header": (
        "r.csv",
        "7," + "long " * 99 + "\n",
        0,
        "(found: 7, long long long long long long long long…)",
    ),
    "a row with a cell too few": ("r.csv", "text,url\nA text.\nB text.,http://b.test/\n", 1, "r.csv#1: 1 cell where"),
    "a table without a text": ("r.csv", "name,link\na,b\n", 0, 'no text under "text" or "html" (found: name, link)'),
    "a quotation mark that is not closed": (
        "r.csv",
        'text,url\nA.,u\n"' + "b" * 20_000_001,
        1,
        "r.csv#2: the row",
    ),
    "rows of mixed types": ("r.json", '[{"text": "A."}, 7, {"text": 8}, {"text": "B."}]', 2, "r.json#2: no text under"),
    "an array cut in half": ("r.json", '[{"text": "A."}, {"text": "B', 1, "r.json#2: not JSON"),
    "words after an array": ("r.json", '[{"text": "A."}] and more', 1, "more after the end of the array"),
    "nested JSON without end": ("r.json", '[{"a": ' + "[" * 100_000, 0, "nested too deeply"),
}


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_bad_row_is_named_and_the_others_are_read(tmp_path: Path, case: str) -> None:
    name, content, good, found = BAD_ROWS[case]
    (tmp_path / name).write_text(content, "utf-8")
    pages, complaints, _ = read(tmp_path / name)
    assert len(pages) == good
    assert complaints
    assert found in complaints[0]


def test_a_parquet_file_cut_in_half_is_named(tmp_path: Path) -> None:
    path = as_parquet(tmp_path / "rows.parquet", {"text": ["A text."] * 50})
    path.write_bytes(path.read_bytes()[:-60])
    assert "rows.parquet: no whole Parquet file" in read(path)[1][0]


def test_a_damaged_row_group_loses_only_itself(tmp_path: Path) -> None:
    texts = [f"{n} " + samples.text(n) for n in range(30)]
    path = as_parquet(tmp_path / "rows.parquet", {"text": texts}, row_group_size=10, compression="gzip")
    content = bytearray(path.read_bytes())
    content[30:200] = b"?" * 170
    path.write_bytes(content)
    pages, complaints, _ = read(path)
    assert [page.source_path for page in pages] == [f"{path}#{n}" for n in range(11, 31)]
    assert "rows 1 to 10 cannot be read" in complaints[0]


SINGLE_FILE = (
    b"<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: https://paper.test/tides \n saved date: %s -->"
)
MHTML = (
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://paper.test/tides\r\nSubject: Tides\r\n"
    "Date: Sat, 14 Mar 2026 10:11:12 +0100\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; type="text/html"; boundary="--x"\r\n\r\n----x\r\nContent-Type: text/html\r\n'
    "Content-Transfer-Encoding: quoted-printable\r\nContent-Location: https://paper.test/tides\r\n\r\n"
    "<html><p>The =\r\ntide=20turns.</p>\r\n----x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
    "Content-Location: https://paper.test/a.png\r\n\r\niVBORw0KGgo=\r\n----x--\r\n"
)


@pytest.mark.parametrize("name", ["tides.mhtml", "tides.mht", "tides", "tides.html"])
def test_mhtml_gives_its_page_with_address_and_time(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(MHTML.encode())
    [page], complaints, _ = read(tmp_path / name)
    assert complaints == []
    assert page.content == b"<html><p>The tide turns.</p>"
    assert (page.url, page.fetched_at) == ("https://paper.test/tides", "2026-03-14T09:11:12Z")


def test_a_time_that_chromium_writes_without_a_zone_is_utc(tmp_path: Path) -> None:
    (tmp_path / "a.mhtml").write_bytes(MHTML.replace("+0100", "-0000").encode())
    assert read(tmp_path / "a.mhtml")[0][0].fetched_at == "2026-03-14T10:11:12Z"


def test_an_mhtml_file_that_ends_within_its_page_is_named(tmp_path: Path) -> None:
    (tmp_path / "page.mhtml").write_bytes(MHTML[: MHTML.index("turns")].encode())
    (tmp_path / "picture.mhtml").write_bytes(MHTML[: MHTML.index("iVBOR")].encode())
    pages, complaints, _ = read(tmp_path)
    assert [page.content for page in pages] == [b"<html><p>The tide turns.</p>"]
    assert complaints == [
        f"{tmp_path / 'page.mhtml'}: the MHTML file ends in the middle of its page. Save the page again."
    ]


def test_an_mhtml_file_without_a_page_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mhtml").write_bytes(MHTML.replace("text/html\r\n", "text/css\r\n").encode())
    assert "without a page" in read(tmp_path / "a.mhtml")[1][0]


@pytest.mark.parametrize(
    ("start", "fetched_at"),
    [
        (SINGLE_FILE % b"Sat Mar 14 2026 10:11:12 GMT+0100 (Central European Standard Time)", "2026-03-14T09:11:12Z"),
        (SINGLE_FILE % b"some day", None),
        (SINGLE_FILE % b"Mon Jan 01 0001 00:00:00 GMT+0100 (Central European Standard Time)", None),
        (b"<!DOCTYPE html>\n<!-- saved from url=(0026)https://paper.test/tides -->\n<html>", None),
    ],
)
def test_the_note_of_a_browser_gives_the_address_of_a_page(
    tmp_path: Path, start: bytes, fetched_at: str | None
) -> None:
    (tmp_path / "a.html").write_bytes(start + b"<p>The tide turns.")
    [page], _, _ = read(tmp_path / "a.html")
    assert (page.url, page.fetched_at) == ("https://paper.test/tides", fetched_at)
    named = ReadOptions(manifest=Manifest({str(tmp_path / "a.html"): "https://paper.test/named"}))
    assert read(tmp_path / "a.html", named)[0][0].url == "https://paper.test/named"


def packed(path: Path, files: dict[str, bytes]) -> Path:
    """Pack the files into a .zip or a .tar, depending on the path's name."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    else:
        with tarfile.open(path, "w:gz" if path.name.endswith("gz") else "w") as archive:
            for name, content in files.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    return path


PACKED = {
    "news/b.html": samples.page(2),
    "news/logo.png": b"\x89PNG\r\n\x1a\n",
    "news/site.css": b"body {}",
    ".git/a.html": samples.page(9),
    "rows.jsonl": json.dumps({"text": samples.text(1)}).encode(),
    "inner.zip": b"PK\x03\x04",
}


@pytest.mark.parametrize("name", ["pages.zip", "pages.tar", "pages.tar.gz", "pages.tgz"])
def test_packed_pages_are_read_as_a_folder_is(tmp_path: Path, name: str) -> None:
    path = packed(tmp_path / name, PACKED)
    options = ReadOptions(manifest=Manifest({"news/b.html": "https://paper.test/b"}))
    pages, complaints, skipped = read(path, options)
    assert complaints == []
    assert [page.source_path for page in pages] == [f"{path}#news/b.html", f"{path}#rows.jsonl#1"]
    assert (pages[0].content, pages[0].url) == (samples.page(2), "https://paper.test/b")
    assert skipped == {"other_file": 4}


@pytest.mark.parametrize(("name", "count"), [("pages", 1), ("book.epub", 0)])
def test_a_zip_whose_pages_are_not_compressed_is_a_zip_whatever_its_name(tmp_path: Path, name: str, count: int) -> None:
    with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_STORED) as archive:
        if not count:
            archive.writestr("META-INF/container.xml", "<x/>")
        archive.writestr("a.html", samples.page(1))
    pages, complaints, _ = read(tmp_path / name)
    assert len(pages) == count
    assert [("an EPUB book" in one) for one in complaints] == [True] * (1 - count)


@pytest.mark.parametrize(
    ("url", "name", "said"),
    [
        ("paper.test/1", "a.html", "no http(s) address"),
        ("https://paper.test/1", "pages.zip", "several documents"),
        ("https://paper.test/1", "rows.jsonl", "several documents"),
    ],
)
def test_an_address_of_one_page_is_refused_if_it_would_do_nothing(
    tmp_path: Path, clean: Callable[..., Run], url: str, name: str, said: str
) -> None:
    (tmp_path / "a.html").write_bytes(samples.page(1))
    (tmp_path / "rows.jsonl").write_text('{"text": "A text, of the sea."}\n')
    packed(tmp_path / "pages.zip", {"a.html": samples.page(1)})
    run = clean(tmp_path / name, "--url", url)
    assert run.status == 2
    assert said in run.messages


def test_a_damaged_entry_of_a_zip_loses_only_itself(tmp_path: Path) -> None:
    path = packed(tmp_path / "pages.zip", {"a.html": samples.page(1), "b.html": samples.page(2)})
    content = bytearray(path.read_bytes())
    content[60:90] = b"?" * 30
    path.write_bytes(content)
    pages, complaints, _ = read(path)
    assert [page.source_path for page in pages] == [f"{path}#b.html"]
    assert f"{path}#a.html" in complaints[0]


@pytest.mark.parametrize("name", ["pages.zip", "pages.tar", "pages.tar.gz"])
def test_a_packed_file_cut_short_is_named(tmp_path: Path, name: str) -> None:
    path = packed(tmp_path / name, {f"{n}.html": samples.page(n) for n in range(40)})
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    complaints = read(path)[1]
    assert len(complaints) == 1
    assert name in complaints[0]


REFUSED = {
    "book.epub": ({"mimetype": b"application/epub+zip", "META-INF/container.xml": b"<x/>"}, "an EPUB book"),
    "letter.docx": ({"[Content_Types].xml": b"<x/>"}, "an office document"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_books_and_office_documents_are_refused_by_name(tmp_path: Path, name: str) -> None:
    files, what = REFUSED[name]
    packed(tmp_path / "made.zip", files).rename(tmp_path / name)
    assert what in read(tmp_path / name)[1][0]


def test_a_pdf_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    assert "a PDF document" in read(tmp_path / "a.pdf")[1][0]


def test_a_wat_file_is_refused_by_name(tmp_path: Path) -> None:
    body = b'{"Container":{"Filename":"a.warc.gz"},"Envelope":{}}'
    head = "WARC/1.0\r\nWARC-Type: {}\r\nWARC-Record-ID: <urn:uuid:{}>\r\nWARC-Date: 2026-03-14T09:11:12Z\r\n"
    info = head.format("warcinfo", "a") + "Content-Length: 0\r\n\r\n\r\n\r\n"
    record = head.format("metadata", "b") + f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    (tmp_path / "a.warc.wat").write_bytes(info.encode() + record.encode() + body + b"\r\n\r\n")
    pages, complaints, _ = read(tmp_path / "a.warc.wat")
    assert (pages, len(complaints)) == ([], 1)
    assert "a WAT file" in complaints[0]


def test_in_a_folder_only_tables_with_a_text_are_read(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("path,url\na.html,https://paper.test/\n")
    (tmp_path / "package.json").write_text('{"name": "x"}\n')
    (tmp_path / "rows.csv").write_text('text,url\n"A text, of the sea.",https://paper.test/1\n')
    pages, complaints, skipped = read(tmp_path)
    assert complaints == []
    assert [page.url for page in pages] == ["https://paper.test/1"]
    assert skipped["other_file"] == 2
