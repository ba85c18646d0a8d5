"""Features of pages that state no day and no authors of their own: address, types, numbers of paragraphs and forms."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from cleaners.document import Document
from cleaners.parsing.json_ld import types_of
from cleaners.words.addresses import host_name, path_of
from pipelines.evidence.date_places import Scene
from pipelines.evidence.page.markup import Stated
from pipelines.evidence.page.words import words
from pipelines.evidence.ranking import Features, bucket

_PARAGRAPH_CHARS: Final = 120
_PATH_WORD: Final = re.compile(r"[a-z]+")
# Elements with which a page asks its reader to do something, and the interval edges for their number.
_ASKING: Final = (("form", (1, 2, 4)), ("input", (1, 3, 8, 20)), ("button", (1, 4, 10, 25)), ("select", (1, 2, 4)))


def undated_features(scene: Scene, days: int, only_changes: bool) -> Features:
    """Features of a page that may state no day of its own.

    days          how many days the page states
    only_changes  whether every statement of a day is of a change
    """
    found = unsigned_features(scene.document, scene.stated)
    marked = len(scene.stated.marked.get("authors", ()))
    found[bucket("none marked authors", marked, (1, 2, 4, 10))] = 1.0
    found["none meta author" if scene.stated.metas.get("authors") else "none no meta author"] = 1.0
    found[bucket("none days", days, (2, 4, 8, 16))] = 1.0
    if only_changes:
        found["none only changes"] = 1.0
    return found


def unsigned_features(document: Document, stated: Stated) -> Features:
    """Features of a page that may be undated and unsigned: a shop, a list, a page about a company."""
    linked = stated.linked
    tree = document.tree
    names = [
        "none",
        bucket("none times", len(tree.all("time")) if tree else 0, (1, 2, 4, 9)),
        bucket("none paragraphs", _paragraphs(document), (1, 3, 6, 12)),
        f"none og {_og_type(stated)}",
        *(_none_by_address(document.url) if document.url else ()),
    ]
    types = set().union(*map(types_of, (*linked.pages, *linked.others, *linked.around)))
    names += [f"none type {kind}" for kind in types & _TYPES_WITHOUT_DAY]
    if linked.articles:
        names.append("none article")
    if "published" in stated.metas:
        names.append("none meta")
    if linked.others:
        names.append("none other")
    if tree:
        names += [bucket(f"none {tag}", len(tree.all(tag)), edges) for tag, edges in _ASKING]
    return dict.fromkeys(names, 1.0)


# schema.org types of pages that often state no day of publication.
_TYPES_WITHOUT_DAY: Final = frozenset(
    """product localbusiness organization service softwareapplication itemlist collectionpage faqpage profilepage
    aboutpage contactpage discussionforumposting qapage event course medicalorganization offer aggregateoffer place
    breadcrumblist website""".split()
)
_OG_TYPES: Final = frozenset(("article", "website", "product", "blog"))


def _kinds_in_path(path: str) -> set[str]:
    known = _path_words()
    return {known[word] for word in _PATH_WORD.findall(path.lower()) if word in known}


def _og_type(stated: Stated) -> str:
    kind = stated.other.get("og:type", "").lower()
    return kind if kind in _OG_TYPES else "other" if kind else "silent"


def _paragraphs(document: Document) -> int:
    return len([block for block in document.blocks if len(block.text) >= _PARAGRAPH_CHARS])


def _none_by_address(url: str) -> list[str]:
    path = path_of(url)
    depth = bucket("none path", path.strip("/").count("/"), (1, 2, 3))
    return [depth, *_none_by_path(path), *_none_by_host(url)]


def _none_by_path(path: str) -> list[str]:
    if path in ("", "/"):
        return ["none home"]
    found = _kinds_in_path(path)
    slug = path.rstrip("/").rsplit("/", 1)[-1]
    return [*(f"none path {kind}" for kind in found), bucket("none slug", slug.count("-"), (1, 3, 5))]


def _none_by_host(url: str) -> list[str]:
    """Features of the parts of the host: docs., support., shop., blog. The last part says nothing."""
    known = _path_words()
    return sorted({f"none host {known[part]}" for part in host_name(url).split(".")[:-1] if part in known})


@cache
def _path_words() -> dict[str, str]:
    return {word: kind for kind, listed in words("path").items() for word in listed}
