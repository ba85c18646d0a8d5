from __future__ import annotations

import time

import pytest

from cleaners.page import Page
from crawler.pages.reading import read_page
from crawler.urls.spelling import one_spelling, site_of, within
from pipelines.record.kinds.link_kinds import LinkRule, link_kind, link_rules
from pipelines.record.kinds.page_kinds import PageRule, page_rules
from tests.crawl.site import SECTIONS, Site
from tests.crawl.words import headline


@pytest.mark.parametrize("rule", link_rules(), ids=lambda rule: rule.name)
def test_a_link_rule_hits_its_case_and_not_its_near_miss(rule: LinkRule) -> None:
    assert rule.pattern.search(rule.hit)
    assert not rule.pattern.search(rule.near_miss)
    assert rule.reason
    assert rule.source


@pytest.mark.parametrize("rule", page_rules(), ids=lambda rule: rule.name)
def test_a_page_rule_hits_its_case_and_not_its_near_miss(rule: PageRule) -> None:
    assert rule.fires(rule.hit)
    assert not rule.fires(rule.near_miss)
    assert rule.reason
    assert rule.source


def test_the_link_scorer_separates_articles_and_listings_of_the_made_up_site() -> None:
    site = Site(articles=500)
    listings = [f"{site.base}/{name}{rest}" for name in SECTIONS for rest in ("", "/page/2", "/page/14")]
    listings += [f"{site.base}/tag/{name}-{k}/" for name in SECTIONS for k in range(5)]
    links = [(url, headline(number)) for url, number in site.urls().items()] + [(url, "More") for url in listings]
    called = {url for url, words in links if link_kind(url, words) == "article"}
    articles = set(site.urls())
    assert len(called & articles) / len(called) >= 0.95
    assert len(called & articles) / len(articles) >= 0.95


@pytest.mark.parametrize(
    ("written", "one"),
    [
        ("HTTPS://A.example:443/x?utm_source=b&b=2&a=1#top", "https://a.example/x?a=1&b=2"),
        ("https://a.example/x;jsessionid=12?fbclid=3", "https://a.example/x"),
        ("https://a.example", "https://a.example/"),
        ("https://a.example/x?page=2", "https://a.example/x?page=2"),
    ],
)
def test_an_address_has_one_spelling(written: str, one: str) -> None:
    assert one_spelling(written) == one


@pytest.mark.parametrize(
    ("seed", "link", "is_within"),
    [
        ("https://www.a.example/", "https://a.example/x", True),
        ("https://a.example/", "https://www.a.example/x", True),
        ("https://a.example/", "https://news.a.example/x", True),
        ("https://a.example/", "https://ba.example/x", False),
        ("https://www.gov.uk/", "https://www.gov.uk/x", True),
        ("https://www.gov.uk/", "https://assets.www.gov.uk/x", True),
        ("https://www.gov.uk/", "https://town.gov.uk/x", False),
        ("https://www.de/", "https://example.de/x", False),
    ],
)
def test_a_site_is_a_host_with_its_subdomains_but_no_public_suffix(seed: str, link: str, is_within: bool) -> None:
    assert within(link, site_of(seed)) is is_within


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("/2024/05/03/bridge-vote-goes-on#comments", "https://a.example/2024/05/03/bridge-vote-goes-on"),
        ("bridge.html?b=2&a=1#top", "https://a.example/news/bridge.html?a=1&b=2"),
        ("https://WWW.A.example:443/x", "https://www.a.example/x"),
        ("http://sub.a.example", "http://sub.a.example/"),
        ("//a.example/y", "https://a.example/y"),
        ("https://a.example.elsewhere.example/x", None),
        ("https://elsewhere.example/share?u=https://a.example/x", None),
        ("#top", None),
        ("mailto:desk@a.example", None),
    ],
)
def test_a_link_that_stays_on_the_site_is_found_in_one_spelling(href: str, found: str | None) -> None:
    page = Page(f'<p><a href="{href}">one</a></p>', url="https://a.example/news/today")
    links = read_page(page, site="a.example").pointers.links
    assert [link.url for link in links] == ([found] if found else [])


def test_the_clearer_text_of_a_repeated_link_counts() -> None:
    words = "The council votes to rebuild the old bridge"
    assert link_kind("https://a.example/b?ref=x") == "listing"
    page = Page(f'<a href="/b">More</a><h2><a href="/b">{words}</a></h2>', url="https://a.example/")
    assert [link.kind for link in read_page(page, site="a.example").pointers.links] == ["article"]


def test_a_report_in_a_script_without_spaces_is_an_article() -> None:
    first = (
        "港の組合は三日の夜、古い灯台を町へ譲ると発表した。灯りは十年前に消えたが、塔は今も漁から戻る船の目印になっている。"
        "町は来春までに階段を直し、夏には誰でも上まで登れるようにする。"
    )
    second = "組合長の森さんは「壊す話も出たが、子どもたちの絵にはいつもこの塔が描かれている」と話した。"
    body = "".join(f"<p>{text}</p>" for text in (first, second))
    links = '<nav><a href="/">トップ</a> <a href="/news/">ニュース</a></nav>'
    html = f'<html lang="ja"><body>{links}<article><h1>灯台を町へ譲る</h1>{body}</article></body></html>'
    assert read_page(Page(html.encode(), url="https://a.example/news/todai.html")).kind == "article"
    assert read_page(Page(f"<html>{links}</html>".encode(), url="https://a.example/news/todai.html")).kind == "listing"


TEXT = "the council voted to rebuild the bridge that the spring flood had damaged, and nobody spoke against it."


def page_with(main: str) -> bytes:
    menu = "".join(f'<a href="/{name}">{name}</a> ' for name in SECTIONS)
    return f"<html><body><nav>{menu}</nav><main>{main}</main></body></html>".encode()


def kind_of(main: str, path: str) -> str:
    return read_page(Page(page_with(main), url=f"https://a.example{path}")).kind


@pytest.mark.parametrize("count", [20, 40])
def test_teasers_under_linked_headings_are_a_listing_however_long_they_are(count: int) -> None:
    rows = [f'<h2><a href="/{n}">What happened in district {n}</a></h2><p>On day {n} {TEXT}</p>' for n in range(count)]
    assert kind_of("<h1>All reports</h1>" + "".join(rows), "/all") == "listing"


def test_a_short_report_without_a_date_or_a_typical_address_is_an_article() -> None:
    rows = [f"<p>On day {n} {TEXT}</p>" for n in range(5)]
    assert kind_of("<h1>The bridge</h1>" + "".join(rows), "/b") == "article"
    assert kind_of("<h1>Privacy policy</h1>" + "".join(rows), "/privacy-policy") == "listing"


def test_the_statements_of_a_page_count_less_than_its_links() -> None:
    claim = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "All reports"}</script>'
    rows = [f'<li><a href="/{n}">What happened in district {n} on Tuesday</a></li>' for n in range(40)]
    assert kind_of(claim + f"<h1>All reports</h1><ul>{''.join(rows)}</ul>", "/all") == "listing"


def test_links_inside_links_cost_no_more_than_their_number() -> None:
    def seconds(links: int) -> float:
        nested = "".join(f"<a href=/x{n}>some words<div>" for n in range(links))
        start = time.process_time()
        assert read_page(Page(nested, url="https://a.example/")).pointers.links
        return time.process_time() - start

    small, large = (min(seconds(links) for _ in range(2)) for links in (300, 2_400))
    assert large < 30 * small  # eight times the links; if each link went through all others, 64 times as long
