"""The record's contract: every key, fixed types, one current schema, and no values that cannot be written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import Page
from pipelines.record.article import FIELD_NAMES
from pipelines.record.build import record_of
from pipelines.record.schema import FILE, SchemaError, schema, validate
from tests.drawn import examples
from tests.records.making import page_of, record

EMPTY_OR_HOSTILE = {
    "empty": b"",
    "white space": b" \n\t ",
    "binary": bytes(range(256)) * 40,
    "truncated tag": b"<html><head><title>x</title><body><p>Word <a href='",
    "deep": b"<div>" * 3000 + b"x",
    "bad URL attributes": b"<link rel=canonical href='http://[::1'><img src='http://['><base href='//['><p>Word</p>",
    "null JSON-LD": b'<script type="application/ld+json">null</script><script type="application/ld+json">[[[</script>',
    "odd JSON-LD": b'<script type="application/ld+json">{"@type":["Article",3],"author":[null,{"name":[1]}],"image":7,'
    b'"datePublished":{"@value":"x"},"headline":["a",{"b":1}],"keywords":{"name":5},"publisher":[]}</script>',
    "empty metas": b"<meta><meta name><meta property=og:title content><time></time><h1></h1><title></title>",
    "huge numbers": b"<time datetime='99999999999999999999'>99999-99-99</time><p>9999-99-99 0000-00-00</p>",
}


PIECES = [
    *("<h1>", "</h1>", "<time datetime='", "'>", "2021-05-03", "3/4/21", "By ", "Ada", "<meta property=og:title "),
    *("content=", "<script type=application/ld+json>", '{"@type":"Article",', '"author":', "</script>", "[", "| "),
    *("\u202e", "\ud800", "\x00", "</p><p>", "—", "\n", "<img src=a.jpg alt=x>", "<link rel=canonical href=/>"),
]


def test_the_schema_in_the_repository_is_the_one_that_the_article_makes() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == schema(), "run: python -m pipelines.record.schema"


@pytest.mark.parametrize("name", EMPTY_OR_HOSTILE)
def test_hostile_pages_give_whole_records(name: str) -> None:
    made = json.loads(record_of(Page(EMPTY_OR_HOSTILE[name], url="https://harbour.example/a")).json_line())
    assert tuple(made) == FIELD_NAMES
    assert made["headline"] is None or made["headline"].strip()


@pytest.mark.parametrize("url", [None, "", "http://[::1", "not a url", "https://harbour.example/a?b=\udcff"])
def test_an_odd_address_does_not_lose_the_page(url: str | None) -> None:
    made = record(page_of("<title>Ferry</title>"), url)
    made.json_line().encode("utf-8")


def test_characters_that_no_file_can_hold_are_replaced_everywhere() -> None:
    page = Page(
        page_of("<title>Ferry \ud83d news</title>", "<h1>Ferry \ud83d news</h1>", body="Word \udc00 word. " * 20),
        url="https://harbour.example/a",
        source_path="folder/\udcff.html",
        extra=(("shelf\ud83d", "Row \udc00"),),
    )
    line = record_of(page).json_line()
    assert line.encode("utf-8").decode("utf-8") == line


def test_an_invalid_record_is_reported_with_its_key() -> None:
    made = json.loads(record(page_of("<title>Ferry</title>")).json_line())
    with pytest.raises(SchemaError, match=r"a\.html: record key 'word_count'"):
        validate(made | {"word_count": "many"}, "a.html")
    with pytest.raises(SchemaError, match="unexpected"):
        validate(made | {"surplus": 1}, "a.html")


def test_the_same_bytes_give_the_same_record() -> None:
    markup = page_of("<title>Ferry</title>", "<h1>Ferry</h1><p>By Ada Brandt, 3 May 2021</p>")
    assert record(markup).json_line() == record(markup).json_line()


@examples
@given(
    st.lists(
        st.sampled_from(PIECES),
        max_size=40,
    )
)
def test_any_shuffle_of_markup_gives_a_valid_record(pieces: list[str]) -> None:
    made: dict[str, Any] = json.loads(record_of(Page("".join(pieces), url="https://harbour.example/a")).json_line())
    assert tuple(made) == FIELD_NAMES
