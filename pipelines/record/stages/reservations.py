"""Flags what a page's owner reserves (keeping, text mining), so that users of the record can respect it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cleaners.tree import Tree
from pipelines.record.article import Article, changed
from pipelines.record.context import RecordInputs, StageResult
from pipelines.record.header_reservations import TDM

_ROBOTS_WORDS: Final = {
    "noindex": ("noindex",),
    "noarchive": ("noarchive",),
    "none": ("noindex",),
}
"""Words of the robots meta element and the X-Robots-Tag header, and the flags they set. Source: RFC 9309's registries
and Google Search Central's list of robots meta rules."""

# Rules for everyone that have a colon.
_WITH_VALUES: Final = frozenset(("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"))


def reservations(article: Article, inputs: RecordInputs) -> StageResult:
    """Flag `noindex`, `noarchive` and `tdm_reserved` if the page or its HTTP headers say so."""
    said = (*inputs.page.stated, *_meta(inputs.cleaned.document.tree))
    mining = [value for name, value in said if name == TDM]
    flags = robots_flags(value for name, value in said if name == "robots") + (
        ["tdm_reserved"] if any(value.strip() == "1" for value in mining) else []
    )
    return StageResult(changed(article, flags=list(dict.fromkeys((*article.flags, *flags)))))


def robots_flags(values: Iterable[str]) -> list[str]:
    """The flags that robots values set. Rules for one named robot (`otherbot: noindex`) are not for everyone.

    >>> robots_flags(["noindex, max-snippet:-1", "otherbot: noarchive"])
    ['noindex']
    """
    general = (value.lower() for value in values if not _is_for_one_robot(value))
    words = [word.strip() for value in general for word in value.split(",")]
    return list(dict.fromkeys(flag for word in words for flag in _ROBOTS_WORDS.get(word, ())))


def _is_for_one_robot(value: str) -> bool:
    """Whether a value begins with a robot's name, so that its rules are for that robot alone."""
    name, colon, _ = value.partition(":")
    return bool(colon) and "," not in name and name.strip().lower() not in _WITH_VALUES


def _meta(tree: Tree | None) -> list[tuple[str, str]]:
    elements = tree.all("meta") if tree else []
    named = [(tree.get(element, "name").strip().lower(), tree.get(element, "content")) for element in elements if tree]
    return [pair for pair in named if pair[0] in ("robots", TDM)]
