"""Gathers the candidates for the fields of a record from the tree and blocks that cleaning made."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from cleaners.document import Cleaned, Document
from cleaners.page import Page
from cleaners.tree import Tree
from pipelines.dates.order import Order
from pipelines.evidence.authors import Bylines, bylines
from pipelines.evidence.dates import Dates, dates
from pipelines.evidence.dump_candidates import (
    TextFields,
    dump_bylines,
    dump_dates,
    dump_headlines,
    field_candidates,
)
from pipelines.evidence.headline import Headlines, headlines
from pipelines.evidence.language import DeclaredLanguage, declared_languages, detect, sample_of
from pipelines.evidence.name_kinds import fold_name
from pipelines.evidence.page.markup import Stated, read_stated
from pipelines.evidence.page.surroundings import Surroundings
from pipelines.evidence.site_entries import (
    SITE_FACTS,
    SiteFacts,
    known_byline,
    known_dates,
    known_headline,
    matched,
    ruled_links,
    unmatched,
)
from pipelines.evidence.site_name import SiteName, site_names


@dataclass(frozen=True)
class PageEvidence:
    """The Evidence of a page with markup."""

    page: Page
    document: Document
    tree: Tree
    facts: SiteFacts | None = None

    @cached_property
    def stated(self) -> Stated:
        """JSON-LD, meta elements and marked elements."""
        return read_stated(self.tree)

    @cached_property
    def languages(self) -> tuple[DeclaredLanguage, ...]:
        """The entry's language, then those that the page declares."""
        declared = declared_languages(self.tree, self.stated)
        if self.facts and self.facts.language:
            return (DeclaredLanguage(self.facts.language, self.facts.language, SITE_FACTS), *declared)
        return declared

    @cached_property
    def site_names(self) -> tuple[SiteName, ...]:
        """Stated names, then pieces of the title."""
        return site_names(self.document, self.stated)

    @cached_property
    def headlines(self) -> Headlines:
        """The entry's headline, then the ranked ones."""
        names = [name for name, _ in self.site_names]
        return known_headline(self.facts, self.document, headlines(self.document, self.stated, names))

    @cached_property
    def dates(self) -> Dates:
        """The entry's date, then the ranked ones."""
        language = self.languages[0].tag if self.languages else None
        order = Order(self.facts.date_order) if self.facts and self.facts.date_order else None
        found = dates(self.document, self.stated, self._around, language, self.page.fetched_at, order)
        return known_dates(self.facts, self.document, found, language)

    @cached_property
    def bylines(self) -> Bylines:
        """The entry's authors, then the ranked ones."""
        sites = frozenset(fold_name(name) for name, _ in self.site_names)
        return known_byline(self.facts, self.document, bylines(self.document, self.stated, self._around, sites))

    @cached_property
    def unmatched(self) -> tuple[str, ...]:
        """The entry's selectors that find nothing."""
        return unmatched(self.facts, self.tree)

    @cached_property
    def rules(self) -> tuple[tuple[str, str], ...]:
        """The entry's rules that find something."""
        return matched(self.facts)

    @cached_property
    def links(self) -> dict[str, str]:
        """The addresses that the entry's rules for links find."""
        return ruled_links(self.facts)

    @cached_property
    def _around(self) -> Surroundings:
        return Surroundings(self.document, self.headlines.block)


@dataclass(frozen=True)
class DumpEvidence:
    """The Evidence of a text dump, which has no code: facts given with the page, and its first lines."""

    page: Page
    cleaned: Cleaned
    stated: Stated = field(default_factory=Stated)
    languages: tuple[DeclaredLanguage, ...] = ()
    site_names: tuple[SiteName, ...] = ()
    unmatched: tuple[str, ...] = ()
    rules: tuple[tuple[str, str], ...] = ()
    links: dict[str, str] = field(default_factory=dict)

    @cached_property
    def headlines(self) -> Headlines:
        """The stated headline, then lines before the body."""
        return dump_headlines(self.cleaned.document, dict(self.page.stated), self._fields)

    @cached_property
    def dates(self) -> Dates:
        """The stated date, then lines with a date."""
        return dump_dates(self.cleaned.document, dict(self.page.stated), self._fields, self.page.fetched_at)

    @cached_property
    def bylines(self) -> Bylines:
        """The stated authors, then lines that begin like a byline."""
        return dump_bylines(self.cleaned.document, dict(self.page.stated), self._fields)

    @cached_property
    def _fields(self) -> TextFields:
        document, fetched = self.cleaned.document, self.page.fetched_at
        fields = field_candidates(document, fetched)
        if fields.has_ambiguous_date:  # only then does the language matter
            return field_candidates(document, fetched, detect(sample_of(self.cleaned.kept))[0])
        return fields


Evidence = PageEvidence | DumpEvidence
"""Everything a page says of itself, by field, best candidate first. Each field is read when it is first asked for.

stated      what its code states, for the fields that need no ranking
languages   the languages that it declares, most telling first
site_names  names of the site, each with its source
unmatched   the selectors of the site's entry (site_entries) that find nothing on this page
rules       the fields and selectors of those that do
links       the addresses that its rules for next_page and single_page find, as the page writes them
"""


def gather(page: Page, cleaned: Cleaned, facts: SiteFacts | None = None) -> Evidence:
    """The evidence for every field, from all blocks: bylines and dates are among those that were dropped.

    `facts` is the user's own entry about the page's site; see site_entries.
    """
    tree = cleaned.document.tree
    return DumpEvidence(page, cleaned) if tree is None else PageEvidence(page, cleaned.document, tree, facts)
