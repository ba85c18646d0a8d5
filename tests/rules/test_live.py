"""Live blogs: posts that each have a time stay together, in the page's order."""

import json
import time

import pytest

from cleaners import CleanOptions, Page
from cleaners.document import CleanerResult, Mark
from cleaners.plan import clean, document_of
from cleaners.rules.live_blog import FLAG, keep_live_posts

OPTIONS = CleanOptions()
NOTES = [f"Note {n}: the water has risen by {n + 2} centimetres since the last look." for n in range(12)]
CLAIM = f'<script type="application/ld+json">{json.dumps({"@type": "LiveBlogPosting", "headline": "Flood"})}</script>'
WRAPPED = "".join(f"<div class=post><time>{9 + n}:15</time><p>{note}</p><a href=#>Share</a></div>"
                  for n, note in enumerate(NOTES))  # fmt: skip
FLAT = "".join(f"<h4><time>{9 + n}:15</time></h4><p>{note}</p>" for n, note in enumerate(NOTES))
MICRODATA = "".join(f"<div itemprop=liveBlogUpdate><b>9:{n}</b><p>{note}</p></div>" for n, note in enumerate(NOTES))
LATEST = "".join(f"<li class=new><time>{n}:10</time><a href=/{n}>Another report of the day {n}</a>" for n in range(20))


def html_of(posts: str, head: str = "", title: str = "The flood") -> str:
    aside = f"<aside><ul>{LATEST}</ul></aside>"
    return f"<html><head><title>{title}</title>{head}</head><body><h1>The flood</h1><main>{posts}</main>{aside}</body>"


def verdict_of(html: str, url: str | None = None) -> tuple[CleanerResult, list[str]]:
    document = document_of(Page(html, url=url))
    dropped = [Mark(block.index, "drop", "boilerplate", "") for block in document.blocks]
    verdict = keep_live_posts(document, dropped, OPTIONS)
    return verdict, [document.blocks[mark.block].text for mark in verdict.marks]


@pytest.mark.parametrize("posts", [WRAPPED, FLAT, MICRODATA], ids=["wrapped", "flat", "microdata"])
def test_every_post_of_a_stated_live_blog_is_kept_and_the_list_of_other_reports_is_not(posts: str) -> None:
    verdict, kept = verdict_of(html_of(posts, CLAIM))
    assert verdict.flags == (FLAG,)
    assert kept == NOTES


def test_a_run_of_posts_is_a_live_blog_if_class_names_say_so() -> None:
    assert verdict_of(html_of(f"<div class=live-blog>{WRAPPED}</div>", title="The flood live"))[1] == NOTES
    assert verdict_of(html_of(WRAPPED), "https://a.example/live/the-flood")[1] == NOTES


@pytest.mark.parametrize(
    "slip", [CLAIM.replace('"Flood"', '"Flood",'), CLAIM.replace("{", "<!-- {").replace("}", "} -->")]
)
def test_a_live_blog_with_faulty_json_is_recognised(slip: str) -> None:
    assert verdict_of(html_of(WRAPPED, slip))[0].flags == (FLAG,)


def test_dated_teasers_comments_and_a_page_about_live_blogs_are_not_live_blogs() -> None:
    assert verdict_of(html_of(WRAPPED))[0].flags == ()
    assert verdict_of(html_of(WRAPPED, title="Where lizards live"))[0].flags == ()
    listed = CLAIM.replace("LiveBlogPosting", "ItemList").replace('"Flood"', '{"@type": "LiveBlogPosting"}')
    assert verdict_of(html_of(WRAPPED, listed))[0].flags == ()


def test_blocks_that_a_rule_dropped_stay_dropped() -> None:
    document = document_of(Page(html_of(WRAPPED, CLAIM)))
    dropped = [Mark(block.index, "drop", "advertisement", "") for block in document.blocks]
    assert keep_live_posts(document, dropped, OPTIONS).marks == []


def test_the_record_of_a_live_blog_has_its_posts_in_order_and_a_flag() -> None:
    cleaned = clean(Page(html_of(f"<div class=live-blog>{WRAPPED}</div>", CLAIM)))
    assert FLAG in cleaned.flags
    places = [cleaned.text.find(note) for note in NOTES]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize(
    "posts",
    [
        "<div class=time>" * 15_000 + "words of a post " * 5_000,
        "<p>9:15<p>9:16<div class=time><p>9:17" * 10_000,
        f"<div itemprop=liveBlogUpdate><p>{NOTES[0]}" * 10_000,
    ],
    ids=["times inside times", "posts inside posts", "updates inside updates"],
)
def test_nested_posts_cost_no_more_than_their_length(posts: str) -> None:
    start = time.process_time()
    verdict_of(html_of(posts, CLAIM, title="The flood live"))
    assert time.process_time() - start < 5
