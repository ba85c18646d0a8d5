"""The body text."""

from __future__ import annotations

from dataclasses import replace

from pipelines.article import Article
from pipelines.context import Context


def body(article: Article, context: Context) -> Article:
    """The kept blocks as paragraphs, with the count of what was removed, by reason."""
    cleaned = context.cleaned
    removed: dict[str, int] = {}
    for _, mark in cleaned.dropped:
        removed[mark.reason] = removed.get(mark.reason, 0) + 1
    return replace(
        article,
        body=cleaned.text,
        confidence=cleaned.confidence,
        engine=cleaned.engine,
        removed=dict(sorted(removed.items())),
        flags=list(cleaned.flags),
    )
