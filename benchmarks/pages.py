"""Reading a folder of labelled pages: truth.jsonl, and pages/ID.html or pages/ID.html.gz."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import dataclass
from pathlib import Path

from cleaners.errors import UsageError

# Pages are picked at random, but the same ones every time.
_SEED = 20_240_229


@dataclass(frozen=True)
class LabelledPage:
    """A page as it was served, and what its body should be (or snippets that should be in it, or out of it)."""

    id: str
    content: bytes
    url: str | None
    kind: str
    body: str | None
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def read_pages(folder: Path, limit: int | None = None) -> list[LabelledPage]:
    """The pages of a folder that have a body or snippets; at most `limit` of them. Raises UsageError."""
    truth = folder / "truth.jsonl"
    if not truth.is_file():
        raise UsageError(f"{truth}: no such file; give a folder with truth.jsonl and pages/ (see docs/benchmarks.md)")
    lines = truth.read_text("utf-8").split("\n")  # a body may hold other line separators
    rows = [_row(truth, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    rows = [row for row in rows if row.get("body") or row.get("present") or row.get("absent")]
    if limit is not None and limit < len(rows):
        rows = random.Random(_SEED).sample(rows, limit)
    return [_page(folder, row) for row in rows]


def _row(truth: Path, number: int, line: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise UsageError(f"{truth}:{number}: not JSON ({error}); write one object a line") from error
    if not isinstance(row, dict) or "id" not in row:
        raise UsageError(f"{truth}:{number}: no object with an id; write one object a line")
    return row


def _page(folder: Path, row: dict[str, object]) -> LabelledPage:
    return LabelledPage(
        id=str(row["id"]),
        content=_content(folder / "pages", str(row["id"])),
        url=str(row["url"]) if row.get("url") else None,
        kind=str(row.get("kind") or "article"),
        body=str(row["body"]) if row.get("body") else None,
        present=tuple(map(str, row.get("present") or ())),  # type: ignore[call-overload]
        absent=tuple(map(str, row.get("absent") or ())),  # type: ignore[call-overload]
    )


def _content(folder: Path, name: str) -> bytes:
    packed, plain = folder / f"{name}.html.gz", folder / f"{name}.html"
    if packed.is_file():
        return gzip.decompress(packed.read_bytes())
    if plain.is_file():
        return plain.read_bytes()
    raise UsageError(f"{plain}: no such page, packed or not, although truth.jsonl names it; add it or drop the row")
