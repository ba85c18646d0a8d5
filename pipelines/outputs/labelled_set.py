"""Writes a folder of pages labelled by a person: truth.jsonl and pages/, which training and benchmarks read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from cleaners.document import Document
from cleaners.errors import InputError, OutputError
from cleaners.training.pages import truth_rows
from cleaners.words.alignment import aligned_shares, words
from pipelines.outputs.files import Output
from pipelines.review.draft import Correction

_ID_CHARS: Final = 16
# The share of a corrected body's words that must be on the page too: below this, the body is of another page.
_LEAST_FOUND: Final = 0.5


def add_page(folder: Path, content: bytes, document: Document, correction: Correction) -> str:
    """Add a page with its correction to a set; it replaces an earlier one with the same bytes. Returns its id.

    Raises InputError if the body is not of this page, UsageError if truth.jsonl is none, OutputError if the folder
    cannot be written.
    """
    check_body(document, correction.body)
    page_id = hashlib.sha256(content).hexdigest()[:_ID_CHARS]
    truth = folder / "truth.jsonl"
    rows = [row for row in truth_rows(folder) if row["id"] != page_id] if truth.exists() else []
    try:
        (folder / "pages").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made ({error.strerror or error}). Name another folder.") from error
    with Output(str(folder / "pages" / f"{page_id}.html.gz")) as page:
        page.write(content)
    with Output(str(truth)) as output:
        for row in [*rows, truth_row(page_id, correction)]:
            output.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    return page_id


def truth_row(page_id: str, correction: Correction) -> dict[str, Any]:
    """The row of truth.jsonl, with a key for each field that the person filled in or emptied."""
    said = correction._asdict()
    return {"id": page_id, **{key: value for key, value in said.items() if value is not None}}


def check_body(document: Document, body: str) -> None:
    """Raise InputError if a body is empty or has few words of the page."""
    wanted = len(words(body))
    if not wanted:
        raise InputError("the corrected text has no body: keep at least one line with a +", "bad_draft")
    shares, counts = aligned_shares([block.text for block in document.blocks], body)
    found = float((shares * counts).sum()) / wanted
    if found < _LEAST_FOUND:
        raise InputError(
            f"{found:.0%} of the corrected text's words are on the page; give the correction of this page", "bad_draft"
        )
