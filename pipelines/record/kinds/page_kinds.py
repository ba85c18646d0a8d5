"""Judges whether a page is an article. The rules are in page_kinds.toml, the facts in the page's record and tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import nan

from cleaners.document import Cleaned
from cleaners.rules.live_blog import FLAG as LIVE_BLOG
from cleaners.words.toml_tables import read_toml
from pipelines.record.article import Article
from pipelines.record.kinds.page_facts import page_facts

ARTICLE_POINTS = 10
"""Points from which a record calls its page an article: on unseen domains, recall and precision are about equal."""
DOUBTFUL_POINTS = -1
"""Points from which a crawl keeps a page: it keeps 99 of 100 reference articles of unseen domains."""
LIVE_POINTS = -20
"""Points from which a live blog is kept: it looks like a listing, so only decisive rules count against it."""


@dataclass(frozen=True, slots=True)
class PageRule:
    """One row of the table: points for a fact from `at_least` (inclusive) and below `below` (exclusive).

    A row that is not `for_crawls` counts only for is_article: a crawl keeps such pages all the same.
    """

    name: str
    fact: str
    points: int
    at_least: float
    below: float
    reason: str
    source: str
    hit: Mapping[str, float]
    near_miss: Mapping[str, float]
    for_crawls: bool = True

    def fires(self, facts: Mapping[str, float]) -> bool:
        """Whether the fact lies in the row's range; never where it is not known."""
        return self.at_least <= facts.get(self.fact, nan) < self.below


@cache
def page_rules() -> tuple[PageRule, ...]:
    """The table's rows, in its order."""
    rows = read_toml(__package__, "page_kinds.toml")["rule"]
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
            for_crawls=row.get("crawl", True),
        )
        for row in rows
    )


def is_article(article: Article, cleaned: Cleaned) -> tuple[bool, tuple[str, ...]]:
    """Say whether a page is an article, and name the rules that fired."""
    fired = _fired(article, cleaned)
    least = ARTICLE_POINTS if cleaned.kinds else DOUBTFUL_POINTS  # many points come from the model of kinds
    return _total(fired) >= _least(article, least), tuple(rule.name for rule in fired)


def may_be_article(article: Article, cleaned: Cleaned) -> bool:
    """Say whether a page is or may be an article. A crawl keeps such pages, since a page left out is lost."""
    fired = [rule for rule in _fired(article, cleaned) if rule.for_crawls]
    return _total(fired) >= _least(article, DOUBTFUL_POINTS)


def _fired(article: Article, cleaned: Cleaned) -> list[PageRule]:
    facts = page_facts(article, cleaned)
    return [rule for rule in page_rules() if rule.fires(facts)]


def _total(fired: Sequence[PageRule]) -> int:
    return sum(rule.points for rule in fired)


def _least(article: Article, points: int) -> int:
    return LIVE_POINTS if LIVE_BLOG in article.flags else points
