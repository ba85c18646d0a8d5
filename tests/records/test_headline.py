"""The headline of the article, without the site's name, as the page writes it."""

from __future__ import annotations

import json

import pytest

from cleaners import Page
from pipelines.record.build import record_of
from tests.records.making import PARAGRAPH, article, page_of, record

FERRY = "Council keeps the winter ferry"


@pytest.mark.parametrize(
    "head",
    [
        f"<title>{FERRY} | Harbour Post</title>",
        f"<title>{FERRY} - Harbour Post</title>",
        f"<title>{FERRY} &#8226; Harbour Post</title>",
        f"<title>Harbour Post: {FERRY}</title>",
        f"<title>{FERRY} ~ News ~ Harbour Post</title>",
    ],
)
def test_the_sites_name_is_removed_whatever_separates_it_from_the_headline(head: str) -> None:
    head += '<meta property="og:site_name" content="Harbour Post">'
    assert article(page_of(head, f"<h1>{FERRY}</h1>")).headline == FERRY


def test_without_a_heading_the_title_is_cut_where_the_share_title_ends() -> None:
    head = f'<title>{FERRY} » Harbour Post</title><meta property="og:title" content="{FERRY}">'
    assert article(page_of(head)).headline == FERRY


def test_a_heading_that_holds_the_sites_name_is_not_the_headline() -> None:
    head = f'<title>{FERRY} | Harbour Post</title><meta property="og:title" content="{FERRY}">'
    above = f'<h2 class="article-title">{FERRY}</h2>'
    markup = page_of(head, above).replace("<main>", '<header><h1><a href="/">Harbour Post</a></h1></header><main>')
    assert article(markup).headline == FERRY


def test_a_dash_that_belongs_to_the_headline_stays() -> None:
    line = "Ferry – or bridge? The town decides"
    head = f'<title>{line} | Harbour Post</title><meta property="og:site_name" content="Harbour Post">'
    assert article(page_of(head, f"<h1>{line}</h1>")).headline == line


def test_entities_and_odd_spaces_are_read_as_a_reader_sees_them() -> None:
    above = "<h1>Fish &amp;amp; chips:\u00a0the\u00adatre  night</h1>"
    assert article(page_of("<title>Fish &amp; chips: theatre night</title>", above)).headline == (
        "Fish & chips: theatre night"
    )


def test_what_looks_like_a_tag_in_a_heading_is_text_and_in_the_code_is_markup() -> None:
    shown = "<title>Thirty years of &lt;br&gt; tags - Post</title>"
    assert article(page_of(shown, "<h1>Thirty years of &lt;br&gt; tags</h1>")).headline == "Thirty years of <br> tags"
    marked = '<meta property="og:title" content="Thirty &lt;em&gt;years&lt;/em&gt; of ferries">'
    assert article(page_of(marked)).headline == "Thirty years of ferries"


def test_capitals_give_way_to_the_same_words_in_normal_case() -> None:
    head = f'<title>{FERRY}</title><meta property="og:title" content="{FERRY}">'
    assert article(page_of(head, f"<h1>{FERRY.upper()}</h1>")).headline == FERRY


def test_icon_titles_inside_a_heading_are_not_part_of_the_headline() -> None:
    above = f"<h1><svg><title>chevron right</title></svg>{FERRY}</h1>"
    assert article(page_of(f"<title>{FERRY}</title>", above)).headline == FERRY


def test_the_headline_is_not_repeated_at_the_start_of_the_body() -> None:
    made = record(page_of(f"<title>{FERRY}</title>", f"<h1>{FERRY}</h1>"))
    assert FERRY not in made.article.body
    assert made.article.body.startswith("The council")


def test_the_choice_names_source_raw_text_and_runner_up() -> None:
    head = f"<title>{FERRY} | Harbour Post</title>"
    made = record(page_of(head, f"<h1>{FERRY}</h1><h2>Three more winters</h2>"))
    choice = next(d for d in made.choices if d.field == "headline")
    assert (choice.value, choice.source, choice.raw) == (FERRY, "h1", FERRY)
    assert choice.runner_up


def test_a_dump_gives_its_headline_date_and_author() -> None:
    dump = f"3 May 2021 18:20\n\n{FERRY}\n\nBy Ada Brandt\n\n" + f"{PARAGRAPH}\n\n" * 4
    made = record_of(Page(dump, markup="text", source_type="text")).article
    assert (made.headline, made.date_published, made.authors) == (FERRY, "2021-05-03T18:20", ["Ada Brandt"])
    assert made.date_published_source == "dump"


def test_values_stated_beside_a_dump_win_over_its_lines() -> None:
    stated = (("headline", "Ferry stays"), ("date", "2021-05-04"))
    made = record_of(Page(f"{FERRY}\n\n" + f"{PARAGRAPH}\n\n" * 4, markup="text", stated=stated)).article
    assert (made.headline, made.date_published) == ("Ferry stays", "2021-05-04")


@pytest.mark.parametrize("sign", ["_", "--", "－", "-", "|", " - ", "｜"])
def test_a_chinese_title_is_cut_at_tight_separators(sign: str) -> None:
    body = "渡轮将于下周复航，票价不变，船员已经到位，居民对此表示欢迎，港务局说冬天也会照常开船。" * 4
    head = f"<title>渡轮下周在港口复航{sign}新闻中心{sign}港口网</title>"
    made = article(page_of(head, "<font size=5>渡轮下周在港口复航</font>", language="zh", body=body))
    assert made.headline == "渡轮下周在港口复航"


@pytest.mark.parametrize("heading", ["显示", "导航", "港口网"])
def test_a_chinese_heading_that_is_a_button_or_the_site_loses_against_the_title(heading: str) -> None:
    body = "渡轮将于下周复航，票价不变，船员已经到位，居民对此表示欢迎，港务局说冬天也会照常开船。" * 4
    head = "<title>渡轮下周在港口复航_港口网</title>"
    made = article(page_of(head, f"<h1>{heading}</h1><p>2005-3-12 10:22</p>", language="zh", body=body))
    assert made.headline == "渡轮下周在港口复航"


def test_a_kicker_inside_the_heading_is_not_part_of_the_headline() -> None:
    head = '<title>Harbour Post</title><meta property="og:title" content="Council keeps the winter ferry">'
    above = "<h1><span>Opinion</span> Council keeps the winter ferry</h1>"
    assert article(page_of(head, above)).headline == "Council keeps the winter ferry"


def test_a_share_title_that_is_cut_short_gives_way_to_the_whole() -> None:
    head = '<meta property="og:title" content="Council keeps the winter ferry running through...">'
    above = "<h1>Council keeps the winter ferry running through the whole of January</h1>"
    assert (
        article(page_of(head, above)).headline == "Council keeps the winter ferry running through the whole of January"
    )


def test_a_headline_that_the_code_cuts_short_is_given_whole() -> None:
    whole = "Council keeps the winter ferry running through the whole of January and February"
    short = "Council keeps the winter ferry running through the whole of January and..."
    node = json.dumps({"@type": "NewsArticle", "headline": short})
    head = (
        f'<title>{whole} | Harbour Post</title><meta property="og:title" content="{short}">'
        f'<meta name="twitter:title" content="{short}"><script type="application/ld+json">{node}</script>'
    )
    assert article(page_of(head, f"<h2>{whole}</h2>")).headline == whole


def test_a_heading_that_the_title_shares_with_the_link_to_the_front_page_is_the_sites_name() -> None:
    head = "<title>Nachtfähre | Lautlos auf dem Fluss</title>"
    above = '<h1><a href="/">Nachtfähre</a></h1><h2>Lautlos auf dem Fluss</h2>'
    made = article(page_of(head, above, language="de"))
    assert (made.headline, made.site_name) == ("Lautlos auf dem Fluss", "Nachtfähre")


def test_a_chinese_headline_that_only_the_date_line_below_it_tells_is_found() -> None:
    title = "<title>新闻动态--港口学会</title>"
    headline = "港口学会年会在东港举行，代表来自各地"
    above = f"<p>首页 - 新闻动态</p><p>{headline}</p><p>发布时间：2019-05-18 来源：港口学会</p>"
    body = "港口学会的年会在东港举行，来自各地的代表参加了会议，会后参观了码头和图书馆。" * 4
    assert article(page_of(title, above, language="zh", body=body)).headline == headline
