"""Makes one record from an article's several pages."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Final

from pipelines.record.article import Article, BodyBlock, Removed, changed

_PASSAGES: Final = ("heading", "paragraph", "quote")
_PASSAGE_LINES: Final = ("<p>", "<h", "<figure>")


def joined(pages: Sequence[Article]) -> Article:
    """Join the records of an article's pages, first page first: its fields, the bodies of all, each page listed.

    A paragraph that an earlier page has too (a teaser repeated at the top) is taken once. One of several lines
    always stays, because it may be code.
    """
    first = pages[0]
    if len(pages) == 1:
        return first
    body = _joined_body([page.body for page in pages])
    removed: Counter[str] = Counter()
    for page in pages:
        removed.update({one.reason: one.count for one in page.removed})
    return changed(
        first,
        body=body,
        body_markdown=None if first.body_markdown is None else _joined_body([p.body_markdown or "" for p in pages]),
        body_html=None if first.body_html is None else _joined_html([p.body_html or "" for p in pages]),
        blocks=_joined_blocks([page.blocks for page in pages]),
        word_count=sum(page.word_count for page in pages),
        images=list(dict.fromkeys(image for page in pages for image in page.images)),
        comments=list(dict.fromkeys(comment for page in pages for comment in page.comments)),
        confidence=round(min(page.confidence for page in pages), 4),
        removed=[Removed(reason, count) for reason, count in sorted(removed.items())],
        page_urls=[page.url for page in pages if page.url],
        body_sha256=hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def _joined_body(bodies: Sequence[str]) -> str:
    kept: list[str] = []
    earlier: set[str] = set()
    for body in bodies:
        pieces = [piece for piece in body.split("\n\n") if piece]
        kept += [piece for piece in pieces if "\n" in piece or piece not in earlier]
        earlier.update(pieces)
    return "\n\n".join(kept)


def _joined_html(bodies: Sequence[str]) -> str:
    """Lines of code never begin with a tag, because "<" is escaped in code."""
    kept: list[str] = []
    earlier: set[str] = set()
    for body in filter(None, bodies):
        lines = body.split("\n")
        kept += [line for line in lines if not line.startswith(_PASSAGE_LINES) or line not in earlier]
        earlier.update(lines)
    return "\n".join(kept)


def _joined_blocks(bodies: Sequence[Sequence[BodyBlock]]) -> list[BodyBlock]:
    kept: list[BodyBlock] = []
    earlier: set[str] = set()
    for blocks in bodies:
        kept += [block for block in blocks if block.kind not in _PASSAGES or block.text not in earlier]
        earlier.update(block.text for block in blocks)
    return kept
