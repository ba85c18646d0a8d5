"""Makes labelled dumps: the pages of a set, flattened in several ways, segmented as production does, and labelled."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaners.classifier.html import MODEL_FILE
from cleaners.classifier.model import packaged
from cleaners.document import Document
from cleaners.page import Decoded
from cleaners.parsing.decode import decode
from cleaners.parsing.text import segment_text
from cleaners.training.flatten import FLATTENERS
from cleaners.training.folds import fold_of
from cleaners.training.pages import content_of, truth_rows
from cleaners.training.self_labelled import read_unlabelled_pages, taught_pages
from cleaners.words.alignment import aligned_shares

# The flattening that every page is learned and measured in.
PLAIN = "block_lines"
_KEPT_SHARE = 0.5


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
    weight: float = 1.0  # less than 1 if the reference is what the HTML model keeps, not what a person marked

    @property
    def taught(self) -> bool:
        """Whether a model labelled it, and not a person."""
        return self.weight < 1.0


def read_flattened_pages(folder: Path, folds: int) -> Iterator[FlattenedPage]:
    """Every page of a set that has a reference body. Raises UsageError if the folder is not such a set."""
    for row in truth_rows(folder):
        if row.get("body"):
            yield _flattened(folder, row, folds)


def read_taught_pages(folder: Path, folds: int) -> Iterator[FlattenedPage]:
    """Every page of a set without reference bodies, if the package's HTML model keeps any of its text.

    That model reads the markup and so knows more than a text model can; what it keeps is used as the reference.
    """
    for page in read_unlabelled_pages(folder, folds):
        for taught in taught_pages([page], Path(packaged(MODEL_FILE))):
            pairs = zip(taught.document.blocks, taught.shares, strict=True)
            body = "\n".join(block.text for block, share in pairs if share > _KEPT_SHARE)
            if body:
                dumps = _dumps(taught.id, taught.document.decoded.text, body)
                yield FlattenedPage(taught.id, "article", folder.name, taught.fold, body, dumps, taught.weight)


def _flattened(folder: Path, row: Mapping[str, Any], folds: int) -> FlattenedPage:
    fold = fold_of(row.get("url") or row["id"], folds)
    dumps = _dumps(row["id"], decode(content_of(folder, row["id"])).text, row["body"])
    return FlattenedPage(row["id"], row.get("kind") or "article", folder.name, fold, row["body"], dumps)


def _dumps(page_id: str, markup: str, body: str) -> dict[str, Dump]:
    return {name: labelled_dump(FLATTENERS[name](markup), body) for name in flattenings(page_id)}


def flattenings(page_id: str) -> Sequence[str]:
    """The flatteners whose dumps of a page training uses: the plain one, and another that the page's id selects."""
    others = [name for name in FLATTENERS if name != PLAIN]
    return (PLAIN, others[zlib.crc32(page_id.encode()) % len(others)])


def labelled_dump(text: str, reference: str) -> Dump:
    """Segment and label one dump."""
    document = segment_text(Decoded(text, "str", "given"))
    shares, words = aligned_shares([block.text for block in document.blocks], reference)
    return Dump(document, shares, words)
