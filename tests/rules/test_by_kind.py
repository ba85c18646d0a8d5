"""Rows of the strengths `article` and `thread`: they drop on pages of this kind, and only hint elsewhere."""

import numpy as np
import pytest

from cleaners import Page
from cleaners.document import Mark
from cleaners.plan import document_of
from cleaners.rules.by_kind import (
    LIKELY_AN_ARTICLE,
    MAYBE_AN_ARTICLE,
    is_likely_article,
    is_prose,
    parts_left_out,
    strength_on,
)

CAPTION = Mark(1, "hint", "caption", "caption_by_class: “caption”")
APPEAL = Mark(2, "hint", "promotion", "appeal_of_a_newsroom: “our newsroom”")
WORDS = np.array([60.0, 12.0, 40.0])
LIKELY = np.array([0.9, 0.5, 0.5])
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


@pytest.mark.parametrize(
    ("kinds", "strength"),
    [({"article": 0.8}, "article"), ({"forum": 0.6, "article": 0.2}, "thread"), ({"service": 0.9}, None), ({}, None)],
)
def test_the_kind_of_page_says_which_rows_drop(kinds: dict[str, float], strength: str | None) -> None:
    assert strength_on(document_of(Page("<p>Text</p>")), kinds) == strength


def test_rows_of_another_strength_leave_nothing_out() -> None:
    posts = Mark(0, "hint", "forum_controls", "member_details: “posts:”")
    assert parts_left_out([posts, CAPTION], WORDS * 0 + 2, LIKELY, "thread") == {0: posts}
    assert parts_left_out([posts, CAPTION], WORDS, LIKELY, None) == {}


def test_the_named_blocks_are_left_out() -> None:
    assert parts_left_out([CAPTION, APPEAL], WORDS, LIKELY, "article") == {1: CAPTION, 2: APPEAL}


def test_a_plain_hint_stays_a_hint() -> None:
    assert parts_left_out([Mark(1, "hint", "caption", "caption_element: “figcaption”")], WORDS, LIKELY, "article") == {}


def test_a_block_longer_than_the_row_allows_stays() -> None:
    assert parts_left_out([APPEAL], np.array([60.0, 12.0, 400.0]), LIKELY, "article") == {}


def test_captions_that_are_most_of_the_body_stay() -> None:
    assert parts_left_out([CAPTION, APPEAL], WORDS, np.array([0.1, 0.9, 0.9]), "article") == {}


def test_pages_with_running_text_are_prose_whatever_their_kind() -> None:
    assert is_prose({"article": 0.4, "forum": 0.25, "documentation": 0.2, "listing": 0.15})
    assert not is_prose({"article": 0.5, "service": 0.3, "listing": 0.2})
