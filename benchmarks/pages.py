"""Reads a folder of labelled pages: truth.jsonl, and pages/ID.html or pages/ID.html.gz."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaners.training.pages import content_of, truth_rows

# The seed of the random sample, so that it is always the same.
_SEED = 20_240_229


@dataclass(frozen=True)
class LabelledPage:
    """A page as it was served, and its reference body (or snippets that should be in it, or not)."""

    id: str
    content: bytes
    url: str | None
    kind: str
    body: str | None
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def read_pages(folder: Path, limit: int | None = None) -> list[LabelledPage]:
    """The pages of a folder that have a body or snippets; at most `limit` of them. Raises UsageError."""
    rows = [row for row in truth_rows(folder) if row.get("body") or row.get("present") or row.get("absent")]
    if limit is not None and limit < len(rows):
        rows = random.Random(_SEED).sample(rows, limit)
    return [_page(folder, row) for row in rows]


def _page(folder: Path, row: dict[str, Any]) -> LabelledPage:
    return LabelledPage(
        id=str(row["id"]),
        content=content_of(folder, str(row["id"])),
        url=str(row["url"]) if row.get("url") else None,
        kind=str(row.get("kind") or "article"),
        body=str(row["body"]) if row.get("body") else None,
        present=tuple(map(str, row.get("present") or ())),
        absent=tuple(map(str, row.get("absent") or ())),
    )
