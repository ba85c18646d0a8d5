"""Candidates for the record's fields, gathered once from the tree and blocks of the cleaning pass."""

from __future__ import annotations

from dataclasses import dataclass

from cleaners.document import Cleaned
from cleaners.page import Page


@dataclass(frozen=True)
class Evidence:
    """Everything a page says of itself, by field."""


def gather(page: Page, cleaned: Cleaned) -> Evidence:
    """Collect the evidence for every field in one pass."""
    return Evidence()
