"""The language: the tags that a page declares (BCP 47), and the language detected from a text's bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from cleaners.document import Block
from cleaners.tree import Tree
from pipelines.evidence.page.markup import Stated

# https://www.rfc-editor.org/rfc/rfc5646#section-2.1, without extensions, which no page's text depends on.
_TAG: Final = re.compile(
    r"(?P<language>[a-z]{2,3})(?:[-_](?P<script>[a-z]{4}))?(?:[-_](?P<region>[a-z]{2}|\d{3}))?(?:$|[-_.@])",
    re.IGNORECASE,
)
# Codes that were renamed (IANA language subtag registry).
_RENAMED: Final = {"iw": "he", "in": "id", "ji": "yi", "mo": "ro", "jp": "ja", "cz": "cs", "ua": "uk", "gr": "el"}
# Characters that detection reads: more cost time and change few answers.
_READ_CHARS: Final = 600
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


class DeclaredLanguage(NamedTuple):
    """A language that a page declares: its tag in BCP 47, the declaration as it is written, and the source's name."""

    tag: str
    raw: str
    source: str = "html"


def declared_languages(tree: Tree, stated: Stated) -> tuple[DeclaredLanguage, ...]:
    """Every language that is declared by the <html> element, JSON-LD, Content-Language and og:locale, in this order."""
    raws = [tree.get(element, name) for element in tree.all("html")[:1] for name in ("lang", "xml:lang")]
    raws += [text for _, node in stated.linked.nodes() for text in stated.linked.strings(node, "inLanguage")[:1]]
    raws += [stated.other.get(name, "") for name in ("content-language", "language", "og:locale", "dc.language")]
    found = ((language_tag(raw), raw) for raw in raws if raw)
    return tuple(DeclaredLanguage(tag, raw) for tag, raw in found if tag)


def sample_of(blocks: Sequence[Block]) -> str:
    """The start of a body, whole blocks until there is enough."""
    parts: list[str] = []
    chars = 0
    for block in blocks:
        parts.append(block.text)
        chars += len(block.text)
        if chars >= _READ_CHARS:
            break
    return " ".join(parts)[:_READ_CHARS]


def detect(text: str) -> tuple[str, float]:
    """The language of a text (BCP 47, primary tag) and the detector's probability for it."""
    code, probability = _identifier().classify(text)
    return str(code), float(probability)


@cache
def _identifier() -> Any:
    # Loading the model takes 0.8 s, so only runs that make records load it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
