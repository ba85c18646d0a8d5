"""Finds the site's name: stated names first, then the piece of the title that agrees with its domain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from cleaners.document import Document
from cleaners.parsing.json_ld import types_of
from cleaners.tree import Tree
from cleaners.words.addresses import host_name
from cleaners.words.scripts import one_line
from pipelines.evidence.cjk_names import is_wide_organisation
from pipelines.evidence.headline_features import SEPARATOR
from pipelines.evidence.page.markup import Stated

_LONGEST_CHARS: Final = 80  # a longer name is a slogan
_WIDE_CHARS: Final = 10  # a longer Chinese text is a headline about an office
_MOST_PIECES: Final = 6
_PIECES: Final = re.compile(r"\s+[^\w\s]{1,3}\s+|\s*[|»·•]\s*")


class SiteName(NamedTuple):
    """A name of the site, and the name of the source in the record."""

    name: str
    source: str


def site_names(document: Document, stated: Stated) -> tuple[SiteName, ...]:
    """Every name that a page gives its site, most telling first."""
    found = list(_stated_names(stated))
    if document.tree is not None:
        title = document.tree.title
        agreed = (*_agreed_pieces(title, document.url), *_linked_pieces(document.tree, document.url))
        agreed = (*agreed, *_organisations(title))
        found += [SiteName(piece, "title") for piece in dict.fromkeys(agreed)]
    clean = (SiteName(one_line(name), source) for name, source in found)
    return tuple(one for one in clean if one.name and len(one.name) <= _LONGEST_CHARS and "://" not in one.name)


def _stated_names(stated: Stated) -> Iterator[SiteName]:
    metas = stated.metas.get("site_name", [])
    yield from (SiteName(meta.content, "meta") for meta in metas if meta.name == "og:site_name")
    for node in stated.linked.around:
        if "website" in types_of(node):
            yield from (SiteName(name, "json_ld") for name in stated.linked.strings(node, "name"))
    for _, node in stated.linked.nodes():
        yield from (SiteName(name, "json_ld") for name in stated.linked.strings(node, "publisher")[:1])
    others = (meta.content for meta in metas if meta.name != "og:site_name")
    yield from (SiteName(name, "meta") for name in others if not name.startswith("@"))


def _agreed_pieces(title: str, url: str | None) -> Iterator[str]:
    host = host_name(url)
    name = re.sub(r"[^a-z0-9]", "", host.rsplit(".", 1)[0].split(".")[-1])
    pieces = _PIECES.split(title)
    for piece in (*reversed(pieces[1:]), *pieces[:1]):
        folded = re.sub(r"[^a-z0-9]", "", piece.lower())
        if len(pieces) > 1 and len(name) > 2 and folded and folded in (name, host.replace(".", ""), f"the{name}"):
            yield piece


def title_ends(title: str) -> tuple[str, ...]:
    """The last and the first piece of a title that has several, though not as many as a list of keywords."""
    pieces = [piece.strip() for piece in SEPARATOR.split(title)]
    return (pieces[-1], pieces[0]) if 1 < len(pieces) <= _MOST_PIECES else ()


def _organisations(title: str) -> Iterator[str]:
    """The last piece of a Chinese or Japanese title, else its first, if it reads like a paper's or an office's name."""
    named = (piece for piece in title_ends(title) if len(piece) <= _WIDE_CHARS and is_wide_organisation(piece))
    yield from islice(named, 1)


def _linked_pieces(tree: Tree, url: str | None) -> Iterator[str]:
    """The first or last piece of the title, if a link to the front page has it as its text: the site's name."""
    ends = title_ends(tree.title)
    if not ends:
        return
    own = ("", host_name(url))
    for element in tree.all("a"):
        href = tree.get(element, "href").strip()
        if len(href) <= _LONGEST_CHARS and _leads_home(href, own) and (text := _link_text(tree, element)) in ends:
            yield text
            return


def _leads_home(href: str, own: tuple[str, str]) -> bool:
    if href in ("/", "./"):
        return True
    _, has_host, rest = href.partition("://")
    return bool(has_host) and "/" not in rest.strip("/") and href.count("/") <= 3 and host_name(href) in own


def _link_text(tree: Tree, element: int) -> str:
    text = one_line(tree.text(element))
    pictures = (e for e in range(element + 1, tree.ends[element]) if tree.tags[e] == "img")
    return text or next((one_line(tree.get(e, "alt")) for e in pictures), "")
