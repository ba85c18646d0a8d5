"""Compares two runs, site by site, and finds changes of the kind that a new layout of a site causes.

Shares are compared by the two-proportion z-test and distributions by the two-sample Kolmogorov-Smirnov test (both in
NIST/SEMATECH, e-Handbook of Statistical Methods), and a change counts only if it is also large.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import sqrt
from statistics import median
from typing import Any, Final, NamedTuple

from pipelines.review.summary import COVERED, number_of, reasons_of, site_of

FEWEST: Final = 10
"""Records that a site must have in both runs to be compared."""
MOST_VALUES: Final = 2000
"""Lengths and confidences kept for a site: those of the records with the smallest hashes, whatever the order."""
LEAST_SHARE: Final = 0.2
"""A share has changed if it differs by this much, and chance does not explain it."""
LEAST_RATIO: Final = 1.5
"""A median length has changed if it is this many times larger or smaller."""
LEAST_CONFIDENCE: Final = 0.1
"""A median confidence has changed if it differs by this much."""
_Z: Final = 3.29  # two-sided p = 0.001
_KOLMOGOROV: Final = 1.95  # p = 0.001


@dataclass
class SiteProfile:
    """One site of one run: how often fields are filled and reasons occur, and a sample of (length, confidence)."""

    records: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    _sample: list[tuple[int, float, float]] = field(default_factory=list)

    def add(self, record: Mapping[str, Any]) -> None:
        """Count one record."""
        self.records += 1
        self.filled.update(name for name in COVERED if record.get(name))
        self.reasons.update(reasons_of(record).keys())
        digest = int.from_bytes(hashlib.blake2b(str(record.get("id")).encode(), digest_size=6).digest(), "big")
        row = (-digest, number_of(record, "word_count"), number_of(record, "confidence"))
        put = heapq.heappush if len(self._sample) < MOST_VALUES else heapq.heappushpop
        put(self._sample, row)

    @property
    def lengths(self) -> list[float]:
        """Words of each body of the sample, ascending."""
        return sorted(length for _, length, _ in self._sample)

    @property
    def confidences(self) -> list[float]:
        """Confidences of the sample, ascending."""
        return sorted(confidence for _, _, confidence in self._sample)


class Change(NamedTuple):
    """A change at a site between two runs: the site, the name of the measure, and both values as text for people."""

    site: str
    what: str
    before: str
    now: str

    def __str__(self) -> str:
        """The change as one line for people."""
        return f"{self.site}: {self.what}: {self.before} before, {self.now} now"


def profiles_of(records: Iterable[Mapping[str, Any]]) -> dict[str, SiteProfile]:
    """The profile of every site. Memory grows with the sites alone."""
    profiles: dict[str, SiteProfile] = {}
    for record in records:
        profiles.setdefault(site_of(record), SiteProfile()).add(record)
    return profiles


def changes(before: Mapping[str, SiteProfile], now: Mapping[str, SiteProfile], fewest: int = FEWEST) -> list[Change]:
    """The changes, by site. Sites with less than `fewest` records in a run are skipped, unless a run has none."""
    found: list[Change] = []
    for site in sorted(before.keys() | now.keys()):
        old, new = before.get(site, SiteProfile()), now.get(site, SiteProfile())
        if old.records >= fewest and not new.records:
            found.append(Change(site, "records", f"{old.records:,}", "none"))
        elif min(old.records, new.records) >= fewest:
            found += _of_site(site, old, new)
    return found


def _of_site(site: str, old: SiteProfile, new: SiteProfile) -> Iterator[Change]:
    for name in COVERED:
        yield from _share(site, f"records with {name}", old, new, old.filled[name], new.filled[name])
    for reason in sorted(old.reasons.keys() | new.reasons.keys()):
        what = f"records with blocks removed as {reason}"
        yield from _share(site, what, old, new, old.reasons[reason], new.reasons[reason])
    if _unlike(old.lengths, new.lengths):
        low, high = sorted((median(old.lengths), median(new.lengths)))
        if high >= LEAST_RATIO * max(low, 1):
            yield Change(site, "median words", f"{median(old.lengths):,.0f}", f"{median(new.lengths):,.0f}")
    if _unlike(old.confidences, new.confidences):
        was, is_now = median(old.confidences), median(new.confidences)
        if abs(was - is_now) >= LEAST_CONFIDENCE:
            yield Change(site, "median confidence", f"{was:.2f}", f"{is_now:.2f}")


def _share(site: str, what: str, old: SiteProfile, new: SiteProfile, was: int, is_now: int) -> Iterator[Change]:
    first, second = was / old.records, is_now / new.records
    both = (was + is_now) / (old.records + new.records)
    spread = sqrt(both * (1 - both) * (1 / old.records + 1 / new.records))
    if abs(first - second) >= LEAST_SHARE and abs(first - second) > _Z * spread:
        yield Change(site, what, f"{first:.0%}", f"{second:.0%}")


def _unlike(one: list[float], other: list[float]) -> bool:
    """Whether two ascending samples differ by more than chance explains (Kolmogorov-Smirnov, p = 0.001)."""
    return distance(one, other) > _KOLMOGOROV * sqrt((len(one) + len(other)) / (len(one) * len(other)))


def distance(one: list[float], other: list[float]) -> float:
    """The largest distance between the distributions of two ascending samples, 0 to 1.

    >>> distance([1.0, 2.0], [3.0, 4.0]), distance([1.0, 2.0], [1.0, 2.0])
    (1.0, 0.0)
    """
    largest, first, second = 0.0, 0, 0
    for value in sorted({*one, *other}):
        while first < len(one) and one[first] <= value:
            first += 1
        while second < len(other) and other[second] <= value:
            second += 1
        largest = max(largest, abs(first / len(one) - second / len(other)))
    return largest
