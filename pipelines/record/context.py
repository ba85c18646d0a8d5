"""The input and the result of a stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from cleaners.document import Cleaned, Mark
from cleaners.options import CleanOptions
from cleaners.page import Page
from pipelines.evidence.gather import Evidence
from pipelines.record.article import Article
from pipelines.record.page_pictures import PagePicture, page_pictures


class FieldChoice(NamedTuple):
    """The reason why a field has its value, for --explain."""

    field: str
    value: str | None
    source: str | None
    raw: str | None
    runner_up: str | None


@dataclass(frozen=True)
class RecordInputs:
    """One page that is being made into a record: the page, the result of cleaning, and the evidence for its fields."""

    page: Page
    cleaned: Cleaned
    evidence: Evidence
    options: CleanOptions

    @cached_property
    def pictures(self) -> tuple[PagePicture, ...]:
        """The pictures of the article, found on first use."""
        return tuple(page_pictures(self.cleaned, self.evidence.headlines.block))


class StageResult(NamedTuple):
    """The article after a stage, with facts for --explain: why fields have their values, and blocks taken out."""

    article: Article
    choices: tuple[FieldChoice, ...] = ()
    removals: tuple[Mark, ...] = ()


class Stage(NamedTuple):
    """One row of STAGES: a name, and the pure function that fills some of the article's fields.

    fills          the fields that it may change; if none is named, it always runs, and so do all stages before it
    reads          the fields of other stages that it reads
    reads_for      fields that it fills, each with the fields of other stages that it reads only for this one
    needs_cleaned  whether it needs the decisions of the plan's cleaners, not only the page
    """

    name: str
    run: Callable[[Article, RecordInputs], StageResult]
    fills: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    reads_for: tuple[tuple[str, tuple[str, ...]], ...] = ()
    needs_cleaned: bool = True
