"""Bodies that are the same or nearly so, over any number of files: MinHash signatures, bands, and a rule of who stays.

Two bodies are alike as far as their shingles (runs of words) are the same: the Jaccard index, which the share of equal
numbers in two signatures estimates (Broder 1997). Only bodies that agree in a whole band are compared (Leskovec,
Rajaraman, Ullman: Mining of Massive Datasets, chapter 3). What is held in memory is a signature a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaners.errors import UsageError

NUMBERS: Final = 128
"""Numbers of a signature: an estimate of the Jaccard index with a standard error of 0.04 at 0.7."""
BAND: Final = 4
"""Numbers of a band: 32 bands of 4 find 99.99 % of the pairs with an index of 0.7, and 99 % of those with 0.6."""
LEAST: Final = 0.7
"""Index from which two bodies are one: a story with a new paragraph, or syndicated with edits."""
WORDS: Final = 3
"""Words of a shingle; of scripts without spaces, characters."""
FEWEST_WORDS: Final = 20
"""A shorter body is compared as a whole alone: a line of three words says nothing about its neighbour."""

_UNPARTED_FROM: Final = "\u2e80"  # from here on CJK, kana and what follows; Korean is parted, and no worse for it

Signatures = NDArray[np.uint32]


class Claim(NamedTuple):
    """What decides who stays of records with one body: the smallest stays.

    Canonical address first, then the earliest day, then the longest body, then the id.
    """

    not_canonical: bool
    day: str
    shorter: int
    id: str


class Twin(NamedTuple):
    """The record that stays in place of another, and how much of their bodies is alike."""

    id: str
    similarity: float


def twins(records: Iterable[Mapping[str, Any]], least: float = LEAST) -> dict[int, Twin]:
    """For each record that is a duplicate, by its place (from 0): the record that stays. Bodies without text have none.

    The same whatever the order of the records. Raises UsageError without the library that makes signatures.
    """
    claims: list[Claim] = []
    hashes: list[str] = []
    rows: list[Signatures] = []
    places: list[int] = []
    for place, record in enumerate(records):
        body = str(record.get("body") or "")
        if not body.strip():
            continue
        places.append(place)
        claims.append(_claim(record, body))
        hashes.append(str(record.get("body_sha256") or body))
        rows.append(signature(body))
    if not rows:
        return {}
    order = sorted(range(len(claims)), key=claims.__getitem__)
    kept = _kept(np.stack([rows[i] for i in order]), [hashes[i] for i in order], least)
    return {places[order[at]]: Twin(claims[order[other]].id, score) for at, other, score in kept}


def signature(body: str) -> Signatures:
    """The MinHash signature of a body, (NUMBERS,); all 0 for a body that is too short to be compared."""
    try:
        from rensa import RMinHash
    except ImportError as error:
        raise UsageError(f"duplicates need rensa ({error}). pip install 'copydesk[duplicates]'") from error
    found = shingles(body)
    if not found:
        return np.zeros(NUMBERS, np.uint32)
    made = RMinHash(num_perm=NUMBERS, seed=1)
    made.update(found)
    return np.array(made.digest(), np.uint32)


def shingles(body: str) -> list[str]:
    """The runs of WORDS words of a body, without case and punctuation; of characters where words are not parted.

    >>> shingles("Too short to tell.")
    []
    """
    words = _words(body)
    if len(words) < FEWEST_WORDS:
        return []
    return [" ".join(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1)]


def _words(body: str) -> list[str]:
    plain = "".join(c if c.isalnum() else " " for c in body.casefold())
    words: list[str] = []
    for word in plain.split():
        words += word if word[0] >= _UNPARTED_FROM else [word]
    return words


def _claim(record: Mapping[str, Any], body: str) -> Claim:
    canonical, url = record.get("canonical_url"), record.get("url")
    day = str(record.get("published_day") or "9999")
    return Claim(bool(canonical and url and canonical != url), day, -len(body), str(record.get("id")))


def _kept(signatures: Signatures, hashes: list[str], least: float) -> Iterator[tuple[int, int, float]]:
    """(place, place of the one that stays, similarity), places by claim: each joins the first that it is like.

    Only records that stay are joined, so that a chain of small changes does not make one of two that differ.
    """
    stays: dict[str, int] = {}
    buckets: dict[bytes, list[int]] = {}
    for at, body in enumerate(hashes):
        if body in stays:
            yield at, stays[body], 1.0
            continue
        row = signatures[at]
        bands = _bands(row)
        rivals = sorted({other for band in bands for other in buckets.get(band, ())})
        found = next(((other, score) for other in rivals if (score := _alike(row, signatures[other])) >= least), None)
        if found:
            stays[body] = found[0]
            yield at, *found
            continue
        stays[body] = at
        for band in bands:
            buckets.setdefault(band, []).append(at)


def _bands(row: Signatures) -> list[bytes]:
    """The bands of a signature, each with its number; none of one that is not compared."""
    if not row.any():
        return []
    return [bytes([n]) + row[n * BAND : (n + 1) * BAND].tobytes() for n in range(NUMBERS // BAND)]


def _alike(one: Signatures, other: Signatures) -> float:
    return round(float(np.mean(one == other)), 4)
