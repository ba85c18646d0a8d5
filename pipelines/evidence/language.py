"""Language tags that a page declares, as BCP 47."""

from __future__ import annotations

import re
from typing import Final

from cleaners.tree import Tree
from pipelines.evidence.page.markup import Stated

# https://www.rfc-editor.org/rfc/rfc5646#section-2.1, without extensions, which no page's text depends on.
_TAG: Final = re.compile(
    r"(?P<language>[a-z]{2,3})(?:[-_](?P<script>[a-z]{4}))?(?:[-_](?P<region>[a-z]{2}|\d{3}))?(?:$|[-_.@])",
    re.IGNORECASE,
)
# Codes that were renamed (IANA language subtag registry).
_RENAMED: Final = {"iw": "he", "in": "id", "ji": "yi", "mo": "ro", "jp": "ja", "cz": "cs", "ua": "uk", "gr": "el"}
_NO_LANGUAGE: Final = frozenset(("und", "mul", "zxx", "xx", "qaa"))


def language_tag(text: str) -> str | None:
    """A declared language in BCP 47's spelling ("en_us" → "en-US"), or None if it is none."""
    hit = _TAG.match(text.strip())
    if not hit:
        return None
    language = hit["language"].lower()
    language = _RENAMED.get(language, language)
    if language in _NO_LANGUAGE:
        return None
    script = f"-{hit['script'].title()}" if hit["script"] else ""
    region = f"-{hit['region'].upper()}" if hit["region"] else ""
    return f"{language}{script}{region}"


def declared_languages(tree: Tree, stated: Stated) -> tuple[tuple[str, str], ...]:
    """(tag, raw) of every declaration: the <html> element, JSON-LD, Content-Language, og:locale."""
    raws = [tree.get(element, name) for element in tree.all("html")[:1] for name in ("lang", "xml:lang")]
    raws += [text for _, node in stated.linked.nodes() for text in stated.linked.strings(node, "inLanguage")[:1]]
    raws += [stated.other.get(name, "") for name in ("content-language", "language", "og:locale", "dc.language")]
    found = ((language_tag(raw), raw) for raw in raws if raw)
    return tuple((tag, raw) for tag, raw in found if tag)
