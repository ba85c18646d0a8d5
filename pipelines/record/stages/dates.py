"""Sets the dates: published and modified. The date of a change serves as that of publication if no other is stated."""

from __future__ import annotations

from pipelines.evidence.date_places import DateCandidate
from pipelines.record.article import Article, changed
from pipelines.record.calendar import day_of, instant_of
from pipelines.record.context import FieldChoice, RecordInputs, StageResult


def dates(article: Article, inputs: RecordInputs) -> StageResult:
    """Set both dates with raw text and source. If a change serves as the publication, its source is `modified`."""
    found = inputs.evidence.dates
    published = found.published[0] if found.published else None
    second = next((c.moment.iso() for c in found.published[1:2] if c), None)
    choices = [_choice("date_published", published, second)]
    if published:
        article = _with_published(article, published)
    elif found.unclear:
        flags = [*article.flags, "date_ambiguous"]
        article = changed(article, date_published_raw=found.unclear, date_published_source="dump", flags=flags)
    modified = _modified(found.modified, published)
    if modified:
        choices.append(_choice("date_modified", modified, None))
        article = _with_modified(article, modified)
    return StageResult(article, tuple(choices))


def _with_published(article: Article, published: DateCandidate) -> Article:
    stated = published.moment.iso()
    return changed(
        article,
        date_published=stated,
        date_published_raw=published.raw,
        date_published_source=published.source,
        published_day=day_of(stated),
        published_at=instant_of(stated),
    )


def _with_modified(article: Article, modified: DateCandidate) -> Article:
    stated = modified.moment.iso()
    return changed(
        article,
        date_modified=stated,
        date_modified_raw=modified.raw,
        date_modified_source=modified.source,
        modified_day=day_of(stated),
        modified_at=instant_of(stated),
    )


def _modified(candidates: tuple[DateCandidate, ...], published: DateCandidate | None) -> DateCandidate | None:
    """The best statement of a change that is not before publication."""
    for candidate in candidates:
        if not published or (candidate.moment.date or "") >= (published.moment.date or ""):
            return candidate
    return None


def _choice(field: str, chosen: DateCandidate | None, second: str | None) -> FieldChoice:
    if chosen is None:
        return FieldChoice(field, None, None, None, second)
    return FieldChoice(field, chosen.moment.iso(), chosen.source, chosen.raw, second)
