"""What a stage may look at besides the Article itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaners.document import Cleaned, Mark
from cleaners.options import CleanOptions
from cleaners.page import Page
from pipelines.evidence import Evidence
from pipelines.record.article import Article


class FieldChoice(NamedTuple):
    """Why a field has its value: for --explain."""

    field: str
    value: str | None
    source: str | None
    raw: str | None
    runner_up: str | None


@dataclass(frozen=True)
class RecordInputs:
    """One page on its way to a record: where it came from, how it was cleaned, what it says of itself.

    `decisions` and `removals` (blocks that a stage takes out of the body) are all that stages append to; both go to
    --explain and never feed back into a result.
    """

    page: Page
    cleaned: Cleaned
    evidence: Evidence
    options: CleanOptions
    decisions: list[FieldChoice] = field(default_factory=list)
    removals: list[Mark] = field(default_factory=list)


Stage = Callable[[Article, RecordInputs], Article]
