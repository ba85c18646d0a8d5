"""Boxes and links under a heading that announces other pages."""

import numpy as np
import pytest

from cleaners import Page
from cleaners.options import DEFAULT
from cleaners.plan import document_of
from cleaners.rules.announced_boxes import announced_marks
from cleaners.rules.wording import name_wording

TEXT = "<h1>The mill</h1><p>The mill by the weir has ground rye for the whole valley since the flood of 1911.</p>"
VIDEOS = "".join(
    f'<div class="card"><a href="/{n}"><h3>The {n} at night</h3></a><p>Walk with us through the {n}.</p></div>'
    for n in ("dyke", "fen", "weir")
)
LINKS = '<li><a href="/dyke">Walk along the dyke</a></li><li>- <a href="/fen">Ride through the fen</a></li>'
PRODUCT = {"product": 0.6, "article": 0.2}
LISTING = {"listing": 0.6, "article": 0.2}


def dropped(html: str, kinds: dict[str, float]) -> list[str]:
    """The blocks that are dropped if the classifier has kept all of them."""
    document = document_of(Page(html))
    marks = name_wording(document, [], DEFAULT).marks
    made = announced_marks(document, marks, kinds, np.ones(len(document.blocks), np.bool_))
    return [document.blocks[mark.block].text for mark in made]


def test_boxes_under_a_heading_that_announces_others_are_dropped() -> None:
    gone = dropped(f"{TEXT}<h2>More videos</h2><div>{VIDEOS}</div>", PRODUCT)
    assert gone[:3] == ["More videos", "The dyke at night", "Walk with us through the dyke."]
    assert len(gone) == 7


def test_links_under_such_a_heading_are_dropped_to_the_next_line_without() -> None:
    gone = dropped(f"{TEXT}<h3>Related articles</h3><ul>{LINKS}</ul><p>The mill is open on Sundays.</p>", PRODUCT)
    assert gone == ["Related articles", "Walk along the dyke", "- Ride through the fen"]


def test_a_small_box_that_begins_with_such_a_heading_is_dropped_whole() -> None:
    box = '<div><b>Read next</b><h4><a href="/fen">Ride through the fen</a></h4><p>The fen is dry this year.</p></div>'
    after = "<p>The mill is open on Sundays from ten to four.</p>"
    assert dropped(TEXT + box + after, PRODUCT) == ["Read next", "Ride through the fen", "The fen is dry this year."]


def test_under_other_headings_boxes_stay() -> None:
    assert dropped(f"{TEXT}<h2>Our three walks</h2><div>{VIDEOS}</div>", PRODUCT) == []


def test_a_sentence_that_begins_like_such_a_heading_is_none() -> None:
    assert dropped(f"{TEXT}<p>More mills of the valley are shown below.</p><ul>{LINKS}</ul>", PRODUCT) == []


def test_before_the_pages_own_text_boxes_stay() -> None:
    assert dropped(f"<h2>More videos</h2><div>{VIDEOS}</div>{TEXT}", PRODUCT) == []


def test_on_listings_boxes_stay() -> None:
    assert dropped(f"{TEXT}<h2>More videos</h2><div>{VIDEOS}</div>", LISTING) == []


@pytest.mark.parametrize(
    "stated",
    [
        '<meta property="og:type" content="video.other">',
        '<script type="application/ld+json">{"@type": "VideoObject"}</script>',
    ],
)
def test_a_page_that_states_one_thing_is_no_listing(stated: str) -> None:
    assert len(dropped(f"<head>{stated}</head>{TEXT}<h2>More videos</h2><div>{VIDEOS}</div>", LISTING)) == 7
