from __future__ import annotations

import pytest

from crawler.address import one_spelling
from crawler.link_kinds import LinkRule, link_kind, link_rules
from crawler.page_kinds import PageRule, page_rules
from tests.crawl.site import SECTIONS, Site
from tests.crawl.words import headline


@pytest.mark.parametrize("rule", link_rules(), ids=lambda rule: rule.name)
def test_a_link_rule_hits_its_case_and_leaves_its_near_miss(rule: LinkRule) -> None:
    assert rule.pattern.search(rule.hit)
    assert not rule.pattern.search(rule.near_miss)
    assert rule.reason
    assert rule.source


@pytest.mark.parametrize("rule", page_rules(), ids=lambda rule: rule.name)
def test_a_page_rule_hits_its_case_and_leaves_its_near_miss(rule: PageRule) -> None:
    assert rule.fires(rule.hit)
    assert not rule.fires(rule.near_miss)
    assert rule.reason
    assert rule.source


def test_the_link_scorer_knows_the_made_up_sites_articles_from_its_listings() -> None:
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
