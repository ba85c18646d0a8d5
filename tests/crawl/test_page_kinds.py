"""Front pages, forms and threads are not articles, even with long prose, a date and an author."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cleaners.page import Page
from crawler.pages.reading import read_page
from pipelines.record.build import record_of
from pipelines.record.kinds.page_facts import is_index, page_facts

PAGES = Path(__file__).parents[1] / "pages"
MENU = '<nav><a href="/">Harbour notes</a> <a href="/about">About</a> <a href="/archive">Archive</a></nav>'
SENTENCES = (
    "The ferry came back on Monday after six winters in the yard, and half the town stood on the quay to see it.",
    "Nobody had thought that the old engine would start again, least of all the man who had repaired it.",
    "Tickets cost what they cost before, which surprised the council more than it surprised the passengers.",
    "In the evening the crew sat on the rail, ate fried herring out of paper and counted the bicycles on board.",
)


def post(number: int) -> str:
    """A whole post of a blog, with its headline, author and day."""
    text = "".join(f"<p>{' '.join(SENTENCES[k:] + SENTENCES[:k])}</p>" for k in range(3))
    return (
        f'<article class="post"><h1><a rel="bookmark" href="/2024/05/{number:02}/day-{number}-of-the-old-ferry">Day '
        f"{number} of the old ferry on its new line</a></h1><p class='byline'>By <a rel='author'>Ada Quill</a>, "
        f'<time datetime="2024-05-{number:02}">{number} May 2024</time></p>{text}</article>'
    )


def page(path: str, main: str, head: str = "") -> Page:
    markup = f"<html><head><title>Harbour notes</title>{head}</head><body>{MENU}<main>{main}</main></body></html>"
    return Page(markup.encode(), url=f"https://notes.example{path}")


@pytest.mark.parametrize("path", ["/", "/index.php", "/blog/"])
def test_the_front_page_of_a_blog_is_no_article_though_it_shows_whole_posts(path: str) -> None:
    turner = '<div class="pagination"><a href="/page/2">Older</a></div>'
    front = page(path, "".join(map(post, range(9, 1, -1))) + turner)
    assert record_of(front).article.is_article is False


def test_a_post_at_its_own_address_is_an_article() -> None:
    share = '<div class="share">Share this: <a>Facebook</a> <a>Twitter</a></div>'
    alone = page("/2024/05/03/day-3-of-the-old-ferry", post(3) + share)
    assert record_of(alone).article.is_article is True


def test_a_form_for_an_account_is_no_article_though_it_has_a_paragraph_of_prose() -> None:
    fields = "".join(f'<label>Field {n} <input name="f{n}"></label>' for n in range(14))
    form = f'<h1>Create account</h1><p>{" ".join(SENTENCES)}</p><form>{fields}<input type="password"></form>'
    assert record_of(page("/members/new", form)).article.is_article is False


def test_a_thread_is_no_article_but_a_crawl_writes_it() -> None:
    content = (PAGES / "2011-forum-thread" / "page.html").read_bytes()
    thread = Page(content, url="https://boards.example/boats/a-thread-about-the-bilge-pump")
    assert record_of(thread).article.page_kind == "forum"
    assert record_of(thread).article.is_article is False
    assert read_page(thread).kind == "article"


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("/index.html", True),
        ("/en/", True),
        ("/de/start.php", True),
        ("/forum/", True),
        ("/index/of-prices-rises-again", False),
        ("/news/index-of-prices.html", False),
    ],
)
def test_usual_addresses_of_front_pages_are_recognised(path: str, is_one: bool) -> None:
    assert is_index(path) is is_one


def test_facts_about_the_place_of_the_body_are_shares() -> None:
    record = record_of(page("/2024/05/03/day-3-of-the-old-ferry", post(3)))
    facts = page_facts(record.article, record.cleaned)
    assert 0.8 < facts["paragraph_share"] <= 1
    assert facts["one_element_share"] == 1
    assert 0.5 < facts["body_share"] < 1


def test_lists_of_pages_are_counted_by_their_classes_however_these_are_written() -> None:
    lists = "<div class=PageNav>1 2</div><ul class='list Pagination'><li>1</ul><div class=PageNav>3</div>"
    record = record_of(page("/2024/05/03/day-3-of-the-old-ferry", f"{post(3)}{lists}<p class=page>Day 3</p>"))
    assert page_facts(record.article, record.cleaned)["page_turners"] == 3


def test_the_explanation_names_the_rules_that_decided() -> None:
    record = record_of(page("/index.php", "".join(map(post, range(9, 1, -1)))))
    choice = next(choice for choice in record.choices if choice.field == "is_article")
    assert "address_of_an_index" in str(choice.raw)
    assert "several_main_headings" in str(choice.raw)


def test_precision_counts_only_pages_that_are_clearly_no_articles() -> None:
    kinds = np.array(["article", "article", "product", "forum"])
    from benchmarks.crawl.page_rates import recall_and_precision  # loads LightGBM

    said = recall_and_precision(np.array([True, False, True, True]), kinds)
    assert said == "recall 0.500, precision 0.500 against 1 other pages"


def test_pages_read_by_eye_have_a_kind_and_a_reason() -> None:
    from benchmarks.crawl.page_rates import kinds_read

    assert set(kinds_read().values()) <= {"article", "listing", "product", "page with a form", "thread", "none"}
