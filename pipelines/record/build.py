"""One page to one record: PLAN, then STAGES. A crawl and an offline run both come through here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from cleaners.document import Cleaned
from cleaners.options import DEFAULT, CleanOptions
from cleaners.page import Page
from cleaners.plan import clean
from pipelines.evidence import Evidence, gather
from pipelines.record.article import Article
from pipelines.record.context import FieldChoice, RecordInputs
from pipelines.record.multipage import joined
from pipelines.record.page_url import with_address
from pipelines.record.stages import STAGES


@dataclass(frozen=True)
class Extraction:
    """An Article with what it was made from: everything --explain can tell."""

    article: Article
    cleaned: Cleaned
    decisions: tuple[FieldChoice, ...]
    evidence: Evidence

    def json_line(self) -> str:
        """The record as one line of JSON, line break included."""
        return json.dumps(self.article.as_dict(), ensure_ascii=False, separators=(",", ":")) + "\n"

    def explanation(self) -> Iterator[dict[str, Any]]:
        """One row a removed block or passage, then one a decided field."""
        for block, mark in self.cleaned.dropped:
            yield {
                "id": self.article.id,
                "index": block.index,
                "text": block.text,
                "reason": mark.reason,
                "evidence": mark.evidence,
            }
        for decision in self.decisions:
            yield {"id": self.article.id, **decision._asdict()}


def record_of(page: Page, options: CleanOptions = DEFAULT) -> Extraction:
    """Clean a page and make its record. The same bytes and URL give the same record, wherever they come from."""
    page, cleaned = with_address(page, clean(page, options=options))
    context = RecordInputs(page, cleaned, gather(page, cleaned, options.sites), options)
    article = Article()
    for stage in STAGES.values():
        article = stage(article, context)
    if page.more_pages:
        article = joined([article, *(record_of(other, options).article for other in page.more_pages)])
    removals = replace(cleaned, marks=(*cleaned.marks, *context.removals)) if context.removals else cleaned
    return Extraction(article, removals, tuple(context.decisions), context.evidence)
