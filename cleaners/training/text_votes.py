"""The tables of the text model, learned from labelled dumps; each page has one vote for every word or shape it has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cleaners.features.text import HEADING_WORDS
from cleaners.features.text_lines import SCORED_CHARS, shape_buckets
from cleaners.features.text_tables import LEARNED, Tables
from cleaners.words.array_types import Floats, Ints
from cleaners.words.characters import characters_of
from cleaners.words.hashing import BUCKET_BITS, hash_words

# A word seen on fewer pages than this is typical of a site, not of the web.
_MIN_PAGES = 8
_CONTENT_SHARE = 0.5  # a block is content when the reference holds at least this share of its words
# How many blocks after or before a heading its words say something about.
_REACH = 5
_VOTED = ("words", "after", "before", "shapes", "pages")


def _ballot() -> dict[str, Floats]:
    return {name: np.zeros((3, 1 << BUCKET_BITS)) for name in _VOTED}  # for, against, pages


@dataclass
class TextVotes:
    """For, against and pages by bucket, for each table."""

    ballots: dict[str, Floats] = field(default_factory=_ballot)

    def count(self, texts: Sequence[str], shares: Floats, words: Floats) -> None:
        """Add one page's votes: its block texts, the share of each that is body, and their numbers of words."""
        if not len(texts):
            return
        content = (shares > _CONTENT_SHARE).astype(np.float64)
        buckets, owner = _words_of(texts)
        self._vote("words", buckets, content[owner])
        self._vote("shapes", shape_buckets(characters_of(texts)), content)
        page = float((shares * words).sum() / max(1.0, words.sum()))
        distinct = np.unique(hash_words(characters_of([text[:SCORED_CHARS] for text in texts])).buckets)
        self._vote("pages", distinct, np.full(len(distinct), page))
        short = np.flatnonzero(words <= HEADING_WORDS).tolist()
        if short:
            buckets, owner = _words_of([texts[i] for i in short])
            for name, forward in (("after", True), ("before", False)):
                near = (_share_nearby(shares, words, forward)[short] > _CONTENT_SHARE).astype(np.float64)
                self._vote(name, buckets, near[owner])

    def _vote(self, name: str, buckets: Ints, content: Floats) -> None:
        distinct, place = np.unique(buckets, return_inverse=True)
        share = np.bincount(place, weights=content) / np.bincount(place)
        ballot = self.ballots[name]
        ballot[0, distinct] += share
        ballot[1, distinct] += 1 - share
        ballot[2, distinct] += 1


def tables_of(votes: Iterable[TextVotes]) -> Tables:
    """The smoothed log odds of everything seen on enough pages."""
    total = TextVotes()
    for part in votes:
        for name in _VOTED:
            total.ballots[name] += part.ballots[name]
    learned = {name: _log_odds(total.ballots[name]) for name in _VOTED}
    pages = total.ballots["words"][2]
    learned["rarity"] = _rounded(np.log((pages.max() + 1) / (pages + 1)))
    return Tables.of([learned[name] for name in LEARNED])


def _log_odds(ballot: Floats) -> NDArray[np.float32]:
    good, bad, pages = ballot
    return _rounded(np.where(pages >= _MIN_PAGES, np.log((good + 1) / (bad + 1)), 0.0))


def _rounded(values: Floats) -> NDArray[np.float32]:
    """The values rounded to the precision that the model file keeps."""
    return values.astype(np.float16).astype(np.float32)


def _words_of(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """Words and word pairs, each once a block, and the block of each."""
    found = hash_words(characters_of([text[:SCORED_CHARS] for text in texts]))
    has_pair = found.pairs >= 0
    bucket = np.concatenate([found.buckets, found.pairs[has_pair]])
    owner = np.concatenate([found.owner, found.owner[has_pair]])
    if not len(bucket):
        return bucket, owner
    bucket, owner = np.unique(np.stack([bucket, owner]), axis=1)
    return bucket, owner


def _share_nearby(shares: Floats, words: Floats, forward: bool) -> Floats:
    """Share of body words among the next, or last, few blocks."""
    weights = words + 0.5
    good = np.concatenate([[0.0], np.cumsum(shares * weights)])
    every = np.concatenate([[0.0], np.cumsum(weights)])
    place = np.arange(len(words))
    low = np.minimum(place + 1, len(words)) if forward else np.maximum(place - _REACH, 0)
    high = np.minimum(place + 1 + _REACH, len(words)) if forward else place
    high = np.maximum(low, high)
    return np.asarray((good[high] - good[low]) / np.maximum(every[high] - every[low], 1e-9))
