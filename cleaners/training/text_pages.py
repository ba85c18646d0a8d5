"""Labelled dumps: the pages of a set, flattened in several ways, segmented as production does, and labelled."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaners.alignment import aligned_shares
from cleaners.decode import Decoded, decode
from cleaners.document import Document
from cleaners.errors import InputError
from cleaners.segment_text import segment_text
from cleaners.training.folds import fold_of
from cleaners.training.text_flatten import FLATTENERS

# The flattening that every page is learned and measured in.
PLAIN = "block_lines"


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


def read_flattened_pages(folder: Path, folds: int) -> Iterator[FlattenedPage]:
    """Every page of a set that has a reference body. Raises InputError where the folder is not such a set."""
    path = folder / "truth.jsonl"
    if not path.is_file():
        raise InputError(f"{path}: not found; a set is a folder with truth.jsonl and pages/ID.html.gz")
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in rows:
        if row.get("body"):
            markup = decode(gzip.decompress((folder / "pages" / f"{row['id']}.html.gz").read_bytes())).text
            dumps = {name: labelled_dump(FLATTENERS[name](markup), row["body"]) for name in flattenings(row["id"])}
            fold = fold_of(row.get("url") or row["id"], folds)
            yield FlattenedPage(row["id"], row.get("kind") or "article", folder.name, fold, row["body"], dumps)


def flattenings(page_id: str) -> Sequence[str]:
    """The flatteners whose dumps of a page are learned: the plain one, and another that its id chooses."""
    others = [name for name in FLATTENERS if name != PLAIN]
    return (PLAIN, others[zlib.crc32(page_id.encode()) % len(others)])


def labelled_dump(text: str, reference: str) -> Dump:
    """Segment and label one dump."""
    document = segment_text(Decoded(text, "str", "given"))
    shares, words = aligned_shares([block.text for block in document.blocks], reference)
    return Dump(document, shares, words)
