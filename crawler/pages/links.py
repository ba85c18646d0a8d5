"""Collects a page's links: those worth following, feeds, other versions of the page, the next page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urljoin

from cleaners.tree import Tree
from cleaners.words.scripts import one_line
from crawler.urls.spelling import absolute, leads_off, within
from pipelines.record.kinds.link_kinds import ANCHOR_CHARS, ARTICLE_POINTS, LinkKind, link_points

MAX_LINKS = 20_000
"""Links read from one page: archives of everything on one page have thousands."""
ANCESTORS_LOOKED_AT = 12
"""How many ancestors are searched for a link's place."""

ANCHOR_RUNS = 64
"""The most runs of text that make a link's words: links inside links share further runs."""
RUN_CHARS = 1_000
"""Characters read of each run: some begin with much white space."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_PLACES = {"nav": "nav", "footer": "footer", "header": "header", "aside": "aside", "menu": "menu"}
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")


class Link(NamedTuple):
    """A link worth following: its address in one spelling, what it leads to, and its points."""

    url: str
    kind: LinkKind
    points: int


@dataclass(frozen=True, slots=True)
class Pointers:
    """A page's links. Addresses are absolute, in one spelling."""

    links: tuple[Link, ...] = ()
    feeds: tuple[str, ...] = ()
    canonical: str | None = None
    next: str | None = None
    prev: str | None = None


def pointers_of(tree: Tree, url: str, site: str | None = None) -> Pointers:
    """Read a page's head links, and its links that stay on a site (None: all of them), unless it says nofollow."""
    base = base_of(tree, url)
    rels = dict(_rels(tree, base))
    return Pointers(
        links=() if _says_nofollow(tree) else tuple(_links(tree, base, site)),
        feeds=tuple(_feeds(tree, base)),
        canonical=rels.get("canonical"),
        next=rels.get("next"),
        prev=rels.get("prev") or rels.get("previous"),
    )


def base_of(tree: Tree, url: str) -> str:
    """The base of a page's relative links: the address of its <base>, else its own."""
    for element in tree.all("base"):
        if href := tree.get(element, "href"):
            try:
                return urljoin(url, href.strip())
            except ValueError:
                return url
    return url


def _rels(tree: Tree, base: str) -> Iterator[tuple[str, str]]:
    for element in tree.all("link") + tree.all("a"):
        rels = tree.get(element, "rel").lower().split()
        for rel in rels:
            if rel in ("canonical", "next", "prev", "previous"):
                url = absolute(base, tree.get(element, "href"))
                if url:
                    yield rel, url


def _feeds(tree: Tree, base: str) -> Iterator[str]:
    for element in tree.all("link"):
        if tree.get(element, "type").strip().lower() in _FEED_TYPES and "alternate" in tree.get(element, "rel").lower():
            url = absolute(base, tree.get(element, "href"))
            if url:
                yield url


def _links(tree: Tree, base: str, site: str | None) -> Iterator[Link]:
    best: dict[str, int | None] = {}
    for element in tree.all("a")[:MAX_LINKS]:
        href = tree.get(element, "href")
        if site and leads_off(href, site):
            continue
        url = absolute(base, href)
        if url is None or (site and not within(url, site)) or "nofollow" in tree.get(element, "rel").lower():
            continue
        points = link_points(url, _anchor(tree, element), _place(tree, element))
        if points is not None:
            best[url] = max(points, best.get(url) or points)
    for url, points in best.items():
        yield Link(url, "article" if (points or 0) >= ARTICLE_POINTS else "listing", points or 0)


def _anchor(tree: Tree, link: int) -> str:
    first = tree.first_run[link]
    runs = tree.run_text[first : min(tree.last_run[link], first + ANCHOR_RUNS)]
    return one_line("".join([run[:RUN_CHARS] for run in runs]))[:ANCHOR_CHARS]


def _place(tree: Tree, link: int) -> str:
    for steps, element in enumerate(tree.ancestors(link)):
        tag = tree.tags[element]
        if tag in _HEADINGS:
            return "heading"
        if tag in _PLACES:
            return _PLACES[tag]
        if steps >= ANCESTORS_LOOKED_AT:
            break
    return "body"


def _says_nofollow(tree: Tree) -> bool:
    """Whether a robots element asks that no link of the page is followed."""
    robots = (tree.get(one, "content") for one in tree.all("meta") if tree.get(one, "name").strip().lower() == "robots")
    return any({"nofollow", "none"}.intersection(content.lower().replace(",", " ").split()) for content in robots)
