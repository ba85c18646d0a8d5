from __future__ import annotations

import errno
import gzip
import json
import os
from pathlib import Path

import pytest
from scrapy.settings import Settings

from cleaners.errors import UsageError
from crawler.storage.ledger import Ledger, OutputError, finish
from crawler.storage.output import open_crawl
from crawler.storage.store import Outcome, Store, Target


def line(name: str) -> str:
    return json.dumps({"id": name, "body_sha256": f"b-{name}"}) + "\n"


def written(store: Store, ledger: Ledger, name: str) -> None:
    ledger.append(name, f"b-{name}", line(name))
    store.add([Target(f"http://a.example/{name}", "article")])
    store.settle(Target(f"http://a.example/{name}", "article"), Outcome("record", record_id=name))
    store.commit()


def test_a_torn_last_line_is_cut_and_its_page_is_queued_again(tmp_path: Path) -> None:
    output, beside = tmp_path / "o.jsonl", tmp_path / "o.crawl"
    store = Store(beside)
    ledger = Ledger(output, store)
    written(store, ledger, "one")
    written(store, ledger, "two")
    ledger.close()
    store.close()
    output.write_bytes(output.read_bytes()[:-7])
    store = Store(beside)
    ledger = Ledger(output, store)
    assert output.read_text() == line("one")
    assert [target.url for target in store.pending("a.example", 9)] == ["http://a.example/two"]
    assert ledger.requeued == 1


def test_blocks_that_never_arrived_are_cut(tmp_path: Path) -> None:
    output = tmp_path / "o.jsonl"
    output.write_bytes(line("one").encode() + b"\0" * 300 + b"\n")
    Ledger(output, Store())
    assert output.read_text() == line("one")


def test_a_line_written_before_its_page_was_settled_is_known(tmp_path: Path) -> None:
    output = tmp_path / "o.jsonl"
    output.write_text(line("one"))
    store = Store()
    Ledger(output, store)
    assert store.record("one") == ("b-one", 1)


def test_two_crawls_cannot_write_the_same_output(tmp_path: Path) -> None:
    store = Store()
    first = Ledger(tmp_path / "o.jsonl", store)
    with pytest.raises(UsageError, match="another crawl is writing to it"):
        Ledger(tmp_path / "o.jsonl", store)
    first.close()


def test_an_output_that_cannot_be_written_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        Ledger(tmp_path / "none" / "o.jsonl", Store())


@pytest.mark.parametrize("settings", [{"FEEDS": {"o.jsonl": {"format": "jsonl"}}}, {"STORE": "o.jsonl.crawl"}])
def test_a_store_that_cannot_be_read_is_a_usage_error_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, object]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("o.jsonl.crawl").write_bytes(b"no database" * 1000)
    with pytest.raises(UsageError, match=r"o\.jsonl\.crawl: cannot be opened \(file is not a database\); choose"):
        open_crawl(Settings(settings), "command")


def test_the_folder_of_an_output_is_made(tmp_path: Path) -> None:
    output = tmp_path / "new" / "folder" / "o.jsonl"
    open_crawl(Settings({"FEEDS": {str(output): {"format": "jsonl"}}}), "command").finish("finished")
    assert output.exists()


def test_a_full_disk_leaves_whole_lines_and_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "o.jsonl"
    store = Store()
    ledger = Ledger(output, store)
    ledger.append("one", "b-one", line("one"))
    write = os.write

    def half_then_full(file: int, content: bytes) -> int:
        if len(content) < 10:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, content[: len(content) - 5])

    monkeypatch.setattr(os, "write", half_then_full)
    with pytest.raises(OutputError, match=r"No space left on device.*run it again"):
        ledger.append("two", "b-two", line("two"))
    monkeypatch.undo()
    ledger.append("three", "b-three", line("three"))
    assert output.read_text() == line("one") + line("three")
    assert store.record("two") is None


def test_a_finished_output_named_gz_is_compressed_and_appears_whole(tmp_path: Path) -> None:
    part, final = tmp_path / "o.jsonl.gz.part", tmp_path / "o.jsonl.gz"
    part.write_text(line("one") + line("two"))
    finish(part, final)
    assert gzip.decompress(final.read_bytes()).decode() == line("one") + line("two")
    assert [path.name for path in tmp_path.iterdir()] == ["o.jsonl.gz"]


def test_a_finished_output_named_zst_is_compressed(tmp_path: Path) -> None:
    zstd = pytest.importorskip("backports.zstd")
    part, final = tmp_path / "o.part", tmp_path / "o.jsonl.zst"
    part.write_text(line("one"))
    finish(part, final)
    assert zstd.decompress(final.read_bytes()).decode() == line("one")
