"""Addresses, site name, language, topics, images, paywall, body text."""

from __future__ import annotations

import json
import time

import pytest

from cleaners import Page
from pipelines.record.build import record_of
from pipelines.record.plain_text import plain, plain_line
from pipelines.record.stages.address import is_same_page, resolved
from tests.records.making import article, page_of

GERMAN = "Der Rat der kleinen Hafenstadt hat am Dienstag beschlossen, die alte Fähre auch im Winter fahren zu lassen. "
URL = "https://harbour.example/news/ferry"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("/news/ferry?utm_source=x&id=7&fbclid=y#top", "https://harbour.example/news/ferry?id=7"),
        ("https://HARBOUR.example/a", "https://harbour.example/a"),
        ("javascript:void(0)", None),
        ("http://[::1", None),
        ("mailto:a@harbour.example", None),
    ],
)
def test_a_link_is_resolved_and_loses_what_tracks_its_reader(raw: str, expected: str | None) -> None:
    assert resolved(raw, URL) == expected


@pytest.mark.parametrize(
    ("canonical", "page", "expected"),
    [
        ("https://www.harbour.example/news/ferry", "https://m.harbour.example/news/ferry?x=1", True),
        ("https://elsewhere.example/news/ferry", URL, False),
        ("https://harbour.example/", URL, False),
        ("https://harbour.example/", "https://harbour.example/", True),
        ("https://other.co.uk/a", "https://harbour.co.uk/a", False),
    ],
)
def test_a_canonical_address_is_on_the_same_site_and_not_a_home_page(canonical: str, page: str, expected: bool) -> None:
    assert is_same_page(canonical, page) is expected


def test_a_canonical_address_of_another_site_is_left_out() -> None:
    head = '<title>Ferry</title><link rel="canonical" href="https://elsewhere.example/news/ferry">'
    assert article(page_of(head), URL).canonical_url is None
    head = '<title>Ferry</title><link rel="canonical" href="/news/ferry?utm_medium=x">'
    assert article(page_of(head), URL + "?a=1").canonical_url == URL


@pytest.mark.parametrize(
    ("declared", "body", "expected", "source"),
    [
        ("en_gb", None, "en-GB", "html"),
        ("", GERMAN, "de", "detected"),
        ("en", GERMAN, "de", "detected"),
        ("de-AT", GERMAN, "de-AT", "html"),
        ("zxx", GERMAN, "de", "detected"),
    ],
)
def test_the_declared_language_holds_unless_the_body_says_otherwise(
    declared: str, body: str | None, expected: str, source: str
) -> None:
    markup = page_of("<title>Fähre</title>", language=declared, **({"body": body * 4} if body else {}))
    made = article(markup)
    assert (made.language_tag, made.language_source) == (expected, source)


def test_an_undeclared_language_is_detected_from_the_text_and_not_from_filler_before_it() -> None:
    filler = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore. " * 4
    text = "The ferry between the old harbour and the island runs again from Tuesday, after the storm broke its piers."
    made = record_of(Page(f"{filler}\n\n{text} {text}", "text")).article
    assert (made.language, made.language_source) == ("en", "detected")


def test_half_a_surrogate_pair_in_any_text_becomes_a_replacement_character() -> None:
    head = '<title>Ferry \ud83d runs</title><meta property="article:tag" content="port \udc00">'
    made = article(page_of(head))
    assert "\ud83d" not in f"{made.headline}{made.tags}"
    assert made.as_dict() == json.loads(json.dumps(made.as_dict()).encode("utf-8"))


def test_topics_come_from_the_sections_and_tags_of_the_page() -> None:
    head = (
        '<title>Ferry</title><meta property="og:site_name" content="Harbour Post">'
        '<meta property="article:section" content="Town"><meta property="article:tag" content="ferry">'
        '<meta property="article:tag" content="Ferry"><meta property="article:tag" content="winter">'
        '<meta name="description" content="The ferry &amp; the town.">'
    )
    made = article(page_of(head))
    assert (made.site_name, made.section, made.tags) == ("Harbour Post", "Town", ["ferry", "winter"])
    assert made.description == "The ferry & the town."


def test_the_last_step_of_the_breadcrumbs_is_the_section() -> None:
    crumbs = (
        '{"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","position":1,"name":"Home"},'
        '{"@type":"ListItem","position":2,"item":{"name":"Town"}},'
        '{"@type":"ListItem","position":3,"name":"Ferry stays"}]}'
    )
    head = f'<title>Ferry stays</title><script type="application/ld+json">{crumbs}</script>'
    assert article(page_of(head, "<h1>Ferry stays</h1>")).section == "Town"


def test_images_are_the_articles_own_with_their_words() -> None:
    head = '<title>Ferry</title><meta property="og:image" content="/i/lead.jpg">'
    above = (
        '<h1>Ferry</h1><img src="/i/lead.jpg?w=300" alt="The ferry at dawn">'
        '<img src="/i/pixel.gif" width="1" height="1">'
        '<img src="/icons/share.png"><img src="data:image/gif;base64,AA" data-src="/i/quay.jpg" alt="">'
    )
    made = article(page_of(head, above, '<footer><img src="/i/partner.jpg"></footer>'), URL)
    assert [(image.url, image.alt) for image in made.images] == [
        ("https://harbour.example/i/lead.jpg", "The ferry at dawn"),
        ("https://harbour.example/i/quay.jpg", None),
    ]


def test_a_picture_with_an_endless_number_as_width_is_still_a_picture() -> None:
    above = f'<h1>Ferry</h1><aside><ul></ul></aside><img src="/i/lead.jpg" width="{"9" * 5000}">'
    assert [image.url for image in article(page_of("", above), URL).images] == ["https://harbour.example/i/lead.jpg"]


def test_many_pictures_between_many_asides_cost_no_more_than_their_number() -> None:
    above = "<h1>Ferry</h1>" + "<aside><img src=/a.jpg></aside>" * 8_000 + "<img src=/b.jpg>" * 8_000
    start = time.process_time()
    made = article(page_of("", above), URL)
    assert time.process_time() - start < 3
    assert [image.url for image in made.images] == ["https://harbour.example/b.jpg"]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>', True),
        ('<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":"False"}</script>', True),
        ('<meta property="article:content_tier" content="locked">', True),
        ('<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":true}</script>', False),
        ("", False),
    ],
)
def test_a_paywall_is_flagged_where_the_page_states_one(head: str, expected: bool) -> None:
    assert ("paywalled" in article(page_of(f"<title>Ferry</title>{head}")).flags) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cafe\u0301", "café"),
        ("it\u00e2\u20ac\u2122s", "it’s"),
        ("co\u00adoperate", "cooperate"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\u00a0 b\t c", "a b c"),
        ("one\r\n\r\n\r\n\r\ntwo \nthree", "one\n\ntwo\nthree"),
        ("Âge et Économie à l’Élysée – «été»", "Âge et Économie à l’Élysée – «été»"),
        ("bell\x07", "bell"),
        ("\ud800x", "\ufffdx"),
    ],
)
def test_text_is_repaired_and_repairing_it_again_changes_nothing(text: str, expected: str) -> None:
    assert plain(text) == expected
    assert plain(plain(text)) == plain(text)
    assert plain_line(expected) == " ".join(expected.split())


def test_misread_pieces_are_mended_in_a_line_of_prose_but_not_in_a_long_line_of_nothing_else() -> None:
    prose = "Le moulin du bas a Ã©tÃ© réparé lundi par quatre personnes du village et par leur grue. "
    assert plain(prose * 30) == (prose * 30).replace("Ã©tÃ©", "été").strip()
    noise = "Ã©€Ã©é" * 400
    assert plain(noise) == noise


@pytest.mark.parametrize(
    ("value", "flags"),
    [
        ("noindex, max-snippet:-1", ["noindex"]),
        ("max-image-preview:large, max-snippet:-1, NOARCHIVE", ["noarchive"]),
        ("unavailable_after: 25 Jun 2030 15:00:00 GMT, noindex", ["noindex"]),
        ("otherbot: noindex, noarchive", []),
        ("index, follow, max-image-preview:large", []),
    ],
)
def test_rules_for_robots_are_flags_unless_they_are_for_one_robot(value: str, flags: list[str]) -> None:
    assert article(page_of(f'<title>Ferry</title><meta name="robots" content="{value}">')).flags == flags


def test_chinese_characters_count_as_words_of_their_own() -> None:
    made = record_of(Page("港口城市\n\n" + "渡轮冬天继续运行。" * 30 + "\n\n" + "OK then", markup="text")).article
    assert made.word_count > 200


def test_a_relative_date_before_the_year_1_gives_no_date() -> None:
    dump = "The weir is mended\n3 days ago\n" + "The weir was mended on Monday by four people and one crane. " * 5
    made = record_of(Page(dump, "text", fetched_at="0001-01-01"))
    assert made.article.date_published is None
