"""Finds the site's name: stated names first, then the piece of the title that agrees with its domain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from cleaners.document import Document
from cleaners.parsing.json_ld import types_of
from cleaners.words.addresses import host_name
from cleaners.words.scripts import one_line
from pipelines.evidence.page.markup import Stated

_LONGEST_CHARS: Final = 80  # a longer name is a slogan
_PIECES: Final = re.compile(r"\s+[^\w\s]{1,3}\s+|\s*[|»·•]\s*")


def site_names(document: Document, stated: Stated) -> tuple[tuple[str, str], ...]:
    """(name, source) of every statement, most telling first."""
    found = list(_stated_names(stated))
    if document.tree is not None:
        found += [(piece, "title") for piece in _agreed_pieces(document.tree.title, document.url)]
    clean = ((one_line(name), source) for name, source in found)
    return tuple((name, source) for name, source in clean if name and len(name) <= _LONGEST_CHARS and "://" not in name)


def _stated_names(stated: Stated) -> Iterator[tuple[str, str]]:
    metas = stated.metas.get("site_name", [])
    yield from ((meta.content, "meta") for meta in metas if meta.name == "og:site_name")
    for node in stated.linked.around:
        if "website" in types_of(node):
            yield from ((name, "json_ld") for name in stated.linked.strings(node, "name"))
    for _, node in stated.linked.nodes():
        yield from ((name, "json_ld") for name in _publisher(node, stated))
    yield from ((meta.content, "meta") for meta in metas if meta.name != "og:site_name" and meta.content[0] != "@")


def _publisher(node: dict[str, Any], stated: Stated) -> list[str]:
    return stated.linked.strings(node, "publisher")[:1]


def _agreed_pieces(title: str, url: str | None) -> Iterator[str]:
    host = host_name(url)
    name = re.sub(r"[^a-z0-9]", "", host.rsplit(".", 1)[0].split(".")[-1])
    pieces = _PIECES.split(title)
    for piece in (*reversed(pieces[1:]), *pieces[:1]):
        folded = re.sub(r"[^a-z0-9]", "", piece.lower())
        if len(pieces) > 1 and len(name) > 2 and folded and folded in (name, host.replace(".", ""), f"the{name}"):
            yield piece
