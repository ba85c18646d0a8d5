"""Reads JSON-LD, in which a page describes itself in schema.org's words, broken JSON included. No other module does."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any, Final

from cleaners.parsing.foreign_json import read_foreign_json

_COMMENT: Final = re.compile(
    r"<!--|-->|/\*\s*<!\[CDATA\[\s*\*/|/\*\s*\]\]>\s*\*/|(?://\s*)?<!\[CDATA\[|(?://\s*)?\]\]>"
)
_TRAILING_COMMA: Final = re.compile(r",(?=\s*[}\]])")
_MISSING_COMMA: Final = re.compile(r'(["}\]])(\s*\n\s*)(?=")')
_CONTROL: Final = re.compile(r"[\x00-\x1f]")
_BAD_ESCAPE: Final = re.compile(r'\\(?!["\\/bfnrtu])')
_PAIR: Final = re.compile(
    r'"(headline|datePublished|dateModified|dateCreated|articleSection|isAccessibleForFree)"\s*:\s*"((?:[^"\\]|\\.){1,400})"'
)


def graphs_in(script: str) -> list[Any]:
    """The values that a script of JSON-LD holds. Never raises: broken JSON is mended, else searched for known pairs.

    >>> graphs_in('{"@type": "Article", "headline": "Ferry runs again",}')
    [{'@type': 'Article', 'headline': 'Ferry runs again'}]
    """
    text = script.strip().strip("\ufeff;")
    if not text:
        return []
    try:
        return [read_foreign_json(text, strict=False)]
    except ValueError:
        return _load_repaired(text)


def _load_repaired(text: str) -> list[Any]:
    text = _TRAILING_COMMA.sub("", _CONTROL.sub(" ", _MISSING_COMMA.sub(r"\1,\2", _COMMENT.sub(" ", text))))
    text = _BAD_ESCAPE.sub("", text).strip().rstrip(";")
    for attempt in (text, html.unescape(text) if text.startswith(("{&", "[{&")) else ""):
        graphs = _load_in_sequence(attempt)
        if graphs:
            return graphs
    pairs = {key: html.unescape(value) for key, value in reversed(_PAIR.findall(text))}
    return [{"@type": "Article", **pairs}] if pairs else []


def _load_in_sequence(text: str) -> list[Any]:
    """Read several values, one after the other; everything after the first damage is lost."""
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] = []
    at = 0
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return found
        found.append(value)
        while at < len(text) and text[at] in " \n\r\t,;":
            at += 1
    return found


def top_nodes(script: str) -> Iterator[dict[str, Any]]:
    """The nodes that describe the page, not the things that it lists: those of the outermost list, and of a graph."""
    for graph in graphs_in(script):
        for node in _listed(graph):
            if isinstance(node, dict):
                yield node
                yield from (part for part in _listed(node.get("@graph")) if isinstance(part, dict))


def types_within(script: str) -> set[str]:
    """The types of all nodes in a script, however deep, as `types_of` writes them.

    >>> sorted(types_within('{"@type": "NewsArticle", "author": {"@type": ["Person"]}}'))
    ['newsarticle', 'person']
    """
    pending = graphs_in(script)
    found: set[str] = set()
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            found |= types_of(value)
            pending += value.values()
        elif isinstance(value, list):
            pending += value
    return found


def types_of(node: dict[str, Any]) -> set[str]:
    """A node's types, lower-cased, without the vocabulary's address."""
    return {kind.rsplit("/", 1)[-1].lower() for kind in _listed(node.get("@type")) if isinstance(kind, str)}


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
