"""Candidates from a text dump, which has no code to state anything: lines near its top, and what came beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cleaners.document import Document
from pipelines.dates.order import order_of
from pipelines.dates.parse import parse_stated
from pipelines.evidence.authors import AuthorsCandidate, Bylines
from pipelines.evidence.date_places import DateCandidate
from pipelines.evidence.dates import Dates
from pipelines.evidence.dump_candidates import TextFields
from pipelines.evidence.headline import HeadlineCandidate, Headlines
from pipelines.evidence.person_names import names_in, reads_like_person

_TOP: Final = 25  # lines in which a stated headline is looked for


def dump_headlines(document: Document, stated: Mapping[str, str], fields: TextFields) -> Headlines:
    """The stated headline, else the lines before the body by position, form and agreement with it."""
    found: list[HeadlineCandidate] = []
    if text := " ".join(stated.get("headline", "").split()):
        at = next((b.index for b in document.blocks[:_TOP] if b.text == text), -1)
        found.append(HeadlineCandidate(text, "stated", stated["headline"], at))
    found += [HeadlineCandidate(c.text, "dump", c.text, c.block) for c in fields.headlines]
    return Headlines(tuple(found), tuple(1 / (1 + place) for place in range(len(found))))


def dump_dates(document: Document, stated: Mapping[str, str], fields: TextFields, fetched_at: str | None) -> Dates:
    """The stated date, else dates on lines of their own around the headline. None where there is no such line.

    A date that can be read in two ways is given as `unclear`, and no reading of it.
    """
    texts = [block.text for block in document.blocks[:_TOP]]
    raw = stated.get("date") or stated.get("date_published") or ""
    when = parse_stated(raw, None, order_of(None, document.url, texts)) if raw else None
    found: list[DateCandidate | None] = []
    if when and not when.is_after(fetched_at):
        found.append(DateCandidate(when, "stated", raw, "stated"))
    elif fields.dates and fields.dates[0].ambiguous:
        return Dates((None,), (1.0,), unclear=fields.dates[0].raw)
    found += [
        DateCandidate(line.moment, "dump", line.raw, "dump", line.block)
        for line in fields.dates
        if line.moment and not line.moment.is_after(fetched_at)
    ]
    return Dates((*found, None), tuple(1 / (1 + place) for place in range(len(found) + 1)))


def dump_bylines(document: Document, stated: Mapping[str, str], fields: TextFields) -> Bylines:
    """The stated authors, else a line near the headline that begins like a byline."""
    found: list[AuthorsCandidate | None] = []
    if names := names_in(stated.get("author", "") or stated.get("authors", "")):
        found.append(AuthorsCandidate(tuple(names), "stated", stated.get("author", "")))
    for candidate in fields.bylines:
        names = names_in(candidate.text)
        if names and all(reads_like_person(name) for name in names):
            raw = document.blocks[candidate.block].text
            found.append(AuthorsCandidate(tuple(names), "dump", raw, candidate.block))
    return Bylines((*found, None), tuple(1 / (1 + place) for place in range(len(found) + 1)))
