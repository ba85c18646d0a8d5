"""The body text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from cleaners.document import Block, paragraphs
from cleaners.markdown import to_markdown
from pipelines.article import Article
from pipelines.context import Context, Decision
from pipelines.evidence.headlines import fold
from pipelines.stages.plain_text import composed, plain

# Blocks at the start of the body among which the headline is looked for: a kicker or a date may stand before it.
_START: Final = 3
# One character is a word where words are not parted by spaces (Chinese, Japanese).
_UNPARTED: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD: Final = re.compile(f"[{_UNPARTED}]|[^\\W{_UNPARTED}]+")


def body(article: Article, context: Context) -> Article:
    """The kept blocks as paragraphs, with the count of what was removed, by reason."""
    cleaned = context.cleaned
    removed: dict[str, int] = {}
    for _, mark in cleaned.dropped:
        removed[mark.reason] = removed.get(mark.reason, 0) + 1
    repeated = repeated_headline(cleaned.kept, article.headline)
    if repeated:
        removed["headline"] = removed.get("headline", 0) + 1
        context.decisions.append(Decision("body", None, "headline", repeated.text, None))
    kept = [block for block in cleaned.kept if block is not repeated]
    return replace(
        article,
        body=plain(paragraphs(kept)),
        body_markdown=composed(to_markdown(cleaned, kept)) if context.options.markdown else None,
        confidence=cleaned.confidence,
        engine=cleaned.engine,
        removed=dict(sorted(removed.items())),
        flags=list(dict.fromkeys((*cleaned.flags, *article.flags))),
    )


def repeated_headline(kept: Sequence[Block], headline: str | None) -> Block | None:
    """The block at the start of the body that says what the headline says, if there is one."""
    wanted = fold(headline or "")
    return next((block for block in kept[:_START] if wanted and fold(block.text) == wanted), None)


def counts(article: Article, context: Context) -> Article:
    """Count the body's words; each Chinese or Japanese character is one."""
    pattern = re.compile(r"\w+") if article.body.isascii() else _WORD
    return replace(article, word_count=len(pattern.findall(article.body)))
