"""Gathers the candidates for all fields of a record, from the tree and blocks that cleaning made."""

from __future__ import annotations

from dataclasses import dataclass, field

from cleaners.document import Block, Cleaned, Document
from cleaners.page import Page
from pipelines.dates.order import Order
from pipelines.evidence.authors import Bylines, bylines
from pipelines.evidence.dates import Dates, dates
from pipelines.evidence.dump_candidates import dump_bylines, dump_dates, dump_headlines, field_candidates
from pipelines.evidence.headline import Headlines, headlines
from pipelines.evidence.language import declared_languages, detect, sample_of
from pipelines.evidence.page.markup import Stated, read_stated
from pipelines.evidence.page.surroundings import Surroundings
from pipelines.evidence.person_names import fold_name
from pipelines.evidence.site_entries import SiteFacts, known_byline, known_dates, known_headline, matched, unmatched
from pipelines.evidence.site_name import site_names


@dataclass(frozen=True)
class Evidence:
    """Everything a page says of itself, by field, best candidate first.

    `stated` holds what its code states, for the fields that need no ranking; `address` is the URL the page was
    read under; `languages` are the language tags it declares, most telling first; `unmatched` names the selectors of
    the site's entry (site_entries) that find nothing on this page, `rules` the fields and selectors of those that do.
    """

    address: str | None = None
    stated: Stated = field(default_factory=Stated)
    headlines: Headlines = field(default_factory=Headlines)
    dates: Dates = field(default_factory=Dates)
    bylines: Bylines = field(default_factory=Bylines)
    languages: tuple[tuple[str, str], ...] = ()
    site_names: tuple[tuple[str, str], ...] = ()
    unmatched: tuple[str, ...] = ()
    rules: tuple[tuple[str, str], ...] = ()


def gather(page: Page, cleaned: Cleaned, facts: SiteFacts | None = None) -> Evidence:
    """Collect the evidence for every field in one pass. Dropped blocks count too: bylines and dates are among them.

    `facts` is the user's own entry about the page's site; see site_entries.
    """
    document = cleaned.document
    if document.tree is None:
        return _gather_from_dump(page, document, cleaned.kept)
    stated = read_stated(document.tree)
    languages = declared_languages(document.tree, stated)
    if facts and facts.language:
        languages = ((facts.language, "site_facts"), *languages)
    sites = site_names(document, stated)
    names = [name for name, _ in sites]
    found = known_headline(facts, document, headlines(document, stated, names))
    language = languages[0][0] if languages else None
    order = Order(facts.date_order) if facts and facts.date_order else None
    around = Surroundings(document, found.block)
    when = dates(document, stated, around, language, page.fetched_at, order)
    who = bylines(document, stated, around, frozenset(fold_name(name) for name in names))
    return Evidence(
        page.url,
        stated,
        found,
        known_dates(facts, document, when, language),
        known_byline(facts, document, who),
        languages,
        sites,
        unmatched(facts, document.tree),
        matched(facts),
    )


def _gather_from_dump(page: Page, document: Document, kept: tuple[Block, ...]) -> Evidence:
    fields, stated = field_candidates(document, page.fetched_at), dict(page.stated)
    if "date_ambiguous" in fields.flags:  # only then does the language matter
        fields = field_candidates(document, page.fetched_at, detect(sample_of(kept))[0])
    return Evidence(
        page.url,
        headlines=dump_headlines(document, stated, fields),
        dates=dump_dates(document, stated, fields, page.fetched_at),
        bylines=dump_bylines(document, stated, fields),
    )
