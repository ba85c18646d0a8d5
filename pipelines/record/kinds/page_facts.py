"""Collects the numbers by which a page is judged, from its record, its blocks, its address and its tree."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from cleaners.document import Block, Cleaned
from cleaners.parsing.json_ld import types_within
from cleaners.tree import Tree
from cleaners.words.characters import Kind, count_characters
from cleaners.words.tracking import without_tracking
from pipelines.record.article import Article
from pipelines.record.kinds.link_kinds import fires, link_kind, link_points
from pipelines.record.kinds.offer_signs import (
    PRODUCT_TYPES,
    button_links,
    cart_elements,
    is_in_a_catalogue,
    offers_a_cart,
    shows_a_price,
    states_product,
)

IDEOGRAPHS_A_WORD: Final = 2.0
"""Chinese or Japanese characters that say as much as an English word, by the translators' rule of thumb."""
HEADLINE_CHARS: Final = 25
"""Least length of a headline in characters; names of sections are shorter."""
LINKED_SHARE: Final = 0.8
LONG_PARAGRAPH: Final = 40
"""Least length of a paragraph in words that only prose reaches."""
SENTENCE_CHARS: Final = 80
"""Least length of a block in characters that counts for the element around the paragraphs."""

_GARBAGE: Final = re.compile("[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x9f\ufffd]")
_ARTICLE_TYPE: Final = re.compile(r"(?:article|blogposting|report|review)$")
_SURE_LISTING_POINTS: Final = -4
_INDEX: Final = re.compile(
    r"/(?:[a-z]{2}(?:[-_][a-z]{2})?/)?(?:index|default|home|homepage|start|main|blog|news|forums?|[a-z]{2})"
    r"(?:\.[a-z]{2,5})?/?",
    re.IGNORECASE,
)
_TURNS_PAGES: Final = re.compile(r"pag(?:ination|er|enav|ing)|page-?(?:nav|numbers)|wp-pagenavi")


def page_facts(article: Article, cleaned: Cleaned) -> dict[str, float]:
    """The numbers that the table looks at. A fact that is not known, such as one of a text dump's tree, is left out."""
    tree = cleaned.document.tree
    facts = _text_facts(article) | _link_facts(cleaned) | kind_facts(cleaned.kinds) | _address_facts(article.url or "")
    is_front_page = max(facts.get("front_page", 0.0), facts.get("address_of_an_index", 0.0))
    facts["dated_front_page"] = facts["dated"] * is_front_page
    if tree is None:
        return facts
    facts["button_links"] = 100 * button_links(tree) / max(facts["body_words"], 1.0)
    return facts | _block_facts(cleaned, tree) | _tree_facts(tree)


def is_linked_headline(block: Block) -> bool:
    """Whether a block is a teaser's headline: long enough, and nearly all of it in links."""
    return len(block.text) >= HEADLINE_CHARS and block.link_chars >= LINKED_SHARE * len(block.text)


def kind_facts(kinds: Mapping[str, float]) -> dict[str, float]:
    """How likely the page, judged by its blocks, is an article, a listing of any sort, a product's page or a thread.

    Nothing without a model.
    """
    if not kinds:
        return {}
    return {
        "looks_like_article": kinds.get("article", 0.0),
        "looks_like_listing": kinds.get("listing", 0.0) + kinds.get("collection", 0.0),
        "looks_like_product": kinds.get("product", 0.0),
        "looks_like_thread": kinds.get("forum", 0.0),
    }


def lengths_in_words(paragraphs: Sequence[str]) -> list[float]:
    """The length of each paragraph in words, comparable between scripts with spaces and without.

    >>> lengths_in_words(["The market is back.", "朝市が戻った。"])
    [4.0, 3.0]
    """
    counted = count_characters(paragraphs)
    ideographs = counted.of(Kind.IDEOGRAPH)
    return [float(n) for n in counted.words - ideographs + ideographs / IDEOGRAPHS_A_WORD]


def is_index(path: str) -> bool:
    """Whether a path names the front page of a site, of its blog or of its forum.

    >>> is_index("/index.php"), is_index("/en/"), is_index("/news/ferry.html")
    (True, True, False)
    """
    return _INDEX.fullmatch(path) is not None


def _text_facts(article: Article) -> dict[str, float]:
    headline_words, *words = lengths_in_words([article.headline or "", *article.body.split("\n\n")])
    total = sum(words)
    return {
        "body_words": total,
        "headline_words": headline_words,
        "long_share": sum(n for n in words if n >= LONG_PARAGRAPH) / max(total, 1.0),
        "garbage_share": len(_GARBAGE.findall(article.body)) / max(len(article.body), 1),
        "dated": float(article.date_published is not None),
        "signed": float(bool(article.authors)),
    }


def _link_facts(cleaned: Cleaned) -> dict[str, float]:
    chars = sum(len(block.text) for block in cleaned.kept)
    return {
        "body_link_share": sum(block.link_chars for block in cleaned.kept) / chars if chars else 0.0,
        "linked_lines": float(sum(map(is_linked_headline, cleaned.kept))),
    }


def _block_facts(cleaned: Cleaned, tree: Tree) -> dict[str, float]:
    """What the page has beside its body, and how the body lies in the markup."""
    kept = cleaned.kept
    lines = [block.text for block in cleaned.document.blocks]
    chars = max(sum(len(block.text) for block in kept), 1)
    share_links = sum(mark.reason == "share_bar" for _, mark in cleaned.dropped)
    parents = Counter(tree.parents[block.element] for block in kept if len(block.text) >= SENTENCE_CHARS)
    return {
        "body_share": chars / max(sum(map(len, lines)), 1),
        "paragraph_share": sum(len(block.text) for block in kept if tree.tags[block.element] == "p") / chars,
        "one_element_share": max(parents.values(), default=0) / max(parents.total(), 1),
        "share_links": float(share_links),
        "cart_elements": float(cart_elements(tree) + offers_a_cart(lines)),
        "shows_a_price": float(shows_a_price(lines)),
    }


def _address_facts(url: str) -> dict[str, float]:
    parts = _split(url)
    if parts is None:
        return {}
    points = link_points(url) or 0
    return {
        "address_article": float(link_kind(url) == "article"),
        "address_listing": float(points <= _SURE_LISTING_POINTS),
        "address_in_a_catalogue": float(is_in_a_catalogue(unquote(parts.path))),
        "address_about_the_site": float(fires("about_the_site", url)),
        "address_of_an_account": float(fires("account", url)),
        "address_of_a_later_page": float(fires("pagination", url) or fires("pagination_query", url)),
        "address_depth": float(sum(map(bool, parts.path.split("/")))),
        "front_page": float(parts.path in ("", "/") and not parts.query),
        "address_of_an_index": float(is_index(parts.path)),
    }


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(without_tracking(url)) if url else None
    except ValueError:  # a bracket that is not closed
        return None


def _tree_facts(tree: Tree) -> dict[str, float]:
    lowered = ((label.lower(), elements) for label, elements in tree.by_class.items())
    turners = [elements for label, elements in lowered if "pag" in label and _TURNS_PAGES.search(label)]
    return _statements(tree) | {
        "inputs": float(len(tree.all("input"))),
        "passwords": float(sum(tree.get(field, "type").lower() == "password" for field in tree.all("input"))),
        "main_headings": float(len(tree.all("h1"))),
        "page_turners": float(sum(map(len, turners))),
    }


def _statements(tree: Tree) -> dict[str, float]:
    """What the page says of itself in JSON-LD, Open Graph and microdata."""
    types = {name for script in tree.json_ld for name in types_within(script)}
    open_graph = {stated.strip().lower() for stated in tree.properties("og:type")}
    is_article = any(_ARTICLE_TYPE.search(name) for name in types)
    is_product = (bool(types & PRODUCT_TYPES) and not is_article) or states_product(tree)
    return {
        "json_ld_no_article": float(bool(types) and not is_article),
        "states_product": float(is_product or any("product" in name for name in open_graph)),
        "og_article": float("article" in open_graph),
        "bookmarks": float(sum("bookmark" in tree.get(link, "rel").lower() for link in tree.all("a"))),
    }
