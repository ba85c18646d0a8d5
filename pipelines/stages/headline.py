"""The headline: the best-ranked candidate, as the page writes it."""

from __future__ import annotations

from dataclasses import replace

from pipelines.article import Article
from pipelines.context import Context, Decision
from pipelines.stages.plain_text import plain_line


def headline(article: Article, context: Context) -> Article:
    """Set the headline, and tell where it came from and what came second."""
    candidates = context.evidence.headlines.candidates
    if not candidates:
        return article
    best = candidates[0]
    second = candidates[1].text if len(candidates) > 1 else None
    text = plain_line(best.text)
    context.decisions.append(Decision("headline", text, best.source, best.raw, second))
    return replace(article, headline=text or None)
