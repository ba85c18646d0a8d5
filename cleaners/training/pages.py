"""Reads labelled pages from a folder with truth.jsonl and pages/ID.html.gz, and segments them as production does."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaners.classifier.html import mark_boilerplate
from cleaners.document import Document
from cleaners.errors import UsageError
from cleaners.options import CleanOptions
from cleaners.page import Page
from cleaners.parsing.foreign_json import read_foreign_json
from cleaners.plan import PLAN, apply_plan, document_of
from cleaners.training.folds import fold_of
from cleaners.words.alignment import aligned_shares

# Fields of a row whose values training reads, by their types.
_TEXTS: Final = ("url", "kind", "body")
_LISTS: Final = ("present", "absent")


@dataclass(frozen=True)
class LabelledPage:
    """A page with its reference body, and per block the share of words that the reference holds."""

    id: str
    url: str
    kind: str
    source: str  # name of the set
    fold: int
    document: Document
    shares: NDArray[np.float64]
    words: NDArray[np.float64]
    reference: str
    sure: frozenset[int]  # the blocks that a rule drops before the classifier runs
    weight: float = 1.0


def read_labelled_pages(folder: Path, folds: int) -> Iterator[LabelledPage]:
    """Every page of a set that has a reference body. Raises UsageError if the folder is not such a set."""
    for row in truth_rows(folder):
        if row.get("body"):
            yield _labelled(folder, row, folds)


def truth_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """The rows of a set's truth.jsonl, blank lines left out.

    Raises UsageError that names the file, and the line where one is no row or a field has a wrong type.
    """
    path = folder / "truth.jsonl"
    if not path.is_file():
        raise UsageError(
            f"{path}: no such file; give a folder with truth.jsonl and pages/ (docs/lab/benchmarks.md shows the form)"
        )
    try:
        with path.open(encoding="utf-8") as lines:
            yield from (_row(path, number, line) for number, line in enumerate(lines, 1) if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error}); give a file of JSON Lines in UTF-8") from error


def _row(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = read_foreign_json(line)
    except ValueError as error:
        raise UsageError(f"{path}:{number}: not JSON ({error}); write one object a line") from error
    if not isinstance(row, dict) or "id" not in row:
        raise UsageError(f"{path}:{number}: no object with an id; write one object a line")
    for name in filter(row.get, _TEXTS):
        if not isinstance(row[name], str):
            raise UsageError(f"{path}:{number}: {name} is {type(row[name]).__name__}, not a text; correct the line")
    for name in filter(row.get, _LISTS):
        if not isinstance(row[name], list) or not all(isinstance(one, str) for one in row[name]):
            raise UsageError(f"{path}:{number}: {name} is no list of texts; correct the line")
    return {**row, "id": str(row["id"])}


def _labelled(folder: Path, row: dict[str, Any], folds: int) -> LabelledPage:
    url = row.get("url") or ""
    document = document_of(Page(content_of(folder, row["id"]), url=url or None))
    shares, words = aligned_shares([block.text for block in document.blocks], row["body"])
    fold = fold_of(url or row["id"], folds)
    kind = row.get("kind") or "article"
    sure = sure_drops(document)
    return LabelledPage(row["id"], url, kind, folder.name, fold, document, shares, words, row["body"], sure)


def sure_drops(document: Document) -> frozenset[int]:
    """The blocks that the rules before the classifier drop, which the classifier does not score."""
    rules = tuple(takewhile(lambda cleaner: cleaner.mark is not mark_boilerplate, PLAN))
    cleaned = apply_plan(document, "html", CleanOptions(plan=rules))
    return frozenset(block.index for block, mark in cleaned.dropped if mark.action == "drop")


def content_of(folder: Path, page_id: str) -> bytes:
    """The bytes of a set's page, packed or not. Raises UsageError if there is no such page, or it is damaged."""
    packed = folder / "pages" / f"{page_id}.html.gz"
    if packed.is_file():
        try:
            return gzip.decompress(packed.read_bytes())
        except (OSError, EOFError, zlib.error) as error:
            raise UsageError(f"{packed}: cannot be unpacked ({error}); get the page again or drop its row") from error
    plain = packed.with_suffix("")
    if plain.is_file():
        return plain.read_bytes()
    raise UsageError(f"{plain}: no such page, packed or not, although truth.jsonl names it; add it or drop the row")
