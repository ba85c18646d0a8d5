"""The filters of records: a table with a reason for each, so that every record left out is counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, NamedTuple

from cleaners.errors import UsageError
from cleaners.words.addresses import host_name

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Wanted:
    """Which records are wanted. A field with its default value excludes nothing.

    kinds        values of `page_kind`
    languages    primary languages
    sites        hosts; a host includes its subdomains
    not_sites    hosts to leave out
    since, until days, both included; a record without a day is left out
    """

    articles: bool = False
    kinds: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    not_sites: frozenset[str] = frozenset()
    min_words: int | None = None
    max_words: int | None = None
    min_confidence: float | None = None
    since: str | None = None
    until: str | None = None
    publications: bool = False

    @property
    def is_anything(self) -> bool:
        """Whether every record is wanted."""
        return self == Wanted()


def wanted_of(values: Mapping[str, Any]) -> Wanted:
    """The Wanted with these fields, lists for its sets. Raises UsageError for a name that is no field.

    >>> wanted_of({"languages": ["en"], "min_words": 50}).languages
    frozenset({'en'})
    """
    names = {one.name for one in fields(Wanted)}
    if unknown := sorted(set(values) - names):
        raise UsageError(f"{unknown[0]!r} is no filter; choose among {', '.join(sorted(names))}")
    changes: dict[str, Any] = {name: frozenset(one) if isinstance(one, list) else one for name, one in values.items()}
    return replace(Wanted(), **changes)


# The fields of a record that each filter reads, besides its address.
_READ: Final = {
    "articles": "is_article",
    "kinds": "page_kind",
    "languages": "language",
    "min_words": "word_count",
    "max_words": "word_count",
    "min_confidence": "confidence",
    "since": "published_day",
    "until": "published_day",
    "publications": "date_published_source",
}


def fields_read(wanted: Wanted) -> tuple[str, ...]:
    """The fields of a record that decide whether it is wanted.

    >>> fields_read(Wanted(min_words=50, languages=frozenset({"en"})))
    ('language', 'word_count')
    """
    default = Wanted()
    return tuple(read for name, read in _READ.items() if getattr(wanted, name) != getattr(default, name))


class Filter(NamedTuple):
    """One row: the reason for which a record is left out, and the test that says so."""

    reason: str
    leaves_out: Callable[[Record, Wanted], bool]


def _number(record: Record, name: str) -> float:
    value = record.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


def _day(record: Record) -> str:
    return str(record.get("published_day") or "")


def _is_on(record: Record, sites: frozenset[str]) -> bool:
    host = host_name(str(record.get("url") or record.get("canonical_url") or ""))
    return any(host == site or host.endswith(f".{site}") for site in sites)


FILTERS: Final[tuple[Filter, ...]] = (
    Filter("no_article", lambda record, wanted: wanted.articles and record.get("is_article") is not True),
    Filter("kind", lambda record, wanted: bool(wanted.kinds) and record.get("page_kind") not in wanted.kinds),
    Filter(
        "language", lambda record, wanted: bool(wanted.languages) and record.get("language") not in wanted.languages
    ),
    Filter("site", lambda record, wanted: bool(wanted.sites) and not _is_on(record, wanted.sites)),
    Filter("site_left_out", lambda record, wanted: bool(wanted.not_sites) and _is_on(record, wanted.not_sites)),
    Filter(
        "too_short",
        lambda record, wanted: wanted.min_words is not None and _number(record, "word_count") < wanted.min_words,
    ),
    Filter(
        "too_long",
        lambda record, wanted: wanted.max_words is not None and _number(record, "word_count") > wanted.max_words,
    ),
    Filter(
        "confidence",
        lambda record, wanted: (
            wanted.min_confidence is not None and _number(record, "confidence") < wanted.min_confidence
        ),
    ),
    Filter("no_day", lambda record, wanted: bool(wanted.since or wanted.until) and not _day(record)),
    Filter("too_early", lambda record, wanted: wanted.since is not None and _day(record) < wanted.since),
    Filter("too_late", lambda record, wanted: wanted.until is not None and _day(record) > wanted.until),
    Filter(
        "day_of_a_change",
        lambda record, wanted: wanted.publications and record.get("date_published_source") == "modified",
    ),
)


def reason_against(record: Record, wanted: Wanted) -> str | None:
    """The first reason in the order of FILTERS for which the record is not wanted; None if it is.

    >>> reason_against({"language": "de", "word_count": 90}, Wanted(languages=frozenset({"en"})))
    'language'
    """
    return next((row.reason for row in FILTERS if row.leaves_out(record, wanted)), None)
