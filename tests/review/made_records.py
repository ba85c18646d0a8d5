"""Records made for the tests of reports and comparisons."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def a_record(number: int, site: str = "example.org", **fields: Any) -> dict[str, Any]:
    """One record; `fields` replace its default values."""
    return {
        "schema_version": 2,
        "id": f"{number:08x}",
        "url": f"https://{site}/story-{number}",
        "headline": f"Story {number}",
        "body": f"The harbour wall was raised by {number} metres.",
        "body_sha256": f"{number:064x}",
        "word_count": 300 + number % 50,
        "date_published": f"2024-05-{number % 28 + 1:02d}",
        "authors": ["Ada Quill"],
        "description": "A wall.",
        "site_name": "The Example",
        "language": "en",
        "images": [],
        "confidence": 0.9,
        "removed": [{"reason": "share_bar", "count": 2}],
        "flags": [],
    } | fields


def saved(path: Path, rows: Iterable[dict[str, Any]]) -> str:
    """Write the rows as JSON Lines. Returns the path as text."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return str(path)
