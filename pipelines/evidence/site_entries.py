"""Reads entries about sites: small TOML files in a folder, each valid until a date, each optional.

    # sites/example.org.toml
    domain = "example.org"
    valid_until = 2027-06-30
    reason = "The page gives dates as 4/11/2024 and no language."
    date_order = "dmy"            # or "mdy"
    time_zone = "+01:00"          # offset of dates that state none
    language = "en-GB"
    author = "meta:x-author"      # where the page has a field: meta:NAME, class:NAME, id:NAME,
    published = "class:story-date"
    headline = "css:header > h1"  # css:SELECTOR or xpath:EXPRESSION
    body = "css:div.story"        # the body is what this selects, and nothing else
    drop = ["xpath://aside"]      # what is no part of it
    next_page = "css:a.onward"    # the link to the next page of an article; a crawl joins the pages
    single_page = "css:a.whole"   # the link to the page that holds the whole article; a crawl takes that page

The folder may also hold configurations in the text form of read-later programs (site_configs), HOST.txt each.

An entry is evidence that comes before all other. If its selector finds nothing on a page of its site, the record
carries the flag `site_facts_unmatched` and --explain names the selector, so that an entry that no longer fits is seen.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from cleaners.document import Document
from cleaners.errors import suggestion
from cleaners.page import Page
from cleaners.tree import Tree
from cleaners.words.addresses import host_name
from pipelines.dates.clock import offset_minutes
from pipelines.dates.moment import utc_instant
from pipelines.dates.order import Order
from pipelines.dates.parse import parse_stated
from pipelines.evidence.authors import Bylines
from pipelines.evidence.byline_features import AuthorsCandidate
from pipelines.evidence.date_places import DateCandidate
from pipelines.evidence.dates import Dates
from pipelines.evidence.headline import HeadlineCandidate, Headlines
from pipelines.evidence.page.text_forms import tidy
from pipelines.evidence.person_names import names_in
from pipelines.evidence.site_configs import host_of, read_config
from pipelines.evidence.site_entry_forms import FORMS, LINKS, PLACE, SELECTED
from pipelines.evidence.site_rules import Found, Rule, SiteRuleError, SiteRules, find, is_selector, read_rule, read_text

FOLDER: Final = Path(__file__).parent / "sites"
SITE_FACTS: Final = "site_facts"
"""The source that the record names for a value from an entry."""
_RULE_SOURCE: Final = "site_rule"  # the source of a value that a CSS selector or an XPath found


class SiteFactsError(SiteRuleError):
    """An entry about a site cannot be used."""


@dataclass(frozen=True)
class SiteFacts:
    """One entry. An empty text means that the entry does not state the fact.

    `rules` are its CSS selectors and XPaths; `found` is what they find on the page at hand.
    """

    domain: str
    valid_until: date
    reason: str
    path: str = ""
    date_order: str = ""
    time_zone: str = ""
    language: str = ""
    headline: str = ""
    published: str = ""
    author: str = ""
    body: str = ""
    drop: tuple[str, ...] = ()
    next_page: str = ""
    single_page: str = ""
    rules: SiteRules = field(default_factory=SiteRules)
    found: Found | None = None

    def selected(self, name: str, tree: Tree) -> str:
        """The text that a field's selector finds on a page, or the empty text."""
        if self.found and name in self.found.texts:
            return self.found.texts[name][0]
        hit = PLACE.fullmatch(getattr(self, name))
        if not hit:
            return ""
        return _select(tree, hit[1], hit[2])


@dataclass(frozen=True)
class SiteTable:
    """Entries by domain."""

    entries: dict[str, SiteFacts] = field(default_factory=dict)

    def of(self, url: str | None, fetched_at: str | None = None) -> SiteFacts | None:
        """The entry for a URL's host or a domain above it. None after its valid_until, seen from `fetched_at`."""
        host = host_name(url)
        while host:
            entry = self.entries.get(host)
            if entry:
                return None if _is_over(entry, fetched_at) else entry
            host = host.partition(".")[2]
        return None


@lru_cache(8)
def site_table(folder: str | None = None) -> SiteTable:
    """Read every *.toml of the package's folder, then the given one's HOST.txt and *.toml; later ones take precedence.

    Raises SiteRuleError naming the file, and the key or the line.
    """
    entries = [read_entry(path) for path in sorted(FOLDER.glob("*.toml"))]
    if folder:
        configs = ((host_of(path), path) for path in sorted(Path(folder).glob("*.txt")))
        entries += [_entry_of_config(host, path) for host, path in configs if host]
        entries += [read_entry(path) for path in sorted(Path(folder).glob("*.toml"))]
    return SiteTable({host_name(f"//{entry.domain}"): entry for entry in entries})


def site_on(page: Page, document: Document, folder: str | None) -> SiteFacts | None:
    """The entry for a page, with what its rules find there; None if there is no entry, and for a text dump."""
    if document.tree is None:
        return None
    facts = site_table(folder).of(page.url, page.fetched_at)
    return replace(facts, found=find(facts.rules, document)) if facts and facts.rules.any else facts


def _entry_of_config(host: str, path: Path) -> SiteFacts:
    return SiteFacts(host, date.max, "", str(path), rules=read_config(path))


def read_entry(path: Path) -> SiteFacts:
    """Read one entry. Raises SiteRuleError naming the file and the key."""
    text = read_text(path)
    try:
        row: dict[str, Any] = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise SiteFactsError(f"{path}: cannot be read as TOML ({error})") from error
    known = {f.name for f in fields(SiteFacts)} - {"path", "rules", "found"}
    for key in row.keys() - known:
        raise SiteFactsError(f"{path}: {key!r} is no fact of a site; {suggestion(key, sorted(known))}")
    for key in ("domain", "valid_until", "reason"):
        if key not in row:
            raise SiteFactsError(f"{path}: {key!r} is missing; every entry says what it is of, until when, and why")
    entry = SiteFacts(**row, path=str(path))
    _check(entry)
    return replace(entry, drop=tuple(entry.drop), rules=_rules(entry, text))


def _rules(entry: SiteFacts, code: str) -> SiteRules:
    """The entry's CSS selectors and XPaths, read."""
    lines = code.splitlines()

    def read(name: str, selector: str) -> tuple[Rule, ...]:
        if not is_selector(selector):
            return ()
        line = next((n for n, said in enumerate(lines, 1) if re.match(rf"\s*{name}\s*=", said)), 1)
        return (read_rule(selector, f"{entry.path}, line {line}: {name}"),)

    chosen = {name: read(name, getattr(entry, name)) for name in SELECTED}
    drop = tuple(rule for selector in entry.drop for rule in read("drop", selector))
    links = {name: read(name, getattr(entry, name)) for name in LINKS}
    return SiteRules(read("body", entry.body), drop, _filled(chosen), _filled(links))


def _filled(rules: dict[str, tuple[Rule, ...]]) -> dict[str, tuple[Rule, ...]]:
    return {name: those for name, those in rules.items() if those}


def _check(entry: SiteFacts) -> None:
    for name, is_right, wanted in FORMS:
        value = getattr(entry, name)
        if not is_right(value):
            raise SiteFactsError(f"{entry.path}: {name} is {value!r}, not {wanted}")


def _is_over(entry: SiteFacts, fetched_at: str | None) -> bool:
    fetched = utc_instant(fetched_at)
    return fetched is not None and fetched.date() > entry.valid_until


def _select(tree: Tree, kind: str, name: str) -> str:
    if kind == "meta":
        found = (e for e in tree.all("meta") if name in (tree.get(e, "name"), tree.get(e, "property")))
        return next((tree.get(e, "content") for e in found), "")
    for element, at in enumerate(tree.attributes):
        value = at.get(kind) or ""
        if name == value or (kind == "class" and name in value.split()):
            return tree.text(element)
    return ""


def known_headline(facts: SiteFacts | None, document: Document, found: Headlines) -> Headlines:
    """The headline that the entry's selector finds, before the others."""
    text = tidy(_selected(facts, "headline", document))
    if not text:
        return found
    block = next((c.block for c in found.candidates if c.text == text), -1)
    known = HeadlineCandidate(text, _source(facts, "headline"), text, block)
    return Headlines((known, *found.candidates), (1.0, *found.probability), found.block if block < 0 else block)


def known_dates(facts: SiteFacts | None, document: Document, found: Dates, language: str | None) -> Dates:
    """The date that the entry's selector finds, before the others; times without offset get the site's."""
    if facts is None:
        return found
    raw = _selected(facts, "published", document)
    when = parse_stated(raw, language, Order(facts.date_order or "dmy")) if raw else None
    if when:
        source = _source(facts, "published")
        first = DateCandidate(when, source, raw, source)
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
    return Bylines(
        (AuthorsCandidate(tuple(names), _source(facts, "author"), raw), *found.candidates), (1.0, *found.probability)
    )


def unmatched(facts: SiteFacts | None, tree: Tree | None) -> tuple[str, ...]:
    """The entry's selectors that find nothing on a page of its site, as "domain: field = selector"."""
    if facts is None or tree is None:
        return ()
    plain = (n for n in SELECTED if PLACE.fullmatch(getattr(facts, n)) and not facts.selected(n, tree))
    missing = [(name, getattr(facts, name)) for name in plain]
    if facts.found:
        missing += facts.found.missing
    return tuple(f"{facts.domain}: {name} = {selector}" for name, selector in missing)


def matched(facts: SiteFacts | None) -> tuple[tuple[str, str], ...]:
    """Each field that a CSS selector or an XPath of the entry finds on the page, with that rule as it was written."""
    texts = facts.found.texts if facts and facts.found else {}
    return tuple((name, rule.text) for name, (_, rule) in texts.items())


def ruled_links(facts: SiteFacts | None) -> dict[str, str]:
    """The addresses that the entry's rules for links find on the page, as the page writes them."""
    return dict(facts.found.links) if facts and facts.found else {}


def _source(facts: SiteFacts | None, name: str) -> str:
    return _RULE_SOURCE if facts and facts.found and name in facts.found.texts else SITE_FACTS


def _selected(facts: SiteFacts | None, name: str, document: Document) -> str:
    return facts.selected(name, document.tree) if facts and document.tree else ""


def _in_zone(candidate: DateCandidate, offset: int) -> DateCandidate:
    when = candidate.moment
    if when.hour is None or when.offset is not None:
        return candidate
    return candidate._replace(moment=when._replace(offset=offset))
