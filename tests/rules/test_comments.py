"""Readers' comments are not part of the body of an article, but they are the body of a thread."""

from __future__ import annotations

import numpy as np
import pytest

from cleaners import clean
from cleaners.document import Mark
from cleaners.options import CleanOptions
from cleaners.page import Page
from cleaners.rules.comments import comment_blocks
from cleaners.rules.page_forms import Form

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
    ("kinds", "words_before", "stated", "found"),
    [
        ({"article": 0.99, "forum": 0.01}, 25, None, [3, 4]),
        ({"article": 0.99, "forum": 0.01}, 5, None, []),
        ({"article": 0.7, "forum": 0.3}, 400, None, [3, 4]),
        ({"article": 0.7, "forum": 0.3}, 40, None, []),
        ({"article": 0.7, "forum": 0.3}, 40, "article", [3, 4]),
        ({"article": 0.2, "forum": 0.8}, 40, "article", [3, 4]),
        ({"article": 0.7, "forum": 0.3}, 400, "thread", []),
        ({"article": 0.2, "forum": 0.8}, 400, None, []),
        ({"product": 0.9, "forum": 0.0}, 400, None, []),
    ],
    ids=[
        "surely no thread",
        "the text of a page under the name of comments",
        "an article before them",
        "a short post before them",
        "a short article that says so",
        "an article that looks like a thread",
        "a thread that says so",
        "a thread",
        "reviews of a product",
    ],
)
def test_the_kind_of_page_and_what_it_says_decide_whether_comments_are_removed(
    kinds: dict[str, float], words_before: int, stated: Form | None, found: list[int]
) -> None:
    words = np.array([0.0, words_before, 0.0, 30.0, 30.0, 2.0])
    kept = np.array([False, True, False, True, True, False])
    assert comment_blocks(HINTS, kinds, words, kept, stated) == found


def comments_of(before: str, comments: str, head: str = "") -> list[bool]:
    """Whether the article's paragraph, and each of the four comments, are left in the body."""
    page = f"<!doctype html><html lang=en><head>{head}<title>Breakwater</title></head><body>{before}{comments}</body>"
    text = clean(page).text
    return ["Paragraph 0 of the report" in text, *(f"Reader {n} kept" in text for n in range(4))]


SHORT = "<h1>Breakwater approved</h1>" + ARTICLE.partition("<p>Paragraph 2")[0]
LINES = [
    f"Reader {n} kept a boat here for {n + 20} years, and nobody asked what the boats think of the breakwater, "
    f"which will only move the sand to the other side, as in the days of the old pier. {'And so it goes on. ' * 40}"
    for n in range(4)
]
BLOG = '<meta name="generator" content="WordPress 3.1">'


def test_comments_are_known_however_much_of_the_page_they_are() -> None:
    items = "".join(f"<li class=comment><p>{line}</p></li>" for line in LINES * 8)
    shown = comments_of(f"<div class=entry>{SHORT}</div>", f"<ol class=comments>{items}</ol>", BLOG)
    assert shown == [True, False, False, False, False]


@pytest.mark.parametrize("name", ["commentbody", "usercomment", "bComment", "itemcomment"])
def test_comments_are_known_by_glued_names(name: str) -> None:
    items = "".join(f"<div class={name}>{line}</div>" for line in LINES)
    assert comments_of(f"<div class=entry>{SHORT}</div>", items, BLOG) == [True, False, False, False, False]


@pytest.mark.parametrize("name", ["commentary", "commentator-text"])
def test_a_commentary_is_no_comment(name: str) -> None:
    items = "".join(f"<div class={name}><p>{line}</p></div>" for line in LINES)
    assert comments_of(f"<div class=entry>{SHORT}", f"{items}</div>", BLOG) == [True, True, True, True, True]


@pytest.mark.parametrize(
    "heading",
    ["Comments", "4 Responses", "Vos commentaires", "4 thoughts on “Breakwater”", "תגובות (4)", "Condolences for Ann"],
)
def test_comments_without_names_are_known_by_their_heading(heading: str) -> None:
    items = "".join(f"<li><p>{line}</p><i>Ann, May {n + 2}, 2011 at 7:20 pm</i></li>" for n, line in enumerate(LINES))
    under = f"<h3>{heading}</h3><ol>{items}</ol>"
    assert comments_of(f"<div class=entry>{SHORT}</div>", under, BLOG) == [True, False, False, False, False]


def test_paragraphs_that_nobody_signs_are_no_comments_under_any_heading() -> None:
    section = "".join(f"<p>{line}</p>" for line in LINES)
    shown = comments_of(f"<div class=entry>{SHORT}", f"<h3>Comments</h3>{section}</div>", BLOG)
    assert shown == [True, True, True, True, True]


def test_a_number_of_comments_over_an_article_does_not_make_it_a_comment() -> None:
    top = "<p>4 Comments</p><p>May 3, 2011</p>"
    items = "".join(f"<li class=comment><p>{line}</p></li>" for line in LINES)
    shown = comments_of(f"<div class=entry>{top}{SHORT}</div>", f"<ol class=comments>{items}</ol>", BLOG)
    assert shown == [True, False, False, False, False]


def test_a_page_without_comments_loses_nothing() -> None:
    assert comment_blocks([], {"article": 1.0}, np.ones(3), np.ones(3, np.bool_)) == []


@pytest.mark.parametrize(
    ("heading", "signature"),
    [("コメント5件", "麦田パン 2時間前"), ("4 commentaires", "Anne, il y a 3 jours"), ("评论 (4)", "麦子 3小时前")],
)
def test_comments_are_signed_with_how_long_ago_they_were_written(heading: str, signature: str) -> None:
    items = "".join(f"<li><i>{signature}</i><p>{line}</p></li>" for line in LINES)
    under = f"<h3>{heading}</h3><ol>{items}</ol>"
    assert comments_of(f"<div class=entry>{SHORT}</div>", under, BLOG) == [True, False, False, False, False]
