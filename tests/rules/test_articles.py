"""Rows of the strength `article`: they drop on articles, and only hint elsewhere."""

import numpy as np
import pytest

from cleaners.document import Mark
from cleaners.rules.articles import LIKELY_AN_ARTICLE, parts_left_out

CAPTION = Mark(1, "hint", "caption", "caption_by_class: “caption”")
APPEAL = Mark(2, "hint", "promotion", "appeal_of_a_newsroom: “our newsroom”")
WORDS = np.array([60.0, 12.0, 40.0])


def test_on_an_article_the_named_blocks_are_left_out() -> None:
    assert parts_left_out([CAPTION, APPEAL], {"article": 0.9}, WORDS) == {1: CAPTION, 2: APPEAL}


@pytest.mark.parametrize("kinds", [{}, {"article": LIKELY_AN_ARTICLE - 0.01, "service": 0.3}, {"documentation": 0.9}])
def test_on_other_pages_nothing_is_left_out(kinds: dict[str, float]) -> None:
    assert parts_left_out([CAPTION, APPEAL], kinds, WORDS) == {}


def test_a_plain_hint_stays_a_hint_on_an_article() -> None:
    marks = [Mark(1, "hint", "caption", "caption_element: “figcaption”")]
    assert parts_left_out(marks, {"article": 0.9}, WORDS) == {}


def test_a_block_longer_than_the_row_allows_stays() -> None:
    long = np.array([60.0, 12.0, 400.0])
    assert parts_left_out([APPEAL], {"article": 0.9}, long) == {}
