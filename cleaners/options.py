"""What a caller may choose. One frozen value, passed along; nothing else changes a result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from cleaners.site_memory import SiteMemory

EngineChoice = Literal["auto", "blocks", "trafilatura"]


@dataclass(frozen=True, slots=True)
class CleanOptions:
    """Settings of a run.

    engine    auto: the classifier, with trafilatura's opinion where it is unsure; blocks: the classifier alone;
              trafilatura: trafilatura alone
    model     path of a model made by `copydesk train`, instead of the one in the package
    markdown  fill the record's body_markdown
    text_model   the same for dumps: path of a model made by `copydesk train --markup text`
    site_memory  what a site's documents repeat, learned before (cleaners.site_memory)
    sites     path of a folder with entries about single sites (pipelines.evidence.site_entries)
    """

    engine: EngineChoice = "auto"
    model: str | None = None
    markdown: bool = False
    text_model: str | None = None
    site_memory: SiteMemory | None = None
    sites: str | None = None


DEFAULT = CleanOptions()
