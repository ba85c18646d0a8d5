"""The dates of a page: published and modified are separate, and dates of other things are not used."""

from __future__ import annotations

import json

import pytest

from tests.records.making import article, page_of

TITLE = "<title>Council keeps the winter ferry</title>"
HEADING = "<h1>Council keeps the winter ferry</h1>"


def linked(**values: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Council keeps the winter ferry"}
    return f'<script type="application/ld+json">{json.dumps(node | values)}</script>'


def test_published_and_modified_are_kept_apart_with_raw_text_and_source() -> None:
    head = TITLE + linked(datePublished="2021-05-03T18:20:00+02:00", dateModified="2021-05-04T09:00:00+02:00")
    made = article(page_of(head, HEADING))
    assert made.date_published == "2021-05-03T18:20:00+02:00"
    assert (made.date_published_raw, made.date_published_source) == ("2021-05-03T18:20:00+02:00", "json_ld")
    assert made.date_modified == "2021-05-04T09:00:00+02:00"


def test_neither_date_is_filled_from_the_other() -> None:
    made = article(page_of(TITLE + linked(datePublished="2021-05-03"), HEADING))
    assert (made.date_published, made.date_modified) == ("2021-05-03", None)


@pytest.mark.parametrize(
    ("head", "above"),
    [
        ('<meta property="article:published_time" content="2021-05-03T18:20:00Z">', ""),
        ("", '<p class="byline">By Ada Brandt | <time datetime="2021-05-03T18:20:00Z">May 3</time></p>'),
        ("", '<span itemprop="datePublished" content="2021-05-03T18:20:00Z">3.5.</span>'),
        ("", '<p class="date">3 May 2021</p>'),
        ("", "<p>Published: May 3, 2021</p>"),
    ],
)
def test_each_place_that_states_the_date_is_enough(head: str, above: str) -> None:
    made = article(page_of(TITLE + head, HEADING + above))
    assert (made.date_published or "")[:10] == "2021-05-03"


@pytest.mark.parametrize(
    "below",
    [
        "<footer>© Copyright 3 May 2021 Harbour Post</footer>",
        '<div class="comments"><div class="comment"><time datetime="2021-05-09">9 May</time> Yes</div></div>',
        '<aside class="related"><a href="/b">Bridge opens</a> <span>4 June 2021</span></aside>',
        '<div class="event">The fair opens on 7 June 2031.</div>',
        '<p><a href="/c">The harbour master of the northern isles resigns after a winter</a> 3 May 2021</p>' * 3,
    ],
)
def test_dates_of_other_things_are_not_the_articles(below: str) -> None:
    assert article(page_of(TITLE, HEADING, below)).date_published is None


def test_a_date_in_a_box_by_the_headline_does_not_replace_the_one_that_the_code_states() -> None:
    head = f'{TITLE}<meta property="article:published_time" content="2021-05-03T18:20:00+02:00">'
    box = "<p>Harbour Post</p><aside><p>Timetable</p><p>4 May 2023</p></aside>"
    assert article(page_of(head, HEADING + box)).published_day == "2021-05-03"


def test_a_long_line_that_begins_with_the_label_of_a_date_is_a_date_line() -> None:
    line = "发布时间：2009-02-12 来源：港城交通局 作者：王小明 浏览次数：1203 字体：大 中 小 【打印】【关闭】"
    below = (
        "<table><tr><td>版权所有 港城交通局 Copyright 2005-2011</td></tr><tr><td>最后更新：2011-09-05</td></tr></table>"
    )
    body = "渡轮将于下周复航，票价不变，船员已经到位，居民对此表示欢迎，港务局说冬天也会照常开船。" * 3
    above = f"<h1>渡轮下周在港口复航</h1><p>{line}</p>"
    markup = page_of("<title>渡轮下周在港口复航</title>", above, below, language="zh", body=body)
    assert article(markup).published_day == "2009-02-12"


def test_a_date_in_the_future_of_the_fetch_is_not_accepted() -> None:
    markup = page_of(TITLE + linked(datePublished="2031-05-03T18:20:00Z"), HEADING)
    assert article(markup, fetched_at="2024-05-01T12:00:00+00:00").date_published is None
    assert article(markup, fetched_at="2031-05-04T12:00:00+00:00").date_published == "2031-05-03T18:20:00+00:00"


def test_a_local_time_ahead_of_utc_is_not_the_future() -> None:
    markup = page_of(TITLE + linked(datePublished="2024-05-02T00:30"), HEADING)
    assert article(markup, fetched_at="2024-05-01T23:00:00+00:00").date_published == "2024-05-02T00:30"


def test_a_relative_time_needs_the_time_of_the_fetch() -> None:
    markup = page_of(TITLE, HEADING + '<p class="byline"><time>3 hours ago</time></p>')
    assert article(markup).date_published is None
    assert article(markup, fetched_at="2024-05-01T12:00:00+00:00").date_published == "2024-05-01"


@pytest.mark.parametrize(
    ("language", "url", "expected"),
    [
        ("de", "https://hafen.example.de/a", "2021-04-11"),
        ("en-US", "https://harbour.example.com/a", "2021-11-04"),
    ],
)
def test_country_and_language_decide_the_order_of_day_and_month(language: str, url: str, expected: str) -> None:
    above = HEADING + '<p class="date">11/04/2021</p>'
    assert article(page_of(TITLE, above, language=language), url).date_published == expected


def test_another_statement_of_the_date_decides_the_order_of_day_and_month() -> None:
    head = TITLE + '<meta property="article:modified_time" content="2021-04-11T10:00:00Z">'
    above = HEADING + '<p class="date">11/04/2021</p>'
    assert (article(page_of(head, above, language="en-US")).date_published or "")[:10] == "2021-04-11"


BROKEN = '{"@type": "NewsArticle", "headline": "The ferry stays for winter", "datePublished": "2021-05-03T18:20:00Z"'


@pytest.mark.parametrize(
    "script",
    [
        BROKEN + ",}",
        f"<!-- {BROKEN}}} -->",
        f"//<![CDATA[\n{BROKEN}}}\n//]]>",
        BROKEN.replace("ferry", "ferry\tand\nmore") + "}",
        BROKEN + '} {"@type": "WebSite", "name": "Harbour Post"}',
        f'{{"@graph": [{BROKEN}}}, {{"@type": "Organization", "name": "Harbour Post"}}]}}',
        BROKEN + ', "articleBody": "He said "no" and left"}',
        BROKEN,
    ],
)
def test_broken_json_ld_still_states_its_date(script: str) -> None:
    head = f'{TITLE}<script type="application/ld+json">{script}</script>'
    assert article(page_of(head, HEADING)).date_published == "2021-05-03T18:20:00+00:00"


@pytest.mark.parametrize(
    ("head", "above"),
    [
        (linked(dateModified="2021-05-04T09:00:00Z"), ""),
        ('<meta property="article:modified_time" content="2021-05-04T09:00:00Z">', ""),
        ("", "<p>Last updated: May 4, 2021</p>"),
        ("", "<p>Aktualisiert: 4. Mai 2021</p>"),
        ("", "<p>This page was last edited on May 4, 2021</p>"),
    ],
)
def test_a_change_is_used_as_publication_if_there_is_no_other_date_and_is_marked(head: str, above: str) -> None:
    made = article(page_of(TITLE + head, HEADING + above))
    assert ((made.date_published or "")[:10], made.date_published_source) == ("2021-05-04", "modified")
    assert made.date_modified == made.date_published
    assert made.date_modified_source != "modified"


def test_edited_by_before_a_publication_date_is_not_a_change() -> None:
    made = article(page_of(TITLE, HEADING + "<p>Edited by Ada Brandt, published on May 4, 2021</p>"))
    assert (made.date_published, made.date_published_source) == ("2021-05-04", "text")


def test_a_change_does_not_replace_a_stated_publication() -> None:
    head = TITLE + linked(datePublished="2021-05-03", dateModified="2021-06-04")
    made = article(page_of(head, HEADING))
    assert (made.date_published, made.date_published_source) == ("2021-05-03", "json_ld")
    assert made.date_modified == "2021-06-04"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("2021/5/3/ferry", "2021-05-03"),
        ("2021-05-03-ferry", "2021-05-03"),
        ("20210503-ferry", "2021-05-03"),
        ("03-05-2021", "2021-05-03"),
        ("2021/12/ferry", None),
        ("2021/08/3-reasons", None),
        ("ferry-2021-12_stays", None),
        ("a/1202105031", None),
    ],
)
def test_an_address_states_a_day_only_if_it_has_year_month_and_day(path: str, expected: str | None) -> None:
    made = article(page_of(TITLE, HEADING), f"https://harbour.example/{path}")
    assert (made.date_published, made.date_published_source) == (expected, "url" if expected else None)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ('<script>window.page = {"id": 7, "publishedAt": "2021-05-03T18:20:00Z"}</script>', "2021-05-03"),
        ('<script>push("{\\"first_published_at\\":\\"2021-05-03T18:20:00Z\\"}")</script>', "2021-05-03"),
        ('<div data-page="{&quot;datePublished&quot;:&quot;2021-05-03&quot;}"></div>', "2021-05-03"),
        ('<div data-pub_date="2021-05-03"></div>', "2021-05-03"),
        ("<script>let story = {createdAt: 1620058800000}</script>", "2021-05-03"),
        ('<script>var ct = "1620058800";</script>', "2021-05-03"),
        ('<script>page = {"pubtime": "2021-05-03 18:20:00"}</script>', "2021-05-03"),
        ("<script>var createTime = '2021-05-03 18:20';</script>", "2021-05-03"),
        ('<script>window.page = {"updatedAt": "2021-05-03T18:20:00Z"}</script>', None),
        ('<script>window.user = {"user_created": "2021-05-03"}</script>', None),
        ('<script>window.page = {"publisher": "2021-05-03 Press"}</script>', None),
    ],
)
def test_the_json_for_scripts_gives_the_date_if_nothing_else_does(state: str, expected: str | None) -> None:
    made = article(page_of(TITLE, HEADING, state))
    assert (made.date_published or "")[:10] == (expected or "")
    assert made.date_published_source == ("state" if expected else None)


def test_the_json_for_scripts_does_not_override_a_stated_date() -> None:
    head = TITLE + linked(datePublished="2021-05-03")
    state = '<script>window.page = {"publishedAt": "2020-01-01T18:20:00Z"}</script>'
    assert article(page_of(head, HEADING, state)).date_published == "2021-05-03"


@pytest.mark.parametrize(
    "parts", [("2021", "05/03", "08:00:21"), ("03", "2021-5"), ("03", "May", "2021"), ("2021-05-0308:00",)]
)
def test_a_date_in_several_blocks_is_read_together(parts: tuple[str, ...]) -> None:
    line = "".join(f"<div>{part}</div>" for part in parts)
    assert (article(page_of(TITLE, HEADING + line)).date_published or "")[:10] == "2021-05-03"


@pytest.mark.parametrize("clock", ["今天是2024年3月5日 星期二", "Сегодня 5 марта 2024"])
def test_the_clock_of_a_page_is_not_its_date(clock: str) -> None:
    assert article(page_of(TITLE, f"<div>{clock}</div>{HEADING}")).date_published is None


def test_a_date_line_under_the_lead_gives_the_date_whatever_its_element_is_called() -> None:
    lead = "<p>The council of the small harbour town voted to keep the ferry running all through the coming winter, "
    lead += "although few people cross the bay.</p>"
    line = '<div class="related-meta"><time datetime="2021-05-03">3 May 2021</time></div>'
    assert article(page_of(TITLE, HEADING + lead + line)).date_published == "2021-05-03"
    assert article(page_of(TITLE, HEADING + lead, line)).date_published is None


def test_one_element_for_both_dates_is_the_publication() -> None:
    above = HEADING + '<time class="entry-date published updated" datetime="2021-05-03T18:20:00+02:00">3 May</time>'
    assert article(page_of(TITLE, above)).date_published == "2021-05-03T18:20:00+02:00"


@pytest.mark.parametrize("empty", ["1970-01-01T00:00:00Z", "1969-12-31T19:00:00-05:00", "1969-12-31"])
def test_the_start_of_unix_time_is_not_a_date(empty: str) -> None:
    assert article(page_of(linked(datePublished=empty), HEADING)).date_published is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2005年03月12日 10:22 来源：港口日报", "2005-03-12T10:22"),
        ("2005-3-12 10:22:05　来源：港口日报　作者：王小明", "2005-03-12T10:22:05"),
        ("发布时间：2005-03-12 点击：1024", "2005-03-12"),
        ("时间：2005年3月12日", "2005-03-12"),
        ("发表于 2005/03/12", "2005-03-12"),
    ],
)
def test_the_date_line_of_an_old_chinese_portal_is_read(line: str, expected: str) -> None:
    body = "渡轮将于下周复航，票价不变，船员已经到位，居民对此表示欢迎，港务局说冬天也会照常开船。" * 4
    markup = page_of(
        "<title>渡轮复航_港口网</title>", f"<div>渡轮复航</div><div>{line}</div>", language="zh", body=body
    )
    assert article(markup, url="http://gangkou.example/n/8123.htm").date_published == expected


def test_the_day_is_that_of_the_offset_that_the_page_states() -> None:
    made = article(page_of(linked(datePublished="2021-05-03T23:30:00-05:00"), HEADING))
    assert (made.date_published or "")[:10] == "2021-05-03"
    assert made.published_at == "2021-05-04T04:30:00Z"


def test_a_change_that_is_older_than_the_publication_does_not_replace_it() -> None:
    node = {"@type": "NewsArticle", "datePublished": "2023-10-31T08:00:00Z", "dateModified": "2023-10-10T09:00:00Z"}
    head = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    assert article(page_of(head, HEADING)).published_day == "2023-10-31"
