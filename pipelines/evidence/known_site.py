"""What an entry about the page's site adds to the evidence: its statements go before all other."""

from __future__ import annotations

from dataclasses import replace

from cleaners.document import Document
from cleaners.tree import Tree
from pipelines.dates.clock import offset_minutes
from pipelines.dates.order import Order
from pipelines.dates.parse import parse_stated
from pipelines.evidence.authors import AuthorsCandidate, Bylines
from pipelines.evidence.date_places import DateCandidate
from pipelines.evidence.dates import Dates
from pipelines.evidence.headline import HeadlineCandidate, Headlines, tidy
from pipelines.evidence.person_names import names_in
from pipelines.evidence.site_entries import SiteFacts

SOURCE = "site_facts"


def known_headline(facts: SiteFacts | None, document: Document, found: Headlines) -> Headlines:
    """The headline that the entry's selector finds, before the others."""
    text = tidy(_selected(facts, "headline", document))
    if not text:
        return found
    block = next((c.block for c in found.candidates if c.text == text), -1)
    return Headlines((HeadlineCandidate(text, SOURCE, text, block), *found.candidates), (1.0, *found.probability))


def known_dates(facts: SiteFacts | None, document: Document, found: Dates, language: str | None) -> Dates:
    """The date that the entry's selector finds, before the others; times without offset get the site's."""
    if facts is None:
        return found
    raw = _selected(facts, "published", document)
    when = parse_stated(raw, language, Order(facts.date_order or "dmy")) if raw else None
    if when:
        first = DateCandidate(when, SOURCE, raw, SOURCE)
        found = Dates((first, *found.published), (1.0, *found.probability), found.modified)
    offset = offset_minutes(facts.time_zone)
    if offset is None:
        return found
    published = tuple(candidate and _in_zone(candidate, offset) for candidate in found.published)
    return replace(found, published=published, modified=tuple(_in_zone(c, offset) for c in found.modified))


def known_byline(facts: SiteFacts | None, document: Document, found: Bylines) -> Bylines:
    """The authors that the entry's selector finds, before the others."""
    raw = _selected(facts, "author", document)
    names = names_in(raw)
    if not names:
        return found
    return Bylines((AuthorsCandidate(tuple(names), SOURCE, raw), *found.candidates), (1.0, *found.probability))


def unmatched(facts: SiteFacts | None, tree: Tree | None) -> tuple[str, ...]:
    """The entry's selectors that find nothing on a page of its site, as "domain: field = selector"."""
    if facts is None or tree is None:
        return ()
    missing = (n for n in ("headline", "published", "author") if getattr(facts, n) and not facts.selected(n, tree))
    return tuple(f"{facts.domain}: {name} = {getattr(facts, name)}" for name in missing)


def _selected(facts: SiteFacts | None, name: str, document: Document) -> str:
    return facts.selected(name, document.tree) if facts and document.tree else ""


def _in_zone(candidate: DateCandidate, offset: int) -> DateCandidate:
    when = candidate.moment
    if when.hour is None or when.offset is not None:
        return candidate
    return candidate._replace(moment=when._replace(offset=offset))
