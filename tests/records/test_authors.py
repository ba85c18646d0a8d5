"""Authors: names only, split, once each, people before organisations."""

from __future__ import annotations

import json

import pytest

from pipelines.evidence.person_names import is_organisation, names_in
from tests.records.making import article, page_of

TITLE = "<title>Council keeps the winter ferry</title>"
HEADING = "<h1>Council keeps the winter ferry</h1>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Ada Brandt", ["Ada Brandt"]),
        ("by Ada Brandt and Nils Holm", ["Ada Brandt", "Nils Holm"]),
        ("Ada Brandt, Nils Holm & Ida Roux", ["Ada Brandt", "Nils Holm", "Ida Roux"]),
        ("Von Ada Brandt und Nils Holm", ["Ada Brandt", "Nils Holm"]),
        ("Par Ada Brandt et Nils Holm", ["Ada Brandt", "Nils Holm"]),
        ("Автор: Ада Брандт", ["Ада Брандт"]),
        ("Ada Brandt, Senior Reporter", ["Ada Brandt"]),
        ("Ada Brandt | 3 May 2021", ["Ada Brandt"]),
        ("By Ada Brandt May 3, 2021", ["Ada Brandt"]),
        ("Ada Brandt, PhD, MPH", ["Ada Brandt"]),
        ("Ada Brandt (ada@harbour.example)", ["Ada Brandt"]),
        ("Ada Brandt @adabrandt", ["Ada Brandt"]),
        ("Ada Brandt, ada brandt", ["Ada Brandt"]),
        ("Interview: Ada Brandt", ["Ada Brandt"]),
        ("University of Northharbour", ["University of Northharbour"]),
        ("Ursula von der Aue", ["Ursula von der Aue"]),
        ("Staff", []),
        ("Staff Writer", []),
        ("https://harbour.example/ada", []),
        ("3 May 2021", []),
        ("By", []),
        ("", []),
    ],
)
def test_a_byline_is_read_as_names_alone(text: str, expected: list[str]) -> None:
    assert names_in(text) == expected


def linked(author: object, **more: object) -> str:
    node = {"@type": "NewsArticle", "headline": "Council keeps the winter ferry", "author": author} | more
    return f'{TITLE}<script type="application/ld+json">{json.dumps(node)}</script>'


def test_nested_authors_and_authors_by_reference_are_found_in_their_order() -> None:
    graph = {
        "@graph": [
            {"@type": "NewsArticle", "author": [{"@id": "#2"}, {"@type": "Person", "name": "Ada Brandt"}]},
            {"@type": "Person", "@id": "#2", "name": "Nils Holm"},
        ]
    }
    head = f'{TITLE}<script type="application/ld+json">{json.dumps(graph)}</script>'
    assert article(page_of(head, HEADING)).authors == ["Nils Holm", "Ada Brandt"]


def test_people_come_before_organisations() -> None:
    authors = [{"@type": "Organization", "name": "Harbour News Agency"}, {"@type": "Person", "name": "Ada Brandt"}]
    made = article(page_of(linked(authors), HEADING)).authors
    assert made[0] == "Ada Brandt"


@pytest.mark.parametrize(
    "above",
    [
        '<p class="byline">By <a href="/authors/ada-brandt">Ada Brandt</a></p>',
        '<a rel="author" href="/people/ada">Ada Brandt</a>',
        '<span itemprop="author" itemscope><span itemprop="name">Ada Brandt</span></span>',
        "<p>By Ada Brandt</p>",
        f'<i class="{"İ" * 40}">9</i><div class="byline">Ada Brandt</div>',  # in lower case İ is two characters
    ],
)
def test_a_visible_byline_is_enough(above: str) -> None:
    assert article(page_of(TITLE, HEADING + above)).authors == ["Ada Brandt"]


def test_whom_an_author_writes_for_is_no_second_author() -> None:
    above = '<p class="byline">By Ada Brandt, Harbour News Agency</p>'
    assert article(page_of(TITLE, HEADING + above)).authors == ["Ada Brandt"]


def test_a_page_that_names_no_author_has_none() -> None:
    below = '<div class="comment"><b class="comment-author">nils77</b> Good!</div>'
    assert article(page_of(TITLE, HEADING, below)).authors == []


@pytest.mark.parametrize(("name", "expected"), [("Harbour News Agency", True), ("Ada Brandt", False)])
def test_organisations_are_told_from_people(name: str, expected: bool) -> None:
    assert is_organisation(name) is expected
