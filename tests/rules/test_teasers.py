"""Runs of teasers beside an article: like boxes with a linked title and a short summary each."""

import numpy as np
import pytest

from cleaners import Page
from cleaners.plan import document_of
from cleaners.rules.teasers import teaser_marks

PARAGRAPH = (
    "<p>{} The council met on Wednesday, and it decided by nine votes to seven that the old bridge over the river \
stays open to walkers and bicycles for at least five more years.</p>"
)
ARTICLE = (
    "<div><h1>Bridge</h1>" + "".join(PARAGRAPH.format(n) for n in ("First.", "Second.", "Third.", "Fourth.")) + "</div>"
)
BOX = '<div class="box"><h3><a href="/{0}">News of the {0}</a></h3><p>The {0} has never had a year like this.</p></div>'
LINKS = '<div class="box"><a href="/{0}">News of the {0}</a><span>5 May</span></div>'
PLACES = ("mill", "weir", "dyke", "fen")


def dropped(html: str, article: float = 0.5) -> list[str]:
    """The blocks that are dropped if the classifier has kept all of them."""
    document = document_of(Page(f"<body>{html}</body>", url="https://loaf.example/bridge"))
    marks = teaser_marks(document, np.ones(len(document.blocks), np.bool_), article)
    return [document.blocks[mark.block].text for mark in marks]


def boxes(form: str, places: tuple[str, ...] = PLACES) -> str:
    return "<div>" + "".join(form.format(place) for place in places) + "</div>"


def test_a_run_of_boxes_after_the_article_is_dropped() -> None:
    gone = dropped(ARTICLE + boxes(BOX))
    assert len(gone) == 2 * len(PLACES)
    assert gone[:2] == ["News of the mill", "The mill has never had a year like this."]


def test_a_run_of_boxes_before_the_article_is_dropped() -> None:
    assert dropped(boxes(BOX) + ARTICLE)


def test_boxes_among_the_paragraphs_stay() -> None:
    assert dropped(f"<div>{ARTICLE}{boxes(BOX)}{ARTICLE}</div>") == []


def test_two_boxes_are_no_run() -> None:
    assert dropped(ARTICLE + boxes(BOX, PLACES[:2])) == []


def test_a_list_of_titles_is_left_to_the_classifier() -> None:
    assert dropped(ARTICLE + boxes(LINKS)) == []


def test_boxes_with_more_text_than_the_rest_of_the_page_stay() -> None:
    assert dropped(PARAGRAPH.format("Only.") + boxes(BOX, PLACES * 3)) == []


def test_boxes_without_links_stay() -> None:
    assert (
        dropped(ARTICLE + boxes('<div class="box"><h3>The {0}</h3><p>The {0} has never had such a year.</p></div>'))
        == []
    )


@pytest.mark.parametrize(
    "form",
    [
        '<li><a href="/{0}"><h3>News of the {0}</h3><p>The {0} has never had a year like this.</p></a></li>',
        '<story-card><a href="/{0}">News of the {0}</a><p>The {0} has never had a year like this.</p></story-card>',
        '<a href="/{0}"><h3>News of the {0}</h3><p>The {0} has never had a year like this.</p></a>',
    ],
    ids=["a link around title and summary", "elements of the site's own", "links as boxes"],
)
def test_boxes_have_many_forms(form: str) -> None:
    assert len(dropped(ARTICLE + boxes(form))) == 2 * len(PLACES)


def test_rows_of_a_table_are_boxes() -> None:
    rows = "".join(
        f'<tr><td><a href="/{p}">News of the {p}</a><br>The {p} has never had a year like this.</td></tr>'
        for p in PLACES
    )
    assert len(dropped(f"{ARTICLE}<table>{rows}</table>")) == 2 * len(PLACES)


LONG = "".join(PARAGRAPH.format(f"Part {n}.") for n in range(8))


def test_a_run_that_closes_the_article_in_its_own_element_is_dropped() -> None:
    page = f"<div><h1>Bridge</h1>{LONG}{boxes(BOX)}</div>"
    assert len(dropped(page, article=0.9)) == 2 * len(PLACES)
    assert dropped(page) == []  # the page may be a list of boxes with an introduction


def test_closing_boxes_that_lead_to_other_sites_stay() -> None:
    goods = BOX.replace("/{0}", "https://shop.example/{0}")
    assert dropped(f"<div><h1>Bridge</h1>{LONG}{boxes(goods)}</div>", article=0.9) == []


def test_closing_boxes_after_a_short_text_stay() -> None:
    assert dropped(f"<div><h1>Bridge</h1>{LONG[: len(LONG) // 2]}{boxes(BOX)}</div>", article=0.9) == []


STATED = '<meta property="og:type" content="article">'


@pytest.mark.parametrize(
    ("head", "article", "gone"), [(STATED, 0.9, 24), (STATED, 0.5, 0), ("", 0.9, 0)], ids=["sure", "unsure", "unstated"]
)
def test_short_news_may_have_less_text_than_teasers(head: str, article: float, gone: int) -> None:
    news = f"{head}<div>{PARAGRAPH.format('Only.')}</div>"
    assert len(dropped(news + boxes(BOX, PLACES * 3), article)) == gone


def test_the_entries_of_a_list_with_an_introduction_stay() -> None:
    page = f"{STATED}<div><h1>Twelve walks</h1>{PARAGRAPH.format('Walk on.')}{boxes(BOX, PLACES * 3)[5:-6]}</div>"
    assert dropped(page, article=0.9) == []


def test_long_lists_with_a_long_introduction_stay() -> None:
    assert dropped(f"<div><h1>Walks</h1>{LONG}{boxes(BOX, PLACES * 4)}</div>", article=0.9) == []


def test_short_lists_of_goods_stay() -> None:
    goods = boxes(BOX.replace("/{0}", "https://shop.example/{0}"), PLACES * 3)
    assert dropped(f"{STATED}<div>{PARAGRAPH.format('Only.')}</div>{goods}", article=0.9) == []
