"""Pages about products and services are not articles, however much prose they have."""

from __future__ import annotations

import pytest

from cleaners.page import Page
from cleaners.parsing.html import parse
from crawler.pages.reading import read_page
from pipelines.record.build import record_of
from pipelines.record.kinds.offer_signs import (
    button_links,
    cart_elements,
    is_in_a_catalogue,
    offers_a_cart,
    shows_a_price,
    states_product,
)
from pipelines.record.kinds.page_kinds import page_rules

TEXT = (
    "The kettle holds two litres and boils in three minutes, which is quick for a kettle of its size. It is made of "
    "steel from the mill up the river, and the handle stays cool because it does not touch the body anywhere."
)


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("/products/red-kettle", True),
        ("/solutions", True),
        ("/pricing.html", True),
        ("/kettle-p-4711", True),
        ("/leistungen/dach", True),
        ("/news/products-of-the-year-are-here", False),
        ("/2024/05/customers-like-the-new-ferry", False),
        ("/", False),
    ],
)
def test_an_address_of_products_or_services_is_recognised(path: str, is_one: bool) -> None:
    assert is_in_a_catalogue(path) is is_one


@pytest.mark.parametrize(
    ("markup", "count"),
    [
        ('<form action="/cart/add"><button name="add">Buy</button></form>', 1),
        ('<button aria-label="In den Warenkorb">+</button>', 1),
        ('<input type="submit" value="カートに入れる">', 1),
        ('<button class="single_add_to_cart_button">Buy</button><button class="search">Go</button>', 1),
        ("<p>Add to cart, it says on the button.</p><form action='/search'><input name='q'></form>", 0),
    ],
)
def test_links_that_fill_a_cart_are_counted(markup: str, count: int) -> None:
    assert cart_elements(parse(markup)[0]) == count


def test_links_that_look_like_buttons_are_counted() -> None:
    markup = (
        '<a class="btn btn-primary">Go</a><a class="wp-block-button__link">Go</a><a class="buttonless">Go</a><a>Go</a>'
    )
    assert button_links(parse(markup)[0]) == 3


@pytest.mark.parametrize(
    ("line", "is_price"),
    [
        ("$40", True),
        ("1.299,00 €", True),
        ("from $1,299.00 each", True),
        ("399 Kč", True),
        ("NT$250", True),
        ("12,50zł", True),
        ("The kettle costs $40 in every shop on the island", False),
        ("Model TL2010Q", False),
        ("12 Krona boats", False),
        ("4 May 2024", False),
    ],
)
def test_a_line_that_is_a_price_is_recognised(line: str, is_price: bool) -> None:
    assert shows_a_price(["Kettle", line]) is is_price


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("Add to Cart +", True),
        ("Pridať do košíka", True),
        ("加入購物車", True),
        ("Add to cart, says the button, and nothing happens", False),
    ],
)
def test_a_line_that_offers_a_cart_is_recognised(line: str, is_one: bool) -> None:
    assert offers_a_cart(["Kettle", line]) is is_one


@pytest.mark.parametrize(
    ("markup", "is_one"),
    [
        ('<div itemscope itemtype="https://schema.org/Product"><p>Kettle', True),
        ('<meta property="product:price:amount" content="40"><p>Kettle', True),
        ('<div itemscope itemtype="https://schema.org/ProductReviewPage"><p>Kettle', False),
        ('<meta name="priceless" content="40"><p>Kettle', False),
    ],
)
def test_a_page_that_states_a_product_outside_json_ld_is_recognised(markup: str, is_one: bool) -> None:
    assert states_product(parse(markup)[0]) is is_one


def page_at(path: str, head: str = "", form: str = "") -> Page:
    text = "".join(f"<p>{TEXT}</p>" for _ in range(4))
    markup = (
        f"<html><head><title>Kettle</title>{head}</head><body><main><h1>Kettle</h1>{text}{form}</main></body></html>"
    )
    return Page(markup.encode(), url=f"https://a.example{path}")


def test_a_product_is_not_an_article_but_a_report_with_the_same_words_is() -> None:
    stated = (
        '<meta property="og:type" content="product"><script type="application/ld+json">{"@type": "Product"}</script>'
    )
    product = page_at("/products/kettle", stated, '<form action="/cart/add"><button>Add to cart</button></form>')
    signed = '<meta name="author" content="Ada Quill"><meta property="og:type" content="article">'
    dated = '<meta property="article:published_time" content="2024-05-03">'
    report = page_at("/2024/05/03/the-kettle-that-boils-in-three-minutes", signed + dated)
    assert record_of(product).article.is_article is False
    assert read_page(product).kind == "listing"
    assert record_of(report).article.is_article is True
    assert read_page(report).kind == "article"


def test_a_crawl_keeps_a_page_in_doubt_that_its_record_does_not_call_an_article() -> None:
    doubtful = page_at("/kettle")
    assert record_of(doubtful).article.is_article is False
    assert read_page(doubtful).kind == "article"


def test_every_fact_in_the_table_occurs_on_pages() -> None:
    from pipelines.record.kinds.page_facts import page_facts

    record = record_of(page_at("/kettle"))
    assert {rule.fact for rule in page_rules()} == set(page_facts(record.article, record.cleaned))
