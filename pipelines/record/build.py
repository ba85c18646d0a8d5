"""Makes one record from one page: PLAN, then STAGES. A crawl and an offline run both come through here."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

from cleaners.document import Cleaned, Mark
from cleaners.options import DEFAULT, CleanOptions
from cleaners.page import Page
from cleaners.plan import apply_plan, apply_plan_to, document_of
from pipelines.evidence.gather import Evidence, gather
from pipelines.evidence.site_entries import SiteFacts, site_on
from pipelines.record.article import Article
from pipelines.record.context import FieldChoice, RecordInputs, Stage, StageResult
from pipelines.record.multipage import joined
from pipelines.record.page_url import with_address
from pipelines.record.site_body import with_site_rules
from pipelines.record.stages import STAGES
from pipelines.record.wanted_fields import stages_for, with_only


@dataclass(frozen=True)
class Extraction:
    """An Article with what it was made from, which is all that --explain needs."""

    article: Article
    cleaned: Cleaned
    choices: tuple[FieldChoice, ...]
    evidence: Evidence

    def json_line(self) -> str:
        """The record as one line of JSON, line break included."""
        return json.dumps(self.article.as_dict(), ensure_ascii=False, separators=(",", ":")) + "\n"

    def explanation(self, with_kept: bool = False) -> Iterator[dict[str, Any]]:
        """A row for each removed block or passage, then each kept block (if wanted), then each decided field."""
        page = {"id": self.article.id, "url": self.article.url, "path": self.article.source_path}
        for block, mark in self.cleaned.dropped:
            yield {
                **page,
                "index": block.index,
                "text": block.text,
                "reason": mark.reason,
                "evidence": mark.evidence,
            }
        if with_kept:
            for block in self.cleaned.kept:
                yield {**page, "index": block.index, "text": block.text, "kept": True}
        for choice in self.choices:
            yield {**page, **choice._asdict()}


def record_of(page: Page, options: CleanOptions = DEFAULT) -> Extraction:
    """Clean a page and make its record. The same bytes and URL give the same record, wherever they come from."""
    with _collector_at_rest():
        return _record_of(page, options)


def records_of_dumps(dumps: Sequence[Page], options: CleanOptions = DEFAULT) -> list[Extraction]:
    """Clean several text dumps together and make their records. The records are those of `record_of`, made faster.

    Raises what `record_of` raises for any of them.
    """
    with _collector_at_rest():
        cleaned = apply_plan_to([document_of(dump, options) for dump in dumps], "text", options)
        return [_record_from(dump, one, None, options) for dump, one in zip(dumps, cleaned, strict=True)]


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Stop Python's search for cycles meanwhile: a page makes tens of thousands of objects, but hardly any cycles.

    The search takes 4 % of a record's time with Python's default settings.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _record_of(page: Page, options: CleanOptions) -> Extraction:
    if page.markup == "text":
        return _record_from(page, apply_plan(document_of(page, options), "text", options), None, options)
    page, document = with_address(page, document_of(page, options))
    facts = site_on(page, document, options.sites)
    if any(stage.needs_cleaned for stage in _wanted_stages(options)):
        cleaned = with_site_rules(apply_plan(document, page.markup, options), facts.found if facts else None)
    else:
        cleaned = Cleaned(document, ())
    return _record_from(page, cleaned, facts, options)


def _record_from(page: Page, cleaned: Cleaned, facts: SiteFacts | None, options: CleanOptions) -> Extraction:
    inputs = RecordInputs(page, cleaned, gather(page, cleaned, facts), options)
    article, choices, removals = apply_stages(Article(), inputs, _wanted_stages(options))
    if page.more_pages:
        article = joined([article, *(record_of(other, options).article for other in page.more_pages)])
    if options.fields is not None:
        article = with_only(article, options.fields)
    return Extraction(article, replace(cleaned, marks=cleaned.marks + removals), choices, inputs.evidence)


def _wanted_stages(options: CleanOptions) -> tuple[Stage, ...]:
    """The stages that fill the wanted fields."""
    stages = stages_of(options)
    return stages if options.fields is None else stages_for(tuple(options.fields), stages)


def stages_of(options: CleanOptions) -> tuple[Stage, ...]:
    """The stages of the options, else STAGES."""
    return STAGES if options.stages is None else cast("tuple[Stage, ...]", options.stages)


def apply_stages(article: Article, inputs: RecordInputs, stages: Sequence[Stage]) -> StageResult:
    """Run the stages over an article, in order, and collect their choices and removals."""
    choices: tuple[FieldChoice, ...] = ()
    removals: tuple[Mark, ...] = ()
    for stage in stages:
        result = stage.run(article, inputs)
        article = result.article
        choices += result.choices
        removals += result.removals
    return StageResult(article, choices, removals)
