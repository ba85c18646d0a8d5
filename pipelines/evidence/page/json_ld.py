"""Sorts the nodes of a page's JSON-LD by what they describe: the article, the page, or things around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from cleaners.parsing.json_ld import graphs_in, types_of

# schema.org types whose node describes the text on the page (https://schema.org/CreativeWork and its subtypes).
ARTICLE_TYPES: Final = frozenset(
    """article newsarticle blogposting report reportagenewsarticle analysisnewsarticle opinionnewsarticle
    backgroundnewsarticle reviewnewsarticle askpublicnewsarticle advertisercontentarticle satiricalarticle
    scholarlyarticle medicalscholarlyarticle techarticle apireference liveblogposting socialmediaposting
    discussionforumposting qapage question review recipe howto creativework medicalwebpage podcastepisode
    pressrelease blog""".split()
)
PAGE_TYPES: Final = frozenset(
    "webpage itempage aboutpage collectionpage faqpage profilepage contactpage checkoutpage".split()
)
ORGANISATION_TYPES: Final = frozenset(("organization", "newsmediaorganization", "corporation"))
# Lower-cased types of things around the page: their names are not its headline.
_AROUND: Final = frozenset(
    """organization newsmediaorganization person website breadcrumblist imageobject searchaction sitenavigationelement
    wpheader wpfooter wpsidebar itemlist listitem localbusiness corporation place postaladdress readaction
    speakablespecification contactpoint brand rating aggregaterating offer thing""".split()
)
_WALKED: Final = ("@graph", "mainEntity", "mainEntityOfPage", "subjectOf", "about")
_NODES: Final = 200  # most nodes that are read: a page describes itself with fewer, but product listings have thousands


@dataclass(frozen=True)
class Linked:
    """The nodes of a page's JSON-LD that describe the page, by what they describe, and every node by its @id."""

    articles: list[dict[str, Any]] = field(default_factory=list)
    pages: list[dict[str, Any]] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)
    around: list[dict[str, Any]] = field(default_factory=list)
    by_id: dict[str, dict[str, Any]] = field(default_factory=dict)

    def nodes(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every node that describes the page, with its group."""
        for group, nodes in (("article", self.articles), ("page", self.pages), ("other", self.others)):
            for node in nodes:
                yield group, node

    def strings(self, node: dict[str, Any], key: str) -> list[str]:
        """A property's texts: strings, numbers, and the names of nodes, references resolved."""
        return [text for value in _listed(node.get(key)) if (text := self._text(value))]

    def _text(self, value: Any) -> str:
        if isinstance(value, dict):
            known = self.by_id.get(str(value.get("@id", "")), {})
            named = value.get("name") or value.get("@value") or known.get("name")
            return named if isinstance(named, str) else ""
        if isinstance(value, bool):
            return str(value)
        return str(value) if isinstance(value, str | int) else ""

    def things(self, node: dict[str, Any], key: str) -> list[dict[str, Any]]:
        """A property's values as nodes, references resolved; a bare string becomes a node with that name."""
        found: list[dict[str, Any]] = []
        for value in _listed(node.get(key)):
            if isinstance(value, dict):
                known = self.by_id.get(str(value.get("@id", "")))
                found.append({**known, **value} if known and known is not value else value)
            elif isinstance(value, str):
                found.append(self.by_id.get(value) or {"name": value})
        return found


def read_json_ld(scripts: Iterable[str]) -> Linked:
    """Read every script, sort its nodes, index them by @id. Never raises; what cannot be read is searched for pairs."""
    linked = Linked()
    for script in scripts:
        for graph in graphs_in(script):
            _index(graph, linked.by_id)
            for node in _walk(graph):
                _group(node, linked).append(node)
    return linked


def _group(node: dict[str, Any], linked: Linked) -> list[dict[str, Any]]:
    types = types_of(node)
    if types & ARTICLE_TYPES:
        return linked.articles
    if types & PAGE_TYPES:
        return linked.pages
    return linked.around if types & _AROUND or not types else linked.others


def _index(graph: Any, by_id: dict[str, dict[str, Any]]) -> None:
    pending = [graph]
    for _ in range(_NODES * 50):
        if not pending:
            return
        value = pending.pop()
        if isinstance(value, dict):
            name = value.get("@id")
            if isinstance(name, str) and len(value) > len(by_id.get(name, ())):
                by_id[name] = value
            pending += [v for v in value.values() if isinstance(v, dict | list)]
        elif isinstance(value, list):
            pending += [v for v in value if isinstance(v, dict | list)]


def _walk(graph: Any) -> Iterator[dict[str, Any]]:
    pending = [graph]
    for _ in range(_NODES):
        if not pending:
            return
        value = pending.pop(0)
        if isinstance(value, list):
            pending = [*value[:_NODES], *pending]
        elif isinstance(value, dict):
            if "@type" in value:
                yield value
            pending += [value[key] for key in _WALKED if isinstance(value.get(key), dict | list)]


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value[:_NODES] if isinstance(value, list) else [value]
