"""What goes into a stage, and what comes out of it."""

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
    """Why a field has its value: for --explain."""

    field: str
    value: str | None
    source: str | None
    raw: str | None
    runner_up: str | None


@dataclass(frozen=True)
class RecordInputs:
    """One page on its way to a record: where it came from, how it was cleaned, what it says of itself."""

    page: Page
    cleaned: Cleaned
    evidence: Evidence
    options: CleanOptions

    @cached_property
    def pictures(self) -> tuple[PagePicture, ...]:
        """The pictures of the article, looked for when they are first asked for."""
        return tuple(page_pictures(self.cleaned, self.evidence.headlines.block))


class StageResult(NamedTuple):
    """The article after a stage, with what --explain shows: why fields have their values, and blocks taken out."""

    article: Article
    choices: tuple[FieldChoice, ...] = ()
    removals: tuple[Mark, ...] = ()


class Stage(NamedTuple):
    """One row of STAGES: a name, and the pure function that fills some of the article's fields.

    fills          the fields that it may change; where none is named, it always runs, and so does all before it
    reads          the fields of other stages that it looks at
    reads_for      fields that it fills, each with fields of other stages that it looks at for this one alone
    needs_cleaned  whether it looks at what the cleaners of the plan decided, not only at the page
    """

    name: str
    run: Callable[[Article, RecordInputs], StageResult]
    fills: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    reads_for: tuple[tuple[str, tuple[str, ...]], ...] = ()
    needs_cleaned: bool = True
