"""Judges whether a page is an article. The rules are in page_kinds.toml, the facts in the page's record and tree."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import nan
from urllib.parse import SplitResult, unquote, urlsplit

from cleaners.document import Block, Cleaned
from cleaners.parsing.json_ld import types_within
from cleaners.rules.live_blog import FLAG as LIVE_BLOG
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

ARTICLE_POINTS = 8
"""Points from which a record calls its page an article: on unseen domains, recall and precision are about equal."""
DOUBTFUL_POINTS = 0
"""Points from which a crawl keeps a page: it keeps 99 of 100 reference articles of unseen domains."""
LIVE_POINTS = -20
"""Points from which a live blog is kept: it looks like a listing, so only decisive rules count against it."""
IDEOGRAPHS_A_WORD = 2.0
"""Chinese or Japanese characters that say as much as an English word, by the translators' rule of thumb."""

HEADLINE_CHARS = 25
"""Least length of a headline in characters; names of sections are shorter."""
LINKED_SHARE = 0.8
LONG_PARAGRAPH = 40
"""Least length of a paragraph in words that only prose reaches."""

_GARBAGE = re.compile("[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x9f\ufffd]")
_ARTICLE_TYPE = re.compile(r"(?:article|blogposting|report|review)$")
_SURE_LISTING_POINTS = -4


@dataclass(frozen=True, slots=True)
class PageRule:
    """One row of the table: points for a fact from `at_least` (inclusive) and below `below` (exclusive)."""

    name: str
    fact: str
    points: int
    at_least: float
    below: float
    reason: str
    source: str
    hit: Mapping[str, float]
    near_miss: Mapping[str, float]

    def fires(self, facts: Mapping[str, float]) -> bool:
        """Whether the fact lies in the row's range; never where it is not known."""
        return self.at_least <= facts.get(self.fact, nan) < self.below


@cache
def page_rules() -> tuple[PageRule, ...]:
    """The table's rows, in its order."""
    rows = tomllib.loads((files(__package__) / "page_kinds.toml").read_text(encoding="utf-8"))["rule"]
    return tuple(
        PageRule(
            name=row["name"],
            fact=row["fact"],
            points=row["points"],
            at_least=row.get("from", float("-inf")),
            below=row.get("below", float("inf")),
            reason=row["reason"],
            source=row["source"],
            hit=row["hit"],
            near_miss=row["near_miss"],
        )
        for row in rows
    )


def is_article(article: Article, cleaned: Cleaned) -> tuple[bool, tuple[str, ...]]:
    """Say whether a page is an article, and name the rules that fired."""
    points, fired = _points(article, cleaned)
    # Up to twelve points come from the model of kinds: without a model, fewer points are enough.
    return points >= _least(article, ARTICLE_POINTS if cleaned.kinds else DOUBTFUL_POINTS), fired


def may_be_article(article: Article, cleaned: Cleaned) -> bool:
    """Say whether a page is or may be an article. A crawl keeps such pages, since a page left out is lost."""
    points, _ = _points(article, cleaned)
    return points >= _least(article, DOUBTFUL_POINTS)


def _points(article: Article, cleaned: Cleaned) -> tuple[int, tuple[str, ...]]:
    facts = page_facts(article, cleaned)
    fired = [rule for rule in page_rules() if rule.fires(facts)]
    return sum(rule.points for rule in fired), tuple(rule.name for rule in fired)


def _least(article: Article, points: int) -> int:
    return LIVE_POINTS if LIVE_BLOG in article.flags else points


def page_facts(article: Article, cleaned: Cleaned) -> dict[str, float]:
    """The numbers the table looks at."""
    headline_words, *words = words_of([article.headline or "", *article.body.split("\n\n")])
    facts = {"body_words": sum(words), "headline_words": headline_words}
    facts["long_share"] = sum(n for n in words if n >= LONG_PARAGRAPH) / max(sum(words), 1.0)
    facts["garbage_share"] = len(_GARBAGE.findall(article.body)) / max(len(article.body), 1)
    chars = sum(len(block.text) for block in cleaned.kept)
    facts["body_link_share"] = sum(block.link_chars for block in cleaned.kept) / chars if chars else 0.0
    facts["linked_lines"] = float(sum(map(is_linked_headline, cleaned.kept)))
    facts["dated"] = float(article.date_published is not None)
    facts["signed"] = float(bool(article.authors))
    tree = cleaned.document.tree
    if tree is not None:
        facts["button_links"] = 100 * button_links(tree) / max(sum(words), 1.0)
        lines = [block.text for block in cleaned.document.blocks]
        facts["cart_elements"] = float(cart_elements(tree) + offers_a_cart(lines))
        facts["shows_a_price"] = float(shows_a_price(lines))
    return facts | kind_facts(cleaned.kinds) | _address_facts(article.url or "") | _tree_facts(tree)


def is_linked_headline(block: Block) -> bool:
    """Whether a block is a teaser's headline: long enough, and nearly all of it in links."""
    return len(block.text) >= HEADLINE_CHARS and block.link_chars >= LINKED_SHARE * len(block.text)


def kind_facts(kinds: Mapping[str, float]) -> dict[str, float]:
    """How likely the page, judged by its blocks, is an article, a listing of any sort, a product's or a service's page.

    Nothing without a model.
    """
    if not kinds:
        return {}
    return {
        "looks_like_article": kinds.get("article", 0.0),
        "looks_like_listing": kinds.get("listing", 0.0) + kinds.get("collection", 0.0),
        "looks_like_product": kinds.get("product", 0.0),
        "looks_like_service": kinds.get("service", 0.0),
    }


def words_of(paragraphs: Sequence[str]) -> list[float]:
    """The length of each paragraph in words, comparable between scripts with spaces and without.

    >>> words_of(["The market is back.", "朝市が戻った。"])
    [4.0, 3.0]
    """
    counted = count_characters(paragraphs)
    ideographs = counted.of(Kind.IDEOGRAPH)
    return [float(n) for n in counted.words - ideographs + ideographs / IDEOGRAPHS_A_WORD]


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
        "front_page": float(parts.path in ("", "/") and not parts.query),
    }


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(without_tracking(url)) if url else None
    except ValueError:  # a bracket that is not closed
        return None


def _tree_facts(tree: Tree | None) -> dict[str, float]:
    if tree is None:
        return {}
    types = {name for script in tree.json_ld for name in types_within(script)}
    open_graph = {
        tree.get(meta, "content").strip().lower()
        for meta in tree.all("meta")
        if tree.get(meta, "property").lower() == "og:type"
    }
    is_article = any(_ARTICLE_TYPE.search(name) for name in types)
    is_product = (bool(types & PRODUCT_TYPES) and not is_article) or states_product(tree)
    return {
        "json_ld_article": float(is_article),
        "states_product": float(is_product or any("product" in name for name in open_graph)),
        "og_article": float("article" in open_graph),
        "article_elements": float(len(tree.all("article"))),
        "inputs": float(len(tree.all("input"))),
    }
