"""Readers' comments are not part of the body of an article, but they are the body of a thread."""

from __future__ import annotations

import numpy as np
import pytest

from cleaners import clean
from cleaners.document import Mark
from cleaners.options import CleanOptions
from cleaners.page import Page
from cleaners.rules.comments import comment_blocks

ARTICLE = "".join(
    f"<p>Paragraph {n} of the report says at some length what the harbour board decided about the new breakwater, who "
    f"spoke for it, who spoke against it, and what it will cost the town over the next {n + 3} years.</p>"
    for n in range(8)
)
COMMENTS = "".join(
    f'<li class="comment"><cite>Reader {n}</cite><p>I have kept a boat here for {n + 20} years and nobody asked me '
    "what I thought of the breakwater, which will only move the sand to the other side.</p></li>"
    for n in range(6)
)
PAGE = Page(
    f"<!doctype html><html lang=en><title>Breakwater approved</title><body><nav><a href=/>Home</a></nav><article>"
    f"<h1>Breakwater approved</h1>{ARTICLE}</article><section id=comments><h2>6 comments</h2>"
    f'<ol class="comment-list">{COMMENTS}</ol></section><footer>Harbour Post</footer></body></html>'
)


def test_comments_under_an_article_are_removed_under_their_name() -> None:
    cleaned = clean(PAGE)
    assert "Paragraph 7 of the report" in cleaned.text
    assert "kept a boat here" not in cleaned.text
    assert {mark.reason for block, mark in cleaned.dropped if "kept a boat" in block.text} == {"comments"}


def test_comments_stay_if_the_user_wants_them() -> None:
    text = clean(PAGE, options=CleanOptions(comments="keep")).text
    assert text.count("kept a boat here") == 6
    assert "Paragraph 7 of the report" in text


HINTS = [Mark(block, "hint", "comments", "comment_element: “comment”") for block in (3, 4)]


@pytest.mark.parametrize(
    ("kinds", "words_before", "found"),
    [
        ({"article": 0.99, "forum": 0.01}, 10, [3, 4]),
        ({"article": 0.7, "forum": 0.3}, 400, [3, 4]),
        ({"article": 0.7, "forum": 0.3}, 40, []),
        ({"article": 0.2, "forum": 0.8}, 400, []),
        ({"product": 0.9, "forum": 0.0}, 400, []),
    ],
    ids=["surely no thread", "an article before them", "a short post before them", "a thread", "reviews of a product"],
)
def test_the_kind_of_page_decides_whether_comments_are_removed(
    kinds: dict[str, float], words_before: int, found: list[int]
) -> None:
    words = np.array([0.0, words_before, 0.0, 30.0, 30.0, 2.0])
    kept = np.array([False, True, False, True, True, False])
    assert comment_blocks(HINTS, kinds, words, kept) == found


def test_a_page_without_comments_loses_nothing() -> None:
    assert comment_blocks([], {"article": 1.0}, np.ones(3), np.ones(3, np.bool_)) == []
