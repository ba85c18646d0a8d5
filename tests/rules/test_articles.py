"""Rows of the strength `article`: they drop on articles, and only hint elsewhere."""

import numpy as np
import pytest

from cleaners import Page
from cleaners.document import Mark
from cleaners.plan import document_of
from cleaners.rules.articles import LIKELY_AN_ARTICLE, MAYBE_AN_ARTICLE, is_likely_article, parts_left_out

CAPTION = Mark(1, "hint", "caption", "caption_by_class: “caption”")
APPEAL = Mark(2, "hint", "promotion", "appeal_of_a_newsroom: “our newsroom”")
WORDS = np.array([60.0, 12.0, 40.0])
DATED = '<meta property="article:published_time" content="2019-11-04"><p>Text</p>'


@pytest.mark.parametrize(
    ("html", "probability", "is_article"),
    [
        ("<p>Text</p>", LIKELY_AN_ARTICLE, True),
        ("<p>Text</p>", LIKELY_AN_ARTICLE - 0.01, False),
        (DATED, MAYBE_AN_ARTICLE, True),
        ('<meta property="og:type" content="article"><p>Text</p>', MAYBE_AN_ARTICLE, True),
        ('<meta property="og:type" content="website"><p>Text</p>', MAYBE_AN_ARTICLE, False),
        (DATED, MAYBE_AN_ARTICLE - 0.01, False),
    ],
)
def test_a_page_that_states_an_article_needs_less_to_be_one(html: str, probability: float, is_article: bool) -> None:
    assert is_likely_article(document_of(Page(html)), {"article": probability}) == is_article


def test_a_page_of_unknown_kind_is_no_article() -> None:
    assert not is_likely_article(document_of(Page(DATED)), {})


def test_the_named_blocks_are_left_out() -> None:
    assert parts_left_out([CAPTION, APPEAL], WORDS) == {1: CAPTION, 2: APPEAL}


def test_a_plain_hint_stays_a_hint() -> None:
    assert parts_left_out([Mark(1, "hint", "caption", "caption_element: “figcaption”")], WORDS) == {}


def test_a_block_longer_than_the_row_allows_stays() -> None:
    assert parts_left_out([APPEAL], np.array([60.0, 12.0, 400.0])) == {}
