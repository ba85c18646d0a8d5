"""Spoiled files of every kind: each is read as far as it goes, or refused by an error of ours that names it."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cleaners.classifier.html import html_model
from cleaners.classifier.model import packaged
from cleaners.errors import CopydeskError, InputError
from cleaners.page import Page
from cleaners.site_memory import SiteMemory
from copydesk.cli.main import main
from pipelines.evidence.site_entries import read_entry
from pipelines.inputs.reader import ReadOptions, pages_of
from pipelines.record.build import record_of
from tests.hostile import mutators
from tests.offline import samples

SPOILING = (mutators.flip_bits, mutators.cut_off, mutators.drop_slices, mutators.repeat_slice, mutators.swap_slices)
TIMES = 40


def spoiled(content: bytes, number: int) -> bytes:
    chance = Random(number)
    return SPOILING[number % len(SPOILING)](content, chance, 3_000)


def warc(folder: Path) -> bytes:
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    record = ("response", "https://example.org/a", 200, headers, gzip.compress(samples.page(1)))
    return samples.archive(folder / "a.warc.gz", record, record).read_bytes()


def record_line(folder: Path) -> bytes:
    return record_of(Page(samples.page(1), source_path="page.html")).json_line().encode() * 3


INPUTS: dict[str, Callable[[Path], bytes]] = {
    "a.warc.gz": warc,
    "a.warc": lambda folder: gzip.decompress(warc(folder)),
    "a.jsonl": lambda _: json.dumps({"text": samples.text(1), "url": "https://example.org/a"}).encode() * 2,
    "a.jsonl.gz": lambda _: gzip.compress(json.dumps({"text": samples.text(1)}).encode()),
    "a.html.gz": lambda _: gzip.compress(samples.page(1)),
    "a.txt": lambda _: samples.text(1).encode("utf-16"),
    "a.mhtml": lambda _: b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + samples.page(1),
    "a.csv": lambda _: b"url,text\nhttps://example.org/a," + samples.text(1).replace("\n", " ").encode() + b"\n",
    "a.json": lambda _: json.dumps([{"text": samples.text(1)}] * 2).encode(),
}


@pytest.mark.parametrize("name", INPUTS)
def test_a_damaged_input_gives_pages_or_errors_and_reading_continues(name: str, tmp_path: Path) -> None:
    content = INPUTS[name](tmp_path)
    path, good = tmp_path / name, tmp_path / "good.html"
    good.write_bytes(samples.page(2))
    for number in range(TIMES):
        path.write_bytes(spoiled(content, number))
        found = list(pages_of([str(path), str(good)], ReadOptions(), Counter()))
        assert all(isinstance(one, Page | InputError) for one in found)
        assert isinstance(found[-1], Page)
        assert found[-1].source_path == str(good)


@pytest.mark.parametrize("kind", ["model", "site memory", "site entry"])
def test_a_damaged_table_is_refused_by_name(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "spoiled"
    memory = tmp_path / "memory.npz"
    SiteMemory().save(memory)
    entry = next(samples.SEEDS.parent.joinpath("pipelines", "evidence", "sites").glob("*.toml"))
    kinds: dict[str, tuple[bytes, Callable[[], object]]] = {
        "model": (Path(packaged("html.npz")).read_bytes(), lambda: html_model(str(path))),
        "site memory": (memory.read_bytes(), lambda: SiteMemory.load(path)),
        "site entry": (entry.read_bytes(), lambda: read_entry(path)),
    }
    content, read = kinds[kind]
    refused = unnamed = 0
    for number in range(10 if kind == "model" else TIMES):
        path = tmp_path / f"spoiled-{number}"
        path.write_bytes(spoiled(content, number))
        try:
            read()
        except CopydeskError as error:
            refused += str(path) in str(error)
            unnamed += str(path) not in str(error)
    assert refused > 3
    assert not unnamed


@pytest.mark.parametrize(
    "command", [["clean", "page.html", "--manifest"], ["clean", "--list"], ["label", "page.html", "--corrected"]]
)
def test_a_file_that_is_no_text_is_not_read_to_its_end(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("page.html").write_bytes(samples.page(1))
    with Path("huge").open("wb") as file:
        file.truncate(1 << 42)  # takes no room on the disk, and would not fit into memory
    assert main([*command, "huge", "-o", "out"]) == 2
    said = capsys.readouterr().err
    assert (said.count("\n"), "huge: " in said, "binary data" in said) == (1, True, True)
    assert not Path("out").exists()


@pytest.mark.parametrize("call", ["export newsarticle", "select", "report -o view.html", "check --against"])
def test_damaged_records_end_no_command(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    good = record_line(tmp_path)
    Path("good.jsonl").write_bytes(good)
    command, *options = call.split()
    for number in range(TIMES // 2):
        Path("r.jsonl").write_bytes(spoiled(good, number) + b"\n" + good)
        against = ["good.jsonl"] if command == "check" else []
        assert main([command, *options, *against, "r.jsonl"]) in (0, 1, 4)
    capsys.readouterr()


WRONG: tuple[Any, ...] = (None, 7, True, "x", [], {}, [None], [[1]], {"a": 1}, -1, 1e308, "2024-13-45", "\ud800")


@pytest.mark.parametrize(
    "call", ["export newsarticle", "select --min-words 3", "report -o view.html", "check --against"]
)
def test_fields_of_wrong_types_end_no_command(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    record = json.loads(record_line(tmp_path).splitlines()[0])
    chance = Random(1)
    rows = [{**record, key: chance.choice(WRONG)} for key in record for _ in range(4)]
    Path("r.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    Path("good.jsonl").write_bytes(record_line(tmp_path))
    command, *options = call.split()
    against = ["good.jsonl"] if command == "check" else []
    assert main([command, *options, *against, "r.jsonl"]) in (0, 1, 4)
    capsys.readouterr()
