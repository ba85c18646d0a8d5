"""A text dump to Blocks."""

from __future__ import annotations

from cleaners.decode import Decoded
from cleaners.document import Block, Document


def segment_text(decoded: Decoded, url: str | None = None) -> Document:
    """One Block a line; blank lines part paragraphs."""
    lines = [" ".join(line.split()) for line in decoded.text.splitlines()]
    blocks = tuple(Block(i, line) for i, line in enumerate(line for line in lines if line))
    return Document(blocks, decoded, url)
