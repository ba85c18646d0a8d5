"""A stage: the section of a page that states none is the first part of its address."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from pipelines.record.article import Article
from pipelines.record.context import FieldChoice, RecordInputs, Stage, StageResult


def section_from_address(article: Article, inputs: RecordInputs) -> StageResult:
    """Set the section, and say for --explain where it comes from."""
    parts = urlsplit(article.url or "").path.strip("/").split("/")
    if article.section or len(parts) < 2:
        return StageResult(article)
    section = parts[0].replace("-", " ").capitalize()
    choice = FieldChoice("section", section, "url", article.url, None)
    return StageResult(replace(article, section=section), (choice,))


SECTION_FROM_ADDRESS = Stage("section from address", section_from_address)
