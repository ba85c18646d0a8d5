"""Labelled dumps: the pages of a set, flattened in several ways, segmented as production does, and labelled."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from trafilatura import extract

from cleaners.alignment import aligned_shares
from cleaners.decode import Decoded, decode
from cleaners.document import Document
from cleaners.errors import InputError
from cleaners.segment_text import segment_text
from cleaners.training.folds import fold_of
from cleaners.training.text_flatten import FLATTENERS

# The flattening that every page is learned and measured in.
PLAIN = "block_lines"
# Characters of markup above which trafilatura may take minutes, and of its text below which it found no article.
_LONGEST_TAUGHT = 800_000
_SHORTEST_TAUGHT = 600


@dataclass(frozen=True)
class Dump:
    """One page in one flattening: its Document, and per block the share of body words and the number of words."""

    document: Document
    shares: NDArray[np.float64]
    words: NDArray[np.float64]

    @property
    def texts(self) -> list[str]:
        """The texts of the blocks."""
        return [block.text for block in self.document.blocks]


@dataclass(frozen=True)
class FlattenedPage:
    """A page with its reference body and its dumps by the flattener's name."""

    id: str
    kind: str
    source: str  # name of the set
    fold: int
    reference: str
    dumps: Mapping[str, Dump]
    taught: bool = False  # the reference is what trafilatura extracts, not what a person marked


def read_flattened_pages(folder: Path, folds: int) -> Iterator[FlattenedPage]:
    """Every page of a set that has a reference body. Raises InputError where the folder is not such a set."""
    for row in _truth(folder):
        if row.get("body"):
            yield _flattened(folder, row, folds, _markup(folder, row), row["body"])


def read_taught_pages(folder: Path, folds: int) -> Iterator[FlattenedPage]:
    """Every page of a set without reference bodies on which trafilatura finds a text of some length.

    Its opinion is worth less than a person's, but it widens the words, sites and languages that are learned from.
    """
    for row in _truth(folder):
        markup = _markup(folder, row)
        body = extract(markup, include_comments=False) if len(markup) <= _LONGEST_TAUGHT else None
        if body and len(body) >= _SHORTEST_TAUGHT:
            yield replace(_flattened(folder, row, folds, markup, body), taught=True)


def _truth(folder: Path) -> Iterator[dict[str, Any]]:
    path = folder / "truth.jsonl"
    if not path.is_file():
        raise InputError(f"{path}: not found; a set is a folder with truth.jsonl and pages/ID.html.gz")
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _markup(folder: Path, row: Mapping[str, Any]) -> str:
    return decode(gzip.decompress((folder / "pages" / f"{row['id']}.html.gz").read_bytes())).text


def _flattened(folder: Path, row: Mapping[str, Any], folds: int, markup: str, body: str) -> FlattenedPage:
    dumps = {name: labelled_dump(FLATTENERS[name](markup), body) for name in flattenings(row["id"])}
    fold = fold_of(row.get("url") or row["id"], folds)
    return FlattenedPage(row["id"], row.get("kind") or "article", folder.name, fold, body, dumps)


def flattenings(page_id: str) -> Sequence[str]:
    """The flatteners whose dumps of a page are learned: the plain one, and another that its id chooses."""
    others = [name for name in FLATTENERS if name != PLAIN]
    return (PLAIN, others[zlib.crc32(page_id.encode()) % len(others)])


def labelled_dump(text: str, reference: str) -> Dump:
    """Segment and label one dump."""
    document = segment_text(Decoded(text, "str", "given"))
    shares, words = aligned_shares([block.text for block in document.blocks], reference)
    return Dump(document, shares, words)
