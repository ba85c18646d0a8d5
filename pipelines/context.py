"""What a stage may look at besides the Article itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaners.document import Cleaned
from cleaners.options import CleanOptions
from cleaners.page import Page
from pipelines.article import Article
from pipelines.evidence import Evidence


class Decision(NamedTuple):
    """Why a field has its value: for --explain."""

    field: str
    value: str | None
    source: str | None
    raw: str | None
    runner_up: str | None


@dataclass(frozen=True)
class Context:
    """One page on its way to a record: where it came from, how it was cleaned, what it says of itself.

    `decisions` is the one thing stages append to; it never feeds back into a result.
    """

    page: Page
    cleaned: Cleaned
    evidence: Evidence
    options: CleanOptions
    decisions: list[Decision] = field(default_factory=list)


Stage = Callable[[Article, Context], Article]
