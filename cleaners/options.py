"""The options that a caller may choose: one frozen value, passed along. Nothing else changes a result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol, get_args

from cleaners.document import CleanerResult, Document, Mark
from cleaners.errors import UsageError, suggestion
from cleaners.page import Markup

if TYPE_CHECKING:
    from cleaners.site_memory import SiteMemory

EngineChoice = Literal["auto", "blocks", "trafilatura"]
CommentsChoice = Literal["drop", "keep", "field"]
_ENGINES: Final = get_args(EngineChoice)
_COMMENTS: Final = get_args(CommentsChoice)


class Cleaner(NamedTuple):
    """One row of a plan: which kinds of document it reads, and the pure function that makes the marks.

    mark_all  does the same for several documents at once, given the marks of each; if it is None, `mark` is called for
              each document
    """

    name: str
    reads: tuple[Markup, ...]
    mark: Callable[[Document, Sequence[Mark], CleanOptions], CleanerResult]
    mark_all: Callable[[Sequence[Document], Sequence[Sequence[Mark]], CleanOptions], Sequence[CleanerResult]] | None = (
        None
    )


class NamedRow(Protocol):
    """A row of a table whose type a package above this one defines."""

    @property
    def name(self) -> str:
        """What the row is called."""


@dataclass(frozen=True, slots=True)
class CleanOptions:
    """Settings of a run. Raises UsageError for an unknown engine or choice about comments.

    engine    auto: the classifier, with trafilatura's opinion where it is unsure; blocks: the classifier alone;
              trafilatura: trafilatura alone
    model     path of a model made by `copydesk train`, instead of the one in the package
    comments  readers' comments under an article: drop them, keep them in the body, or put them into the record's field
              `comments` (with the reviews under a product). On threads they are the body anyway
    markdown  fill the record's body_markdown
    html      fill the record's body_html
    blocks    fill the record's blocks
    text_model   path of a model for dumps made by `copydesk train --markup text`, instead of the one in the package
    site_memory  lines that a site's documents repeat, learned before (cleaners.site_memory)
    sites     path of a folder with entries about single sites (pipelines.evidence.site_entries)
    plan      the cleaners to run, in order (None: cleaners.plan.PLAN)
    stages    the stages to run, in order: rows of pipelines.record.context.Stage (None: pipelines.record.stages.STAGES)
    fields    the fields of the record that are wanted (None: all). The others stay null or empty and cost no work, but
              the fields that say which page the record is of are always filled
    plugins   the plug-ins that have rows in plan or stages, with their versions; cleaner_version names them
    """

    engine: EngineChoice = "auto"
    model: str | None = None
    markdown: bool = False
    text_model: str | None = None
    site_memory: SiteMemory | None = None
    sites: str | None = None
    plan: tuple[Cleaner, ...] | None = None
    stages: tuple[NamedRow, ...] | None = None
    plugins: tuple[str, ...] = ()
    comments: CommentsChoice = "drop"
    html: bool = False
    blocks: bool = False
    fields: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Raise UsageError for a choice that there is not."""
        for name, chosen, known in (("engine", self.engine, _ENGINES), ("comments", self.comments, _COMMENTS)):
            if chosen not in known:
                raise UsageError(f"{name}: {chosen!r} is unknown; {suggestion(chosen, known)}")


DEFAULT = CleanOptions()
