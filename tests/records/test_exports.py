"""A record in another shape keeps every field that the shape has."""

from __future__ import annotations

import json

import pytest

from cleaners.errors import InputError, UsageError
from pipelines.outputs.exports import export
from tests.records.making import page_of, record

HEAD = (
    '<title>Ferry stays</title><meta property="og:site_name" content="Harbour Post">'
    '<meta property="article:section" content="Town"><meta property="article:tag" content="ferry">'
    '<meta property="og:image" content="https://harbour.example/i/lead.jpg">'
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry stays","isAccessibleForFree":false,'
    '"datePublished":"2021-05-03T18:20:00+02:00","author":{"@type":"Person","name":"Ada Brandt"}}</script>'
)


@pytest.fixture(scope="module")
def line() -> str:
    return record(page_of(HEAD, "<h1>Ferry stays</h1>")).json_line()


def test_news_article_has_every_field_of_schema_org(line: str) -> None:
    node = json.loads(str(next(export([line], "newsarticle"))))
    made = json.loads(line)
    assert node["@type"] == "NewsArticle"
    assert (node["headline"], node["articleBody"]) == (made["headline"], made["body"])
    assert node["datePublished"] == "2021-05-03T18:20:00+02:00"
    assert node["author"] == [{"@type": "Person", "name": "Ada Brandt"}]
    assert node["publisher"]["name"] == "Harbour Post"
    assert (node["articleSection"], node["keywords"], node["inLanguage"]) == ("Town", ["ferry"], "en")
    assert node["image"][0]["url"] == "https://harbour.example/i/lead.jpg"
    assert node["isAccessibleForFree"] is False


def test_zyte_article_has_every_field_of_its_type(line: str) -> None:
    pytest.importorskip("zyte_common_items")
    item = json.loads(str(next(export([line], "zyte"))))
    assert (item["headline"], item["datePublished"]) == ("Ferry stays", "2021-05-03T16:20:00Z")
    assert item["datePublishedRaw"] == "2021-05-03T18:20:00+02:00"
    assert item["authors"] == [{"name": "Ada Brandt", "nameRaw": "Ada Brandt"}]
    assert item["mainImage"] == {"url": "https://harbour.example/i/lead.jpg"}
    assert item["url"] == "https://harbour.example/news/ferry"


@pytest.mark.parametrize(
    ("stated", "wanted"),
    [
        ("2021-05-03", "2021-05-03T00:00:00Z"),
        ("2021-05", "2021-05-01T00:00:00Z"),
        ("2021", None),
        ("2021-05-03T18:20", "2021-05-03T18:20:00Z"),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_zyte_article_has_a_time_in_utc_for_a_date_of_any_precision(line: str, stated: str, wanted: str | None) -> None:
    pytest.importorskip("zyte_common_items")
    record = json.dumps(json.loads(line) | {"date_published": stated})
    assert json.loads(str(next(export([record], "zyte")))).get("datePublished") == wanted


def test_lines_stay_in_order_and_empty_ones_are_skipped(line: str) -> None:
    assert len(list(export([line, "\n", line], "newsarticle"))) == 2


def test_a_line_that_is_not_a_record_is_reported_and_the_others_are_converted(line: str) -> None:
    rows = list(export([line, "{", '{"a": 1}', line], "newsarticle"))
    assert [isinstance(row, InputError) for row in rows] == [False, True, True, False]
    assert "line 2 is not JSON" in str(rows[1])
    assert "line 3 is not a record" in str(rows[2])


def test_an_unknown_shape_is_reported_with_the_known_ones(line: str) -> None:
    with pytest.raises(UsageError, match="newsarticle, zyte"):
        list(export([line], "rss"))
