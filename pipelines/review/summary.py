"""Counts a whole run, for the report and for the comparison of two runs."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cleaners.words.addresses import host_name

COVERED: Final = ("headline", "date_published", "authors", "body", "description", "site_name", "language", "images")
"""Fields whose absence is counted."""
WORD_STEPS: Final = (1, 50, 100, 200, 400, 800, 1600, 3200, 6400)
"""Lower bounds, in words, of the bars of the distribution of lengths; a record below the first bound has no text."""
CONFIDENCE_STEPS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
MOST_ADDRESSES: Final = 5
"""Addresses remembered of records with the same body."""
NO_ADDRESS: Final = "no address"


@dataclass
class SiteNumbers:
    """The records of one site: their number, sums of words and confidence, counts of missing fields and of removals."""

    records: int = 0
    words: int = 0
    confidence: float = 0.0
    missing: Counter[str] = field(default_factory=Counter)


@dataclass
class SameBody:
    """Records with one body: how many there are, and the addresses of the first."""

    records: int = 0
    addresses: list[str] = field(default_factory=list)


@dataclass
class RunSummary:
    """Counts over the records of a run. Memory grows with the sites and bodies, not with the length of the records."""

    worst_wanted: int = 50
    records: int = 0
    words: int = 0
    sites: dict[str, SiteNumbers] = field(default_factory=dict)
    days: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    confidences: Counter[int] = field(default_factory=Counter)
    bodies: dict[str, SameBody] = field(default_factory=dict)
    _worst: list[tuple[float, int, dict[str, Any]]] = field(default_factory=list)

    def add(self, record: dict[str, Any]) -> None:
        """Count one record. Values of a wrong type count as missing."""
        words, confidence = number_of(record, "word_count"), number_of(record, "confidence")
        missing = [name for name in COVERED if not record.get(name)]
        self.records += 1
        self.words += int(words)
        self.days[str(record.get("date_published") or "")[:10] or "no day"] += 1
        self.languages[str(record.get("language") or "unknown")] += 1
        if record.get("page_kind"):
            self.kinds[str(record["page_kind"])] += 1
        self.reasons.update(reasons_of(record))
        self.flags.update(list_of(record, "flags"))
        self.missing.update(missing)
        self.lengths[bisect_right(WORD_STEPS, words)] += 1
        self.confidences[bisect_right(CONFIDENCE_STEPS, confidence)] += 1
        site = self.sites.setdefault(site_of(record), SiteNumbers())
        site.records += 1
        site.words += int(words)
        site.confidence += confidence
        site.missing.update(missing)
        self._remember_body(record)
        self._keep_if_bad(record, confidence)

    @property
    def worst(self) -> list[dict[str, Any]]:
        """The records with the lowest confidence, lowest first; with equal confidence, the earlier one first."""
        return [record for _, _, record in sorted(self._worst, key=lambda row: (-row[0], -row[1]))]

    @property
    def duplicates(self) -> list[SameBody]:
        """The bodies that more than one record has, most frequent first."""
        return sorted((one for one in self.bodies.values() if one.records > 1), key=lambda one: -one.records)

    def _remember_body(self, record: Mapping[str, Any]) -> None:
        if not (record.get("body") and record.get("body_sha256")):
            return
        same = self.bodies.setdefault(str(record["body_sha256"])[:16], SameBody())
        same.records += 1
        if len(same.addresses) < MOST_ADDRESSES:
            same.addresses.append(address_of(record))

    def _keep_if_bad(self, record: dict[str, Any], confidence: float) -> None:
        if self.worst_wanted:
            put = heapq.heappush if len(self._worst) < self.worst_wanted else heapq.heappushpop
            put(self._worst, (-confidence, -self.records, record))


def summary_of(records: Iterable[dict[str, Any]], worst: int = 50) -> RunSummary:
    """The summary of records, which are read once; `worst` records are kept whole."""
    summary = RunSummary(worst)
    for record in records:
        summary.add(record)
    return summary


def site_of(record: Mapping[str, Any]) -> str:
    """The host of the record's address; all records without an address share one name."""
    url = record.get("url") or record.get("canonical_url")
    return (host_name(url) if isinstance(url, str) else "") or NO_ADDRESS


def address_of(record: Mapping[str, Any]) -> str:
    """Where the record's page came from, for people: its URL, else its path."""
    return str(record.get("url") or record.get("source_path") or record.get("id") or "")


def reasons_of(record: Mapping[str, Any]) -> dict[str, int]:
    """Blocks removed by reason; rows of a wrong type are skipped.

    >>> reasons_of({"removed": [{"reason": "share_bar", "count": 2}, 7]})
    {'share_bar': 2}
    """
    removed = record.get("removed")
    rows = [row for row in removed if isinstance(row, Mapping)] if isinstance(removed, list) else []
    return {str(row.get("reason")): row["count"] for row in rows if isinstance(row.get("count"), int)}


def number_of(record: Mapping[str, Any], name: str) -> float:
    """A field as a number; 0 if it is not one."""
    value = record.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


def list_of(record: Mapping[str, Any], name: str) -> list[str]:
    """A field as a list of texts; empty if it is not one."""
    value = record.get(name)
    return [str(one) for one in value] if isinstance(value, list) else []
