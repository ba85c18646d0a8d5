"""One record from an article's several pages."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipelines.record.article import Article, Removed


def joined(pages: Sequence[Article]) -> Article:
    """Join the records of an article's pages, first page first: its fields, the bodies of all, each page listed.

    A paragraph that stands on an earlier page too (a teaser repeated at the top) is taken once.
    """
    first = pages[0]
    if len(pages) == 1:
        return first
    body = _joined_body([page.body for page in pages])
    removed: Counter[str] = Counter()
    for page in pages:
        removed.update({one.reason: one.count for one in page.removed})
    return replace(
        first,
        body=body,
        body_markdown=_joined_body([page.body_markdown or "" for page in pages]) if first.body_markdown else None,
        word_count=sum(page.word_count for page in pages) if first.word_count else 0,
        images=list(dict.fromkeys(image for page in pages for image in page.images)),
        confidence=round(min(page.confidence for page in pages), 4),
        removed=[Removed(reason, count) for reason, count in sorted(removed.items())],
        page_urls=[page.url for page in pages if page.url],
        body_sha256=hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def _joined_body(bodies: Sequence[str]) -> str:
    paragraphs = [paragraph for body in bodies for paragraph in body.split("\n\n") if paragraph]
    return "\n\n".join(dict.fromkeys(paragraphs))
