"""Sets the headline: the best-ranked candidate, as the page writes it."""

from __future__ import annotations

from pipelines.record.article import Article, changed
from pipelines.record.context import FieldChoice, RecordInputs, StageResult
from pipelines.record.plain_text import plain_line


def headline(article: Article, inputs: RecordInputs) -> StageResult:
    """Set the headline, and report its source and the second candidate."""
    candidates = inputs.evidence.headlines.candidates
    if not candidates:
        return StageResult(article)
    best = candidates[0]
    second = candidates[1].text if len(candidates) > 1 else None
    text = plain_line(best.text)
    choice = FieldChoice("headline", text, best.source, best.raw, second)
    return StageResult(changed(article, headline=text or None), (choice,))
