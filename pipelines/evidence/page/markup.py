"""Reads what a page states about itself in machine-readable places, in one pass over its elements."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cleaners.tree import Tree
from cleaners.words.remembering import remembered
from pipelines.evidence.page.json_ld import Linked, read_json_ld
from pipelines.evidence.page.text_search import texts_at
from pipelines.evidence.page.words import field_of_meta

# schema.org properties as microdata (itemprop) or RDFa (property), lower-cased, and the field that each holds.
_PROPERTIES: Final = {
    "headline": "headline", "name": "name", "datepublished": "published", "datecreated": "published",
    "uploaddate": "published", "datemodified": "modified", "author": "authors", "creator": "authors",
    "articlesection": "section", "keywords": "tags", "dc:title": "headline", "dc:date": "published",
    "dcterms:created": "published", "dc:created": "published", "schema:datepublished": "published",
    "schema:headline": "headline", "schema:author": "authors", "schema:datemodified": "modified",
}  # fmt: skip


class _FieldByClass(NamedTuple):
    """How classes name a field: parts one of which every such class has, and the pattern for the whole class."""

    field: str
    stems: tuple[str, ...]
    pattern: re.Pattern[str]


# If two patterns match, the match further to the left counts; at the same place, the row further up.
_FIELDS_BY_CLASS: Final = (
    _FieldByClass(
        "authors",
        ("author", "byline", "by-line", "autor", "auteur", "verfasser", "writer", "contributor", "posted", "redakteur"),
        re.compile(
            r"""(?:^|[\s_-]) (?:p-)?
            (?: author | byline | by-line | autor | autore | auteur | verfasser | writer | contributors? | posted-?by
              | redakteur | author-?name | authors )
            (?:$|[\s_-])
            | (?:author|byline|autor) (?:name|link|_|-)""",
            re.VERBOSE,
        ),
    ),
    _FieldByClass(
        "published",
        ("date", "publi", "posted", "timestamp", "datum", "fecha", "dt-", "pubblicazione"),
        re.compile(
            r"""dateline | publi(?:sh|c) | pub-?date | posted-?on | post-?date | entry-date | timestamp | datetime
            | (?:^|[\s_-]) (?: dt-published | date | datum | fecha | data-pubblicazione ) (?:$|[\s_-])
            | (?: article | story | post | entry | news | meta | page | created ) [_-]?date""",
            re.VERBOSE,
        ),
    ),
    _FieldByClass(
        "headline",
        ("headline", "title", "name", "header", "heading"),
        re.compile(
            r"""headline
            | (?: entry | post | article | story | page | content | news | single | p ) [_-]{0,2}
              (?: title | name | header | heading ) (?:$|\s)
            | (?:^|\s) title (?:$|\s)""",
            re.VERBOSE,
        ),
    ),
)
_STEMS: Final = tuple(dict.fromkeys(stem for row in _FIELDS_BY_CLASS for stem in row.stems))
# A link to a page about a person who writes.
_AUTHOR_PAGE: Final = re.compile(
    r"/(?:authors?|autor(?:en|es)?|auteurs?|autori|writers?|contributors?|profiles?|people|staff|team|by|users?|members?"
    r"|journalists?|reporters?|redakt\w*|columnists?|correspondents?)/[\w%.@~-]{3}"
)
_REMEMBERED, _LABEL_CHARS = 4096, 200  # the pages of a site have the same classes
_ELEMENTS: Final = 60  # elements of one kind that are read; a listing has hundreds, none about the page itself


class Meta(NamedTuple):
    """A <meta> element that states a field."""

    name: str
    rank: int
    content: str


class MarkedElement(NamedTuple):
    """An element that is marked as holding a field, by "property", "rel", "class", or an author page's "href"."""

    element: int
    how: str


@dataclass(frozen=True)
class Stated:
    """Everything stated in a page's code."""

    linked: Linked = field(default_factory=Linked)
    metas: dict[str, list[Meta]] = field(default_factory=dict)
    marked: dict[str, list[MarkedElement]] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)
    other: dict[str, str] = field(default_factory=dict)

    def meta(self, name: str) -> list[str]:
        """The contents of a field's <meta> elements, most telling first."""
        return [found.content for found in self.metas.get(name, ())]


def read_stated(tree: Tree | None) -> Stated:
    """Read a page's JSON-LD, meta and link elements, and marked elements."""
    if tree is None:
        return Stated()
    metas, other = _metas(tree)
    return Stated(read_json_ld(tree.json_ld), metas, _marked(tree), _links(tree), other)


def _metas(tree: Tree) -> tuple[dict[str, list[Meta]], dict[str, str]]:
    fields = field_of_meta()
    found: dict[str, list[Meta]] = {}
    other: dict[str, str] = {}
    for element in tree.all("meta"):
        at = tree.attributes[element]
        content = (at.get("content") or "").strip()
        if not content:
            continue
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = (at.get(key) or "").strip().lower()
            if not name:
                continue
            if name in fields:
                field_name, rank = fields[name]
                found.setdefault(field_name, []).append(Meta(name, rank, content))
            else:
                other.setdefault(name, content)
            if key == "itemprop" and name in _PROPERTIES and name not in fields:
                found.setdefault("itemprop " + _PROPERTIES[name], []).append(Meta(name, 0, content))
    for metas in found.values():
        metas.sort(key=lambda meta: meta.rank)
    return found, other


def _links(tree: Tree) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.all("link"):
        target = tree.get(element, "href").strip()
        for rel in tree.get(element, "rel").lower().split() if target else ():
            found.setdefault(rel, []).append(target)
    return found


def _marked(tree: Tree) -> dict[str, list[MarkedElement]]:
    found: dict[str, list[MarkedElement]] = {}
    attributes, tags = tree.attributes, tree.tags
    for element in _named(tree):
        at = attributes[element]
        if (prop := at.get("itemprop") or at.get("property")) and tags[element] != "meta":
            _add_properties(found, prop, element)
        if (rel := at.get("rel")) and tags[element] == "a":
            _add_rel(found, rel, element)
    for element in _linked_to_authors(tree):
        _add(found, "authors", element, "href")
    for kind, elements in _marked_by_class(tree.by_class).items():
        for element in sorted(elements)[:_ELEMENTS]:
            _add(found, kind, element, "class")
    return found


def _named(tree: Tree) -> list[int]:
    """Elements with a property or rel."""
    return [e for e, at in enumerate(tree.attributes) if "rel" in at or "itemprop" in at or "property" in at]


def _linked_to_authors(tree: Tree) -> list[int]:
    """The links to authors' pages."""
    return [element for element in tree.all("a") if _AUTHOR_PAGE.search(tree.get(element, "href"))]


def _marked_by_class(by_class: dict[str, list[int]]) -> dict[str, list[int]]:
    """Elements by the field that their class names. Plain substring search finds the few classes worth a regex.

    Without that search a record takes 5 % longer (measured on 70 pages).
    """
    marked: dict[str, list[int]] = {}
    labels = list(by_class)
    lowered = [label.lower() for label in labels]  # İ becomes two characters: places are those of the lowered
    lines = "\n".join(lowered)
    places = {at for stem in _STEMS for at in _all_places(lines, stem)}
    for line in texts_at(places, lowered):
        if kind := _kind_of(lowered[line]):
            marked.setdefault(kind, []).extend(by_class[labels[line]])
    return marked


def _all_places(text: str, part: str) -> list[int]:
    places = []
    at = text.find(part)
    while at >= 0:
        places.append(at)
        at = text.find(part, at + len(part))
    return places


def _add_properties(found: dict[str, list[MarkedElement]], prop: str, element: int) -> None:
    for name in prop.lower().split():
        if name in _PROPERTIES:
            _add(found, _PROPERTIES[name], element, "property")


def _add_rel(found: dict[str, list[MarkedElement]], rel: str, element: int) -> None:
    for name in rel.lower().split():
        if name == "author":
            _add(found, "authors", element, "rel")
        elif name == "tag":
            _add(found, "tags", element, "rel")


def _add(found: dict[str, list[MarkedElement]], kind: str, element: int, how: str) -> None:
    marked = found.setdefault(kind, [])
    if len(marked) < _ELEMENTS:
        marked.append(MarkedElement(element, how))


@remembered(_REMEMBERED, _LABEL_CHARS)
def _kind_of(label: str) -> str:
    found: list[tuple[int, int, str]] = []
    for rank, row in enumerate(_FIELDS_BY_CLASS):
        if any(map(label.__contains__, row.stems)) and (hit := row.pattern.search(label)):
            found.append((hit.start(), rank, row.field))
    return min(found)[2] if found else ""
