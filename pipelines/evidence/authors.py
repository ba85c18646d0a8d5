"""Candidates for the authors: each place's list of names, with the evidence for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cleaners.document import Document
from cleaners.words.addresses import registered_domain
from pipelines.evidence.author_places import statements
from pipelines.evidence.byline_features import AuthorsCandidate, AuthorsEntry, describe
from pipelines.evidence.byline_lines import AuthorStatement
from pipelines.evidence.name_kinds import fold_name, is_organisation
from pipelines.evidence.page.markup import Stated
from pipelines.evidence.page.surroundings import Surroundings
from pipelines.evidence.ranking import Features, bucket, rank
from pipelines.evidence.undated import unsigned_features

_PARAGRAPH_CHARS: Final = 60


@dataclass(frozen=True)
class Bylines:
    """Lists of names, best first (None: "the page names no author"), with the model's probability of each."""

    candidates: tuple[AuthorsCandidate | None, ...] = ()
    probability: tuple[float, ...] = ()


def bylines(document: Document, stated: Stated, around: Surroundings, site: frozenset[str]) -> Bylines:
    """All candidates of a page, ranked. `site`: the site's folded names; `around` holds the headline's block."""
    rows = _rows(document, stated, around, site)
    order = rank("authors", [features for _, features in rows])
    return Bylines(tuple(rows[i][0] for i in order.order), order.probability)


def training_rows(
    document: Document, stated: Stated, around: Surroundings, site: frozenset[str]
) -> list[tuple[tuple[str, ...], Features]]:
    """Each candidate's names and features, the empty list first: what pipelines.training.evidence learns from."""
    return [(c.names if c else (), features) for c, features in _rows(document, stated, around, site)]


def _rows(
    document: Document, stated: Stated, around: Surroundings, site: frozenset[str]
) -> list[tuple[AuthorsCandidate | None, Features]]:
    entries = _entries(document, stated, around)
    host = registered_domain(document.url)
    paragraphs = "\n".join(["", *(block.text for block in document.blocks if len(block.text) >= _PARAGRAPH_CHARS)])
    describe(entries, site | {host.split(".")[0]}, paragraphs)
    none = unsigned_features(document, stated)
    none[bucket("none entries", len(entries), (1, 2, 4))] = 1.0
    return [(None, none), *((entry.candidate, entry.features) for entry in entries.values())]


def _entries(document: Document, stated: Stated, around: Surroundings) -> dict[frozenset[str], AuthorsEntry]:
    entries: dict[frozenset[str], AuthorsEntry] = {}
    for statement in statements(document, stated, around):
        if not statement.names or not all(map(fold_name, statement.names)):
            continue
        _note(entries, statement)
        people = [name for name in statement.names if not is_organisation(name)]
        if statement.source in _MIXED and 0 < len(people) < len(statement.names):
            mixed = (*statement.notes, "people of a mixed byline")
            _note(entries, statement._replace(names=people, notes=mixed))
    return entries


# In these sources "Ann Lee, Harbour Post" names an author and her newspaper, not two authors.
_MIXED: Final = ("text", "meta", "microdata")


def _note(entries: dict[frozenset[str], AuthorsEntry], statement: AuthorStatement) -> None:
    """Add a statement to the entry of its names; the first statement creates the entry."""
    key = frozenset(map(fold_name, statement.names))
    entry = entries.get(key)
    if entry is None:
        candidate = AuthorsCandidate(tuple(statement.names), statement.source, statement.raw, statement.block)
        entry = entries[key] = AuthorsEntry(candidate)
    elif any(map(str.isupper, entry.candidate.names)) and not any(map(str.isupper, statement.names)):
        entry.candidate = entry.candidate._replace(names=tuple(statement.names))  # prefer a spelling without capitals
    entry.places.add(statement.place)
    entry.features |= dict.fromkeys((statement.place, *statement.notes), 1.0)
