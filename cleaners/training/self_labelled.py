"""Reads pages without a reference body: the text that a model keeps of a page serves as its body.

A model's labels are worth less than a person's, but they add words, sites and languages. If a set names passages that
belong to the body (`present`) or do not (`absent`), the labels are corrected by them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.document import Document
from cleaners.options import CleanOptions
from cleaners.page import Page
from cleaners.plan import apply_plan, document_of
from cleaners.training.folds import fold_of
from cleaners.training.pages import LabelledPage, content_of, sure_drops, truth_rows
from cleaners.words.alignment import words

# Of the weight of a labelled page, times the model's confidence (two of four folds: 0 gives news421 0.927 and
# snippets 0.943, 0.5 gives 0.928 and 0.947).
TAUGHT_WEIGHT: Final = 0.5
# An absent passage decides on a block only if it makes up at least this share of the block.
_ABSENT_SHARE: Final = 1 / 3


@dataclass(frozen=True)
class UnlabelledPage:
    """A page to be labelled by a model, and the passages that are known to be in its body and outside it."""

    id: str
    url: str
    document: Document
    sure: frozenset[int]  # the blocks that a rule drops before the classifier is asked
    source: str  # name of the set
    fold: int
    present: tuple[str, ...]
    absent: tuple[str, ...]


def read_unlabelled_pages(folder: Path, folds: int) -> Iterator[UnlabelledPage]:
    """Every page of a set, whatever its rows say of it. Raises UsageError if the folder is not such a set."""
    for row in truth_rows(folder):
        url = row.get("url") or ""
        document = document_of(Page(content_of(folder, row["id"]), url=url or None))
        fold = fold_of(url or row["id"], folds)
        present, absent = (tuple(map(_folded, row.get(key) or ())) for key in ("present", "absent"))
        yield UnlabelledPage(row["id"], url, document, sure_drops(document), folder.name, fold, present, absent)


def taught_pages(pages: Sequence[UnlabelledPage], model: Path) -> Iterator[LabelledPage]:
    """The pages that hold any text; the body of each is what the whole plan keeps with this model."""
    options = CleanOptions(engine="blocks", model=str(model))
    for unlabelled in pages:
        blocks = unlabelled.document.blocks
        if not blocks:
            continue
        cleaned = apply_plan(unlabelled.document, "html", options)
        shares = np.zeros(len(blocks))
        shares[[block.index for block in cleaned.kept]] = 1.0
        texts = [_folded(block.text) for block in blocks]
        _put_right(shares, texts, unlabelled)
        counts = np.array([float(len(words(block.text))) for block in blocks])
        yield LabelledPage(
            unlabelled.id, unlabelled.url, "", unlabelled.source, unlabelled.fold, unlabelled.document, shares,
            counts, cleaned.text, unlabelled.sure, TAUGHT_WEIGHT * cleaned.confidence,
        )  # fmt: skip


def passages_right(pages: Sequence[UnlabelledPage], model: Path) -> tuple[int, int]:
    """How many of the pages' known passages this model keeps or leaves out correctly, and how many there are."""
    options = CleanOptions(engine="blocks", model=str(model))
    right = total = 0
    for page in pages:
        if page.present or page.absent:
            body = _folded(apply_plan(page.document, "html", options).text)
            right += sum(passage in body for passage in page.present)
            right += sum(passage not in body for passage in page.absent)
            total += len(page.present) + len(page.absent)
    return right, total


def _put_right(shares: NDArray[np.float64], texts: Sequence[str], page: UnlabelledPage) -> None:
    """Keep the first block with a present passage unless another such block is kept; drop absent passages."""
    for passage in filter(None, page.present):
        holding = [i for i, text in enumerate(texts) if passage in text]
        if holding and not shares[holding].any():
            shares[holding[0]] = 1.0
    for passage in filter(None, page.absent):
        shares[[i for i, t in enumerate(texts) if passage in t and len(passage) >= _ABSENT_SHARE * len(t)]] = 0.0


def _folded(text: str) -> str:
    return " ".join(words(text))
