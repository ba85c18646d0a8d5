"""Finds bodies that are equal or nearly so, over any number of records, files and runs; their order changes nothing.

Only bodies whose signatures agree in a whole band are compared (Leskovec, Rajaraman, Ullman: Mining of Massive
Datasets, chapter 3). Memory: 400 bytes a record, and 16 for each band that another record shares.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from cleaners.words.array_types import Ints
from pipelines.selection.shared_bands import SharedBands
from pipelines.selection.signatures import NUMBERS, Signatures, signatures

LEAST: Final = 0.7
"""Jaccard index from which two bodies count as one: a story with a new paragraph, or syndicated with edits."""
# Later than every real day.
_NO_DAY: Final = "9999-12-31"
_ID_BYTES: Final = 64
# The values that decide which record stays; the numbers of the signature are in an array beside it.
CLAIM: Final = np.dtype(
    [
        ("is_new", "u1"),  # 0 for records of earlier runs, which always stay
        ("not_canonical", "u1"),
        ("day", "S10"),
        ("shorter", "i8"),
        ("id", f"S{_ID_BYTES}"),
        ("body", "S32"),
    ]
)
_RULE: Final = ("is_new", "not_canonical", "day", "shorter", "id", "body")
"""The first row in this order stays: canonical address, then earliest day, then longest body, then id."""
_ROWS_AT_ONCE: Final = 65_536
SIGNED_AT_ONCE: Final = 256
"""Bodies of a batch that is signed at once: about a megabyte, so that sending it to another process costs little."""
_BATCHES_AHEAD: Final = 4
"""If this many batches wait for other processes, this process signs the next one itself."""

Claims = NDArray[np.void]


class Signing(Protocol):
    """Makes signatures of a batch of bodies, perhaps in another process."""

    def submit(self, function: Callable[[list[str]], Signatures], bodies: list[str], /) -> Future[Signatures]:
        """Call the function with the bodies. The future will hold its result."""


class _Batch(NamedTuple):
    """Bodies whose signatures are being made, for the rows from `start` on."""

    start: int
    bodies: list[str]
    future: Future[Signatures]


class Twin(NamedTuple):
    """The record that stays in place of another, and the similarity of their bodies."""

    id: str
    similarity: float


class Bodies:
    """The bodies of records, added one by one, with a row of `claims` and a row of `numbers` for each.

    It begins with the rows of earlier runs, if there are any. `signing` makes the signatures; without it, this process
    makes them, with the same result.
    """

    def __init__(
        self, claims: Claims | None = None, numbers: Signatures | None = None, signing: Signing | None = None
    ) -> None:
        self._signing = signing
        self._unsigned: list[str] = []
        self._batches: deque[_Batch] = deque()
        self._claims = np.zeros(0, CLAIM) if claims is None else claims.copy()
        self._numbers = np.zeros((0, NUMBERS), np.uint16) if numbers is None else numbers.copy()
        self._claims["is_new"] = 0
        self._older = self._size = len(self._claims)
        self._places = array("q")
        self._seen = 0

    def add(self, record: Mapping[str, Any]) -> None:
        """Add a record. A record without text in its body is never a duplicate."""
        body = str(record.get("body") or "")
        if body.strip():
            if self._size == len(self._claims):
                self._claims.resize(self._size + _ROWS_AT_ONCE, refcheck=False)
                self._numbers.resize((self._size + _ROWS_AT_ONCE, NUMBERS), refcheck=False)
            self._claims[self._size] = _claim(record, body)
            self._unsigned.append(body)
            self._size += 1
            self._places.append(self._seen)
            if len(self._unsigned) == SIGNED_AT_ONCE:
                self._sign()
        self._seen += 1

    def twins(self) -> dict[int, Twin]:
        """For each record added that is a duplicate, by its place (from 0): the record that stays."""
        self._finish()
        return {
            self._places[at - self._older]: Twin(self._claims["id"][other].decode(), score)
            for at, other, score in self._duplicates()
            if at >= self._older
        }

    def staying(self) -> tuple[Claims, Signatures]:
        """The rows of the records that stay, with which a later run can begin."""
        self._finish()
        stays = self._counted()
        stays[[at for at, _, _ in self._duplicates()]] = False
        return self._claims[: self._size][stays], self._numbers[: self._size][stays]

    def _sign(self) -> None:
        """Sign the bodies that are not signed yet: in another process, or here if the others are busy."""
        bodies, self._unsigned = self._unsigned, []
        if not bodies:
            return
        start = self._size - len(bodies)
        while self._batches and self._batches[0].future.done():
            self._take_up()
        if self._signing is None or len(bodies) < SIGNED_AT_ONCE or len(self._batches) >= _BATCHES_AHEAD:
            self._numbers[start : self._size] = signatures(bodies)
        else:
            self._batches.append(_Batch(start, bodies, self._signing.submit(signatures, bodies)))

    def _take_up(self) -> None:
        start, bodies, future = self._batches.popleft()
        try:
            made = future.result()
        except Exception:  # the other process died or hangs; a real error of the function is raised again here
            made = signatures(bodies)
        self._numbers[start : start + len(bodies)] = made

    def _finish(self) -> None:
        """Wait until every row has its signature."""
        self._sign()
        while self._batches:
            self._take_up()

    def _counted(self) -> NDArray[np.bool_]:
        """Every row except those of earlier runs whose record was added again."""
        ids = self._claims["id"][: self._size]
        counted = np.ones(self._size, np.bool_)
        counted[: self._older] = ~np.isin(ids[: self._older], ids[self._older :])
        return counted

    def _duplicates(self) -> Iterator[tuple[int, int, float]]:
        rows = np.flatnonzero(self._counted())
        claims, numbers = self._claims[: self._size], self._numbers[: self._size]
        return _duplicates(claims, numbers, rows)


def twins(records: Iterable[Mapping[str, Any]]) -> dict[int, Twin]:
    """For each record that is a duplicate, by its place (from 0): the record that stays.

    The order of the records changes nothing. Raises UsageError without the library that makes signatures.
    """
    bodies = Bodies()
    for record in records:
        bodies.add(record)
    return bodies.twins()


def _claim(record: Mapping[str, Any], body: str) -> tuple[Any, ...]:
    canonical, url = record.get("canonical_url"), record.get("url")
    name = str(record.get("id")).encode()
    stated = str(record.get("body_sha256") or body).encode("utf-8", "replace")
    return (
        1,
        bool(canonical and url and canonical != url),
        str(record.get("published_day") or _NO_DAY).encode(),
        -len(body),
        name if len(name) <= _ID_BYTES else hashlib.sha256(name).hexdigest().encode(),
        hashlib.sha256(stated).hexdigest()[:32].encode(),
    )


def _duplicates(claims: Claims, numbers: Signatures, rows: Ints) -> Iterator[tuple[int, int, float]]:
    """(row, row that stays, similarity): in the order of `claims`, each row joins the first row that it resembles.

    Rows are compared only with rows that stay, so that a chain of small changes does not join two different bodies.
    """
    order = rows[np.lexsort([claims[name][rows] for name in reversed(_RULE)])]
    rank = np.zeros(len(claims), np.int64)
    rank[order] = np.arange(len(order))
    shared = SharedBands(numbers)
    bodies, copies = _codes(claims["body"])
    stays: dict[int, int] = {}  # by body
    for at in order[(shared.has_any | copies)[order]].tolist():
        body = int(bodies[at])
        if body in stays:
            yield at, stays[body], 1.0
            continue
        found = _first_alike(numbers, at, sorted(shared.rivals(at), key=rank.__getitem__))
        stays[body] = at if found is None else found[0]
        if found is not None:
            yield at, *found
        else:
            shared.add(at)


def _first_alike(numbers: Signatures, at: int, rivals: list[int]) -> tuple[int, float] | None:
    """The first of the rivals that resembles the row, with the similarity."""
    if not rivals:
        return None
    scores = np.mean(numbers[rivals] == numbers[at], axis=1)
    alike = np.flatnonzero(scores >= LEAST)
    return (rivals[alike[0]], round(float(scores[alike[0]]), 4)) if len(alike) else None


def _codes(values: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """A number for each distinct value, and whether any value occurs more than once."""
    _, codes, counts = np.unique(values, return_inverse=True, return_counts=True)
    return codes, counts[codes] > 1
