"""A text dump to Blocks, whatever shape the dump has.

Shapes: a paragraph a line; paragraphs wrapped at a column; everything on a few giant lines; rows with tabs or pipes.
Blocks keep the dump's characters; only white space differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from cleaners.document import TRUNCATED, Block, Document
from cleaners.page import Decoded
from cleaners.parsing.sentences import SHORTEST_GIANT, cells, is_giant, sentences
from cleaners.parsing.unwrap import unwrapped

MAX_BLOCKS: Final = 150_000
"""The most blocks of a dump that are read: a long book has 30,000 lines; 300,000 take 1.6 GB of memory and 6 s."""


def segment_text(decoded: Decoded, url: str | None = None) -> Document:
    """The dump as a Document: a Block for each paragraph, row or label line, and for each piece of a giant line."""
    text = decoded.text
    lines = text.splitlines()
    if "\t" in text or " | " in text:
        lines = [piece for line in lines for piece in cells(line)]
    total = sum(map(len, lines))
    blocks: list[Block] = []
    for line in filter(None, unwrapped(lines)):
        if len(blocks) >= MAX_BLOCKS:
            break
        if len(line) <= SHORTEST_GIANT or not is_giant(line, total):
            blocks.append(Block(len(blocks), line))
            continue
        first = len(blocks)
        for piece in islice(sentences(line), MAX_BLOCKS - first):
            blocks.append(Block(len(blocks), piece, continues=len(blocks) > first))
    return Document(tuple(blocks), decoded, url, flags=(TRUNCATED,) if len(blocks) >= MAX_BLOCKS else ())


def split_documents(lines: Iterable[str], separator: str, most: int | None = None) -> Iterator[str]:
    """The documents of a dump that holds several, separated by lines that equal the separator.

    lines      the dump's lines, with or without their line ends; read one at a time, so that only one document is held
    separator  the line between documents, white space around it ignored; a form feed may also begin a line
    most       the most characters of a document that are held: of a longer one, only its first lines, which have more
               than `most` characters in all; None: every document is held whole

    Documents without text are left out.
    """
    held: list[str] = []
    size = 0
    for line in lines:
        rest = _after_separator(line, separator)
        if rest is not None:
            yield from _document(held)
            held, size = [rest] if rest else [], len(rest)
        elif most is None or size <= most + 1:
            held.append(line.rstrip("\r\n"))
            size += len(held[-1]) + 1
    yield from _document(held)


def _after_separator(line: str, separator: str) -> str | None:
    """The part of a line that belongs to the next document, if the line separates two; else None."""
    if separator.isspace():
        return line.rstrip("\r\n")[len(separator) :] if line.startswith(separator) else None
    return "" if line.strip() == separator.strip() else None


def _document(lines: list[str]) -> Iterator[str]:
    text = "\n".join(lines)
    if text.strip():
        yield text
