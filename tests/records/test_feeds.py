"""Records as Atom and RSS, read by feedparser, and as datatrove's documents, read by datatrove."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest

from copydesk.cli.main import main
from pipelines.outputs.feeds import FEEDS, feed_of
from tests.offline.test_tables import full
from tests.review.made_records import a_record, saved

RICH = full(
    a_record(
        1,
        headline="Tides & <walls>",
        canonical_url="https://example.org/tides?a=1&b=2",
        body="First <line>\nof two.\n\nSecond \x0b paragraph.",
        published_at="2024-05-03T10:00:00Z",
        published_day="2024-05-03",
        modified_at="2024-05-04T10:00:00Z",
        tags=["storms", 'the "wall"'],
        authors=["Ada Quill", "Ben Oar"],
    )
)
POOR = full(
    a_record(2, headline=None, authors=[], url=None, site_name=None, published_day="2024-05-01", description=None)
)
HTML = full(a_record(3, body_html="<p>A <strong>wall</strong></p>"))


@pytest.mark.parametrize("shape", FEEDS)
def test_a_feed_is_read_whole_by_feedparser(shape: str) -> None:
    text = "".join(feed_of([RICH, POOR, HTML], shape))
    ElementTree.fromstring(text)
    feed = feedparser.parse(text)
    assert not feed.bozo
    first, second, third = feed.entries
    assert first.title in ("Tides & <walls>", "Tides &amp; &lt;walls&gt;")
    assert first.link == "https://example.org/tides?a=1&b=2"
    assert first.published_parsed[:5] == (2024, 5, 3, 10, 0)
    assert [tag.term for tag in first.tags] == ["storms", 'the "wall"']
    assert second.published_parsed[:3] == (2024, 5, 1)
    assert "<strong>wall</strong>" in third.content[0].value
    assert feed.feed.updated_parsed[:3] == (2024, 5, 4)


def test_an_atom_entry_has_what_the_standard_wants() -> None:
    space = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring("".join(feed_of([RICH, POOR], "atom")))
    assert all(feed.findtext(f"{space}{name}") for name in ("id", "title", "updated"))
    for entry in feed.iter(f"{space}entry"):
        assert entry.findtext(f"{space}id")
        assert entry.find(f"{space}title") is not None
        assert entry.findtext(f"{space}updated")
        assert entry.findtext(f"{space}author/{space}name")


@pytest.mark.parametrize("shape", FEEDS)
@pytest.mark.parametrize("odd", ["garbage", "1999", "0001-01-01T00:00:00+14:00", "9999-99-99T99:99:99Z"])
def test_a_date_that_no_reader_can_use_counts_as_unknown(shape: str, odd: str) -> None:
    dates = dict.fromkeys(("modified_at", "published_at", "published_day"), odd)
    text = "".join(feed_of([RICH | dates, POOR], shape))
    feed = feedparser.parse(text)
    assert not feed.bozo
    assert odd not in text
    assert feed.feed.updated_parsed[:3] == (2024, 5, 1)


def test_export_makes_one_feed_of_all_files_and_reports_lines_that_are_not_records(tmp_path: Path, capsys: Any) -> None:
    one = saved(tmp_path / "one.jsonl", [RICH, RICH | {"tags": 7}, {"text": "no record"}])
    two, out = saved(tmp_path / "two.jsonl", [POOR]), tmp_path / "feed.xml"
    assert main(["export", "rss", one, two, "-o", str(out)]) == 1
    assert len(feedparser.parse(out.read_text("utf-8")).entries) == 2
    messages = capsys.readouterr().err
    assert "one.jsonl, line 2: tags holds int where list is wanted" in messages
    assert "one.jsonl, line 3" in messages


def test_datatrove_reads_the_documents(tmp_path: Path) -> None:
    readers: Any = pytest.importorskip("datatrove.pipeline.readers", reason="datatrove is not installed")
    source = saved(tmp_path / "records.jsonl", [RICH, POOR])
    (tmp_path / "documents").mkdir()
    assert main(["export", "datatrove", source, "-o", str(tmp_path / "documents" / "a.jsonl")]) == 0
    reader = readers.JsonlReader(str(tmp_path / "documents"), compression=None)
    first, second = reader.run()
    assert (first.text, first.id) == (RICH["body"], RICH["id"])
    assert first.metadata["authors"] == ["Ada Quill", "Ben Oar"]
    assert json.loads(json.dumps(second.metadata))["published_day"] == "2024-05-01"
