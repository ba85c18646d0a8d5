"""The authors: the best-ranked list of names, people before organisations."""

from __future__ import annotations

from pipelines.evidence.person_names import is_organisation
from pipelines.record.article import Article, changed
from pipelines.record.context import FieldChoice, RecordInputs, StageResult
from pipelines.record.plain_text import plain_line


def authors(article: Article, inputs: RecordInputs) -> StageResult:
    """Set the authors in the page's order, or leave them empty where the page names none."""
    candidates = inputs.evidence.bylines.candidates
    best = candidates[0] if candidates else None
    second = next((", ".join(c.names) for c in candidates[1:2] if c), None)
    if best is None:
        return StageResult(article, (FieldChoice("authors", None, None, None, second),))
    names = sorted((name for name in map(plain_line, best.names) if name), key=is_organisation)
    choice = FieldChoice("authors", ", ".join(names), best.source, best.raw, second)
    return StageResult(changed(article, authors=names), (choice,))
