"""Inputs and outputs in object stores, ranges of archives, and work lists that machines share."""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from cleaners.errors import InputError, UsageError
from copydesk.cli.main import main
from pipelines.inputs.work_list import read_work_list
from tests.offline import samples

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed: pip install copydesk[remote]")

SITE = Path(__file__).parents[2] / "seeds" / "site" / "news"
ARCHIVE = Path(__file__).parents[2] / "seeds" / "archive.warc.gz"


@pytest.fixture
def store() -> Iterator[str]:
    """A folder in memory with two saved pages."""
    memory = fsspec.filesystem("memory")
    for path in sorted(SITE.glob("*.html"))[:2]:
        memory.pipe_file(f"/pages/{path.name}", path.read_bytes())
    yield "memory://pages"
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]


def lines(content: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in content.decode().splitlines()]


def stored() -> dict[str, bytes]:
    return {name: entry.getvalue() for name, entry in fsspec.filesystem("memory").store.items()}


def test_a_folder_at_an_address_gives_the_records_of_the_same_folder_here(store: str, tmp_path: Path) -> None:
    assert main(["clean", store, "-o", "memory://out/records.jsonl.gz", "--workers", "1"]) == 0
    here = sorted(str(path) for path in SITE.glob("*.html"))[:2]
    assert main(["clean", *here, "-o", str(tmp_path / "here.jsonl"), "--workers", "1"]) == 0
    there = lines(gzip.decompress(stored()["/out/records.jsonl.gz"]))
    local = lines((tmp_path / "here.jsonl").read_bytes())
    where = {"source_path", "id"}  # a record without an address is known by its path
    assert [{k: v for k, v in row.items() if k not in where} for row in there] == [
        {k: v for k, v in row.items() if k not in where} for row in local
    ]
    assert [row["source_path"] for row in there] == [f"memory:///pages/{Path(name).name}" for name in here]
    assert sorted(stored()) == ["/out/records.jsonl.gz", *(f"/pages/{Path(name).name}" for name in here)]


def test_tables_at_addresses_are_whole(store: str) -> None:
    assert main(["clean", f"{store}/*.html", "-o", "memory://out/records.parquet", "--workers", "1"]) == 0
    assert stored()["/out/records.parquet"].startswith(b"PAR1")


def test_an_interrupted_run_leaves_nothing_at_the_address(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("copydesk.cli.commands.clean.records_of", interrupted)
    assert main(["clean", store, "-o", "memory://out/records.jsonl"]) == 130
    assert not [name for name in stored() if name.startswith("/out")]


def test_a_missing_address_stops_no_other_input(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(
        ["clean", "memory://nowhere", "nosuch://bucket/x", store, "-o", "memory://out/a.jsonl", "--workers", "1"]
    )
    assert status == 1
    assert len(lines(stored()["/out/a.jsonl"])) == 2
    assert "memory://nowhere: nothing is there" in capsys.readouterr().err


def test_an_output_that_is_an_input_is_refused(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    name = f"{store}/a.jsonl"
    assert main(["clean", name, "-o", name]) == 2
    assert "this output is also an input" in capsys.readouterr().err


def offsets(path: Path) -> list[tuple[int, int]]:
    """Where the gzip members of an archive begin and how long they are."""
    from fastwarc.warc import ArchiveIterator

    with path.open("rb") as file:
        starts = [record.stream_pos for record in ArchiveIterator(file)] + [path.stat().st_size]
    return [(start, end - start) for start, end in pairwise(starts)]


def test_records_are_read_from_ranges_that_an_index_names(tmp_path: Path) -> None:
    whole = tmp_path / "whole.jsonl"
    assert main(["clean", str(ARCHIVE), "-o", str(whole), "--workers", "1"]) == 0
    index = tmp_path / "index.cdxj"
    rows = [{"filename": ARCHIVE.name, "offset": str(at), "length": str(size)} for at, size in offsets(ARCHIVE)]
    index.write_text("".join(f"org,example)/ 20240501120000 {json.dumps(row)}\n" for row in rows))
    found = tmp_path / "found.jsonl"
    main(["clean", "--list", str(index), "--base", str(ARCHIVE.parent), "-o", str(found), "--workers", "1"])
    assert {row["id"] for row in lines(found.read_bytes())} == {row["id"] for row in lines(whole.read_bytes())}


def test_parts_share_a_list_and_finished_ones_are_skipped(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = tmp_path / "pages.paths"
    paths.write_text("".join(f"{path.name}\n" for path in sorted(SITE.glob("*.html"))[:2]))
    call = [
        "clean",
        "--list",
        str(paths),
        "--base",
        "memory://pages/",
        "--workers",
        "1",
        "-o",
        "memory://out/{part}.jsonl",
    ]
    assert main([*call, "--part", "2/3"]) == 0
    first = stored()["/out/00002-of-00003.jsonl"]
    capsys.readouterr()
    assert main([*call, "--part", "1-3/3"]) == 0
    messages = capsys.readouterr().err
    assert "part 00002-of-00003: memory://out/00002-of-00003.jsonl is there" in messages
    assert "part 00003-of-00003: nothing in it, the list has 2 rows" in messages
    assert stored()["/out/00002-of-00003.jsonl"] == first
    both = lines(stored()["/out/00001-of-00003.jsonl"]) + lines(first)
    assert len({row["source_path"] for row in both}) == 2


def test_a_list_that_an_editor_began_with_a_byte_order_mark_names_the_same_files(tmp_path: Path) -> None:
    (tmp_path / "pages.paths").write_text("a.html\nb.html\n", "utf-8-sig")
    assert read_work_list(str(tmp_path / "pages.paths")) == ["a.html", "b.html"]


@pytest.mark.skipif(sys.platform != "linux", reason="names are not bytes there")
def test_a_list_names_files_whose_names_are_not_utf8(tmp_path: Path) -> None:
    page = os.fsencode(tmp_path) + b"/caf\xe9.html"
    Path(os.fsdecode(page)).write_bytes(samples.page(1))
    (tmp_path / "pages.paths").write_bytes(page + b"\n")
    (row,) = read_work_list(str(tmp_path / "pages.paths"))
    assert Path(row).read_bytes() == samples.page(1)


def test_a_packed_list_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress("".join(f"page-{n}.html\n" for n in range(20_000)).encode())
    (tmp_path / "pages.paths.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(InputError, match="ends in the middle"):
        read_work_list(str(tmp_path / "pages.paths.gz"))


@pytest.mark.parametrize("offset", ["1e999", '"first"', "null"])
def test_a_line_of_an_index_without_a_usable_offset_is_named(tmp_path: Path, offset: str) -> None:
    line = f'org,example)/ 20240101 {{"filename": "a.warc.gz", "offset": {offset}, "length": 10}}'
    (tmp_path / "pages.paths").write_text(line)
    with pytest.raises(UsageError, match=r"pages\.paths:1"):
        read_work_list(str(tmp_path / "pages.paths"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--part", "4/3"], "write 3/64"),
        (["--part", "0/3"], "write 3/64"),
        (["--part", "1/3"], "needs {part} in it"),
        ([], "no input"),
    ],
)
def test_an_invalid_part_is_refused(
    arguments: list[str], said: str, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = [store] if arguments else []
    assert main(["clean", *inputs, *arguments, "-o", "memory://out/records.jsonl"]) == 2
    assert said in capsys.readouterr().err


def test_s3_is_read_and_written_by_its_own_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("s3fs", reason="s3fs is not installed: pip install copydesk[remote]")
    server = pytest.importorskip("moto.server", reason="moto is not installed: no S3 server to test with")
    served = server.ThreadedMotoServer(port=0, verbose=False)
    served.start()
    host, port = served.get_host_and_port()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    s3 = {"endpoint_url": f"http://{host}:{port}"}
    monkeypatch.setitem(fsspec.config.conf, "s3", s3)
    try:
        files = fsspec.filesystem("s3", skip_instance_cache=True)
        files.mkdir("news")
        files.put_file(str(ARCHIVE), "news/archive.warc.gz")
        assert main(["clean", "s3://news/archive.warc.gz", "-o", "s3://news/out.jsonl", "--workers", "1"]) == 0
        files.invalidate_cache()
        assert lines(files.cat_file("news/out.jsonl"))
        assert main(["clean", "s3://news/archive.warc.gz", "-o", "s3://no-such-bucket/out.jsonl"]) == 3
    finally:
        served.stop()
