from __future__ import annotations

import errno
import gzip
import json
import os
import sqlite3
from pathlib import Path

import pytest
from scrapy.settings import Settings

from cleaners.errors import OutputError, UsageError
from crawler.frontier.outcomes import CrawlOutcome
from crawler.frontier.targets import Settlement, Target
from crawler.running.filtering import RejectedFile
from crawler.storage.archive import ArchiveFiles
from crawler.storage.descriptors import open_binary, read_at
from crawler.storage.files import lines_feed, open_files
from crawler.storage.ledger import Ledger, finish
from crawler.storage.store import Store


def line(name: str) -> str:
    return json.dumps({"id": name, "body_sha256": f"b-{name}"}) + "\n"


def written(store: Store, ledger: Ledger, name: str) -> None:
    ledger.append(name, f"b-{name}", line(name))
    store.add([Target(f"http://a.example/{name}", "article")])
    store.settle(Target(f"http://a.example/{name}", "article"), Settlement(CrawlOutcome.RECORD, record_id=name))
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
    assert [target.url for target in store.take("a.example", 9)] == ["http://a.example/two"]
    assert ledger.size == len(line("one"))


def test_blocks_that_never_arrived_are_cut(tmp_path: Path) -> None:
    output, store = tmp_path / "o.jsonl", Store()
    store.set_output_state(store.name_of(output), 0, is_open=True)
    output.write_bytes(line("one").encode() + b"\0" * 300 + b"\n")
    Ledger(output, store)
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
        open_files(Settings(settings), "command")


def test_the_folder_of_an_output_is_made(tmp_path: Path) -> None:
    output = tmp_path / "new" / "folder" / "o.jsonl"
    open_files(Settings({"FEEDS": {str(output): {"format": "jsonl"}}}), "command").finish("finished")
    assert output.exists()


@pytest.mark.parametrize(
    ("uri", "path"),
    [("a b.jsonl", "a b.jsonl"), ("file:///tmp/a%20b.jsonl", "/tmp/a b.jsonl"), ("100%25.jsonl", "100%25.jsonl")],
)
def test_the_place_of_an_output_is_read_from_a_path_or_an_address(uri: str, path: str) -> None:
    feed = lines_feed(Settings({"FEEDS": {uri: {"format": "jsonl"}}}))
    assert feed is not None
    assert feed.path == Path(path)


def test_a_full_disk_leaves_whole_lines_and_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "o.jsonl"
    store = Store()
    ledger = Ledger(output, store)
    ledger.append("one", "b-one", line("one"))
    write = os.write

    def piece_by_piece_until_full(file: int, content: bytes) -> int:
        if len(content) < 10:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, content[:5])

    monkeypatch.setattr(os, "write", piece_by_piece_until_full)
    with pytest.raises(OutputError, match=r"No space left on device.*run it again"):
        ledger.append("two", "b-two", line("two"))
    monkeypatch.undo()
    ledger.append("three", "b-three", line("three"))
    assert output.read_text() == line("one") + line("three")
    assert store.record("two") is None


def test_a_line_that_the_disk_takes_in_many_pieces_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output, write = tmp_path / "o.jsonl", os.write
    ledger = Ledger(output, Store())
    monkeypatch.setattr(os, "write", lambda file, content: write(file, content[:5]))
    ledger.append("one", "b-one", line("one"))
    ledger.append("two", "b-two", line("two"))
    assert output.read_text() == line("one") + line("two")
    assert ledger.size == output.stat().st_size


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full (Linux)")
def test_a_full_disk_is_named_where_left_out_records_go() -> None:
    with pytest.raises(OutputError, match=r"/dev/full: cannot write \(No space left on device\); free some space"):
        RejectedFile("/dev/full").write(line("one").encode())


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


def closed(output: Path, store: Store, *names: str) -> None:
    """Run a crawl that writes these records and ends normally."""
    ledger = Ledger(output, store)
    for name in names:
        written(store, ledger, name)
    ledger.close()
    store.commit()


def test_outputs_that_share_a_store_never_cut_each_other(tmp_path: Path) -> None:
    first, second, store = tmp_path / "s1.jsonl", tmp_path / "s2.jsonl", Store(tmp_path / "shared.db")
    closed(first, store, *(f"one-{n}" for n in range(40)))
    closed(second, store, "two-1", "two-2")
    closed(first, store, "one-40")
    assert len(first.read_text().splitlines()) == 41
    assert len(second.read_text().splitlines()) == 2


@pytest.mark.parametrize(
    "content", ['{"a": 1}\n\n{"b": 2}\n', '{"a": 1}\n{"b": 2}', '{"a": 1}\nno JSON\n{"b": 2}\n'],
    ids=["a blank line", "no final newline", "a line that is no JSON"],
)  # fmt: skip
def test_a_file_that_the_crawl_did_not_write_keeps_every_byte(tmp_path: Path, content: str) -> None:
    output = tmp_path / "o.jsonl"
    output.write_text(content)
    closed(output, Store(tmp_path / "o.jsonl.crawl"), "one")
    assert output.read_text() == content.rstrip("\n") + "\n" + line("one")


def test_lines_that_others_append_between_two_crawls_stay(tmp_path: Path) -> None:
    output, store = tmp_path / "o.jsonl", Store(tmp_path / "o.jsonl.crawl")
    closed(output, store, "one")
    with output.open("a") as file:
        file.write("a note\n")
    closed(output, store, "two")
    assert output.read_text() == line("one") + "a note\n" + line("two")


def test_a_file_that_is_not_json_lines_is_refused_and_unchanged(tmp_path: Path) -> None:
    output = tmp_path / "letter.txt"
    output.write_text("Dear reader,\nthe tide table is wrong.\n")
    with pytest.raises(UsageError, match="not a file of JSON Lines; nothing was changed"):
        Ledger(output, Store())
    assert output.read_text() == "Dear reader,\nthe tide table is wrong.\n"


def test_an_output_and_its_store_can_be_moved_together(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    store = Store(tmp_path / "a" / "o.jsonl.crawl")
    ledger = Ledger(tmp_path / "a" / "o.jsonl", store)
    written(store, ledger, "one")
    os.close(ledger._file)  # as a kill closes it
    store.close()
    (tmp_path / "a").rename(tmp_path / "b")
    with (tmp_path / "b" / "o.jsonl").open("a") as file:
        file.write('{"id": "tw')
    closed(tmp_path / "b" / "o.jsonl", Store(tmp_path / "b" / "o.jsonl.crawl"), "two")
    assert (tmp_path / "b" / "o.jsonl").read_text() == line("one") + line("two")


def test_a_database_of_another_program_is_refused_and_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE urls (url)")
    database.close()
    before = path.read_bytes()
    with pytest.raises(UsageError, match="a database, but not the store of a crawl; nothing was changed"):
        Store(path)
    assert path.read_bytes() == before


def test_a_line_of_another_program_may_have_half_a_surrogate_pair(tmp_path: Path) -> None:
    output = tmp_path / "o.jsonl"
    output.write_text('{"id": "\\ud800", "body_sha256": "\\udfff"}\n')
    settings = Settings({"FEEDS": {str(output): {"format": "jsonl"}}})
    open_files(settings, "command").finish("finished")
    open_files(settings, "command").finish("finished")
    assert output.read_text() == '{"id": "\\ud800", "body_sha256": "\\udfff"}\n'


def test_a_store_of_a_later_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "o.crawl"
    Store(path).close()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(UsageError, match="a store of version 99"):
        Store(path)


@pytest.mark.parametrize(
    ("name", "value"),
    [("run", "first"), ("seeds", '["http://a.example/"'), ("seeds", "[1]"), ("seeds", "[" * 60_000),
     ("synced o.jsonl", "all"), ("synced o.jsonl", b"\xff")],
)  # fmt: skip
def test_a_store_with_a_damaged_fact_is_named_and_left_as_it_is(tmp_path: Path, name: str, value: object) -> None:
    output, path = tmp_path / "o.jsonl", tmp_path / "o.jsonl.crawl"
    settings = Settings({"FEEDS": {str(output): {"format": "jsonl"}}})
    open_files(settings, "command").finish("finished")
    with sqlite3.connect(path) as database:
        database.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))
    database.close()
    with pytest.raises(UsageError, match=rf"o\.jsonl\.crawl: damaged, its fact '{name}' cannot be read; put a copy"):
        open_files(settings, "command").store.use_seeds(["http://a.example/"])
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone() == (value,)
    database.close()


def test_a_store_of_version_0_still_knows_its_output(tmp_path: Path) -> None:
    output, path = tmp_path / "o.jsonl", tmp_path / "o.jsonl.crawl"
    store = Store(path)
    closed(output, store, "one")
    store.close()
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE records RENAME TO later")
        database.execute(
            "CREATE TABLE records (id TEXT PRIMARY KEY, body_sha256 TEXT, run INTEGER, output_end INTEGER)"
        )
        database.execute("INSERT INTO records SELECT id, body_sha256, run, output_end FROM later")
        database.execute("DROP TABLE later")
        database.execute("UPDATE facts SET name = 'synced' WHERE name LIKE 'synced %'")
        database.execute("DELETE FROM facts WHERE name LIKE 'open %'")
        database.execute("PRAGMA user_version = 0")
    database.close()
    with output.open("a") as file:
        file.write('{"id": "torn')
    closed(output, Store(path), "two")
    assert output.read_text() == line("one") + line("two")


def opened(place: Path, **settings: object) -> Settings:
    return Settings({"FEEDS": {str(place): {"format": "jsonl", "overwrite": True}}, **settings})


def test_a_second_crawl_with_the_same_output_removes_nothing_of_the_first(tmp_path: Path) -> None:
    output = tmp_path / "o.jsonl"
    first = open_files(opened(output), "crawl of one site")
    assert first.ledger
    written(first.store, first.ledger, "one")
    with pytest.raises(UsageError, match="another crawl is writing to it"):
        open_files(opened(output), "crawl of another site")
    first.finish("finished")
    assert output.read_text() == line("one")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["o.jsonl", "o.jsonl.crawl"]


def test_two_crawls_with_the_same_store_are_refused(tmp_path: Path) -> None:
    store = str(tmp_path / "shared.db")
    first = open_files(opened(tmp_path / "a.jsonl", STORE=store), "a")
    with pytest.raises(UsageError, match=r"shared\.db: another crawl"):
        open_files(opened(tmp_path / "b.jsonl", STORE=store), "b")
    first.finish("finished")
    open_files(opened(tmp_path / "b.jsonl", STORE=store), "b").finish("finished")


def test_an_existing_archive_is_added_to_and_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    first = ArchiveFiles(path, Store(), 1 << 30)
    first.append(gzip.compress(b"first crawl"))
    with pytest.raises(UsageError, match="another crawl"):
        ArchiveFiles(path, Store(), 1 << 30)
    first.close()
    second = ArchiveFiles(path, Store(), 1 << 30)
    second.append(gzip.compress(b"second crawl"))
    second.close()
    held = gzip.decompress(path.read_bytes())
    assert held.count(b"software: copydesk") == 1
    assert b"first crawlsecond crawl" in held
    other = tmp_path / "other.gz"
    other.write_bytes(gzip.compress(b"a letter"))
    with pytest.raises(UsageError, match="not an archive of a crawl"):
        ArchiveFiles(other, Store(), 1 << 30)
    assert gzip.decompress(other.read_bytes()) == b"a letter"


def test_a_refused_archive_leaves_the_last_output_and_its_store_as_they_were(tmp_path: Path) -> None:
    output, archive = tmp_path / "a.jsonl", tmp_path / "letter.warc.gz"
    settings = Settings({"FEEDS": {str(output): {"format": "jsonlines", "overwrite": True}}})
    files = open_files(settings, "crawl")
    files.finish("finished")
    archive.write_bytes(b"a letter")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    settings.set("ARCHIVE", str(archive))
    with pytest.raises(UsageError, match="not an archive of a crawl"):
        open_files(settings, "crawl")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_file_is_read_at_an_offset_without_pread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = open_binary(tmp_path / "o.jsonl")
    os.write(file, b"one\ntwo\n")
    monkeypatch.delattr(os, "pread", raising=False)
    assert read_at(file, 3, 4) == b"two"
    os.write(file, b"three\n")
    os.close(file)
    assert (tmp_path / "o.jsonl").read_bytes() == b"one\ntwo\nthree\n"


def test_an_output_is_written_even_without_file_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.storage.locks.fcntl", None)
    files = open_files(opened(tmp_path / "o.jsonl"), "a")
    assert files.ledger
    written(files.store, files.ledger, "one")
    files.finish("finished")
    assert (tmp_path / "o.jsonl").read_text(encoding="utf-8").count("\n") == 1
    assert not list(tmp_path.glob(".*.lock"))
