from __future__ import annotations

from pathlib import Path

from fastwarc.warc import ArchiveIterator as FastReader
from fastwarc.warc import WarcRecordType
from warcio.archiveiterator import ArchiveIterator as Reader

from copydesk.cli.main import main
from pipelines.record.article import FIELD_NAMES
from tests.crawl.conftest import Crawled
from tests.crawl.running import crawl, records, serving_plainly


def test_warcio_and_fastwarc_read_the_whole_archive(crawled: Crawled) -> None:
    with crawled.archive.open("rb") as stream:
        kinds = [
            (record.rec_type, record.content_stream().read())[0] for record in Reader(stream, check_digests="raise")
        ]
    with crawled.archive.open("rb") as stream:
        responses = [record for record in FastReader(stream) if record.record_type == WarcRecordType.response]
    assert kinds.count("response") == kinds.count("request") == len(responses)
    assert len(responses) >= len(crawled.records)


def test_a_response_is_archived_as_it_came_over_the_wire_with_its_type(crawled: Crawled) -> None:
    sitemap = crawled.site.base + "/sitemap-1.xml.gz"
    with crawled.archive.open("rb") as stream:
        bodies = {
            record.rec_headers["WARC-Target-URI"]: (record.content_stream().read(), record.rec_headers)
            for record in Reader(stream)
            if record.rec_type == "response"
        }
    body, headers = bodies[sitemap]
    answer = crawled.site.answer("/sitemap-1.xml.gz")
    assert body == answer.body
    assert headers["WARC-Identified-Payload-Type"] == "application/gzip"


def test_cleaning_the_archive_gives_the_records_of_the_crawl(crawled: Crawled, tmp_path: Path) -> None:
    output = tmp_path / "again.jsonl"
    assert main(["clean", str(crawled.archive), "-o", str(output), "--workers", "1"]) == 0
    again = {record["id"]: record for record in records(output)}
    assert len(again) == len(crawled.records)
    compared = [key for key in FIELD_NAMES if key not in ("source_type", "source_path", "fetched_at")]
    for record in crawled.records:
        assert {key: again[record["id"]][key] for key in compared} == {key: record[key] for key in compared}


def test_the_archive_is_rotated_by_size_and_every_file_is_whole(tmp_path: Path) -> None:
    archive = tmp_path / "crawl.warc.gz"
    with serving_plainly(12) as base:
        crawl("-a", f"url={base}/news", "-O", str(tmp_path / "o.jsonl"), ARCHIVE=str(archive), ARCHIVE_ROTATE="30000")
    files = sorted(tmp_path.glob("crawl*.warc.gz"))
    assert len(files) > 1
    for file in files:
        with file.open("rb") as stream:
            assert next(record.rec_type for record in Reader(stream, check_digests="raise")) == "warcinfo"
    output = tmp_path / "again.jsonl"
    assert main(["clean", *map(str, files), "-o", str(output), "--workers", "1"]) == 0
    assert sorted(r["id"] for r in records(output)) == sorted(r["id"] for r in records(tmp_path / "o.jsonl"))
