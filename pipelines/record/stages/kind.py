"""Sets the page's kind, whether it is an article, and whether its text appears only after its scripts run."""

from __future__ import annotations

from pipelines.record.article import Article, changed
from pipelines.record.context import FieldChoice, RecordInputs, StageResult
from pipelines.record.kinds.page_kinds import is_article
from pipelines.record.kinds.script_shells import shell_sign


def kind(article: Article, inputs: RecordInputs) -> StageResult:
    """Set the most likely kind by the block classifier, the decision of the table of kinds, and the flag of a shell."""
    kinds = inputs.cleaned.kinds
    likeliest = max(kinds, key=lambda name: kinds[name]) if kinds else None
    verdict, fired = is_article(article, inputs.cleaned)
    shell = shell_sign(inputs.cleaned.document)
    choices = [FieldChoice("is_article", str(verdict).lower(), "page_kinds", ", ".join(fired) or None, None)]
    if shell:
        choices.append(FieldChoice("needs_javascript", "true", "script_shells", shell, None))
    article = changed(
        article,
        page_kind=likeliest,
        page_kind_probability=round(kinds[likeliest], 4) if likeliest else None,
        is_article=verdict and shell is None,
        needs_javascript=shell is not None,
    )
    return StageResult(article, tuple(choices))
