"""What is known of a site beforehand: small TOML entries in a folder, each valid until a date, each optional.

    # sites/example.org.toml
    domain = "example.org"
    valid_until = 2027-06-30
    reason = "The page gives dates as 4/11/2024 and no language."
    date_order = "dmy"            # or "mdy"
    time_zone = "+01:00"          # offset of dates that state none
    language = "en-GB"
    author = "meta:x-author"      # where a field stands: meta:NAME, class:NAME or id:NAME
    published = "class:story-date"
    headline = "class:story-headline"

An entry is evidence that goes before all other. Where its selector finds nothing on a page of its site, the record
carries the flag `site_facts_unmatched` and --explain names the selector: an entry that no longer fits is seen.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from cleaners.errors import CopydeskError
from cleaners.tree import Tree
from pipelines.dates.moment import utc_instant

FOLDER: Final = Path(__file__).parent / "sites"
_SELECTED: Final = ("headline", "published", "author")
_SELECTOR: Final = re.compile(r"(meta|class|id):([\w.:@/-]+)")
_OFFSET: Final = re.compile(r"[+-]\d\d:\d\d")


class SiteFactsError(CopydeskError):
    """An entry about a site cannot be used."""


@dataclass(frozen=True)
class SiteFacts:
    """One entry. Empty texts are facts that it does not state."""

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

    def selected(self, name: str, tree: Tree) -> str:
        """The text that a field's selector finds on a page, or the empty text."""
        hit = _SELECTOR.fullmatch(getattr(self, name))
        if not hit:
            return ""
        return _select(tree, hit[1], hit[2])


@dataclass(frozen=True)
class SiteTable:
    """Entries by domain."""

    entries: dict[str, SiteFacts] = field(default_factory=dict)

    def of(self, url: str | None, fetched_at: str | None = None) -> SiteFacts | None:
        """The entry for a URL's host or a domain above it. None after its valid_until, seen from `fetched_at`."""
        try:
            host = (urlsplit(url or "").hostname or "").lower()
        except ValueError:
            return None
        while host:
            entry = self.entries.get(host)
            if entry:
                return None if _is_over(entry, fetched_at) else entry
            host = host.partition(".")[2]
        return None


@lru_cache(8)
def site_table(folder: str | None = None) -> SiteTable:
    """Read every *.toml of the package's folder, then of the given one, whose entries take precedence.

    Raises SiteFactsError naming the file and the key.
    """
    paths = [path for place in (FOLDER, folder) if place for path in sorted(Path(place).glob("*.toml"))]
    return SiteTable({entry.domain: entry for entry in map(read_entry, paths)})


def read_entry(path: Path) -> SiteFacts:
    """Read one entry. Raises SiteFactsError naming the file and the key."""
    try:
        row: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SiteFactsError(f"{path}: cannot be read as TOML ({error})") from error
    known = {f.name for f in fields(SiteFacts)} - {"path"}
    for key in row.keys() - known:
        raise SiteFactsError(f"{path}: {key!r} is no fact of a site; known are {', '.join(sorted(known))}")
    for key in ("domain", "valid_until", "reason"):
        if key not in row:
            raise SiteFactsError(f"{path}: {key!r} is missing; every entry says what it is of, until when, and why")
    entry = SiteFacts(**row, path=str(path))
    _check(entry)
    return entry


def _check(entry: SiteFacts) -> None:
    if not isinstance(entry.valid_until, date):
        raise SiteFactsError(f"{entry.path}: valid_until is {entry.valid_until!r}, not a date such as 2027-06-30")
    if entry.date_order not in ("", "dmy", "mdy"):
        raise SiteFactsError(f'{entry.path}: date_order is {entry.date_order!r}, not "dmy" or "mdy"')
    if entry.time_zone and not _OFFSET.fullmatch(entry.time_zone):
        raise SiteFactsError(f"{entry.path}: time_zone is {entry.time_zone!r}, not an offset such as +01:00")
    for name in _SELECTED:
        selector = getattr(entry, name)
        if selector and not _SELECTOR.fullmatch(selector):
            raise SiteFactsError(f"{entry.path}: {name} is {selector!r}, not meta:NAME, class:NAME or id:NAME")


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
