"""Log odds of class-name tokens and of words, learned from labelled pages; each page has one vote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cleaners.document import Document
from cleaners.features.ancestors import element_name
from cleaners.features.html import SCORED_CHARS, Scores
from cleaners.parsing.class_names import tokens
from cleaners.words.characters import characters_of
from cleaners.words.hashing import BUCKET_BITS, hash_words

# A token or word seen on fewer pages than this is typical of a site, not of the web.
_MIN_TOKEN_PAGES = 6
_MIN_WORD_PAGES = 8
_BUCKETS = 1 << BUCKET_BITS
_CONTENT_SHARE = 0.5  # a block is content when the reference holds at least this share of its words


@dataclass
class Votes:
    """Votes for and against body, summed over pages: for class-name tokens by name, for words by bucket."""

    tokens_for: Counter[str] = field(default_factory=Counter)
    tokens_against: Counter[str] = field(default_factory=Counter)
    token_pages: Counter[str] = field(default_factory=Counter)
    words: NDArray[np.float64] = field(default_factory=lambda: np.zeros((3, _BUCKETS)))  # for, against, pages

    def add(self, other: Votes) -> None:
        """Add another's votes to these."""
        self.tokens_for.update(other.tokens_for)
        self.tokens_against.update(other.tokens_against)
        self.token_pages.update(other.token_pages)
        self.words += other.words


def scores_of(votes: Iterable[Votes]) -> Scores:
    """The smoothed log odds of everything seen on enough pages."""
    total = Votes()
    for part in votes:
        total.add(part)
    class_tokens = {
        token: round(float(np.log((total.tokens_for[token] + 1) / (total.tokens_against[token] + 1))), 3)
        for token, pages in sorted(total.token_pages.items())
        if pages >= _MIN_TOKEN_PAGES
    }
    good, bad, pages = total.words
    words = np.where(pages >= _MIN_WORD_PAGES, np.log((good + 1) / (bad + 1)), 0.0)
    return Scores(class_tokens, words.astype(np.float16).astype(np.float32))


def count_votes(votes: Votes, document: Document, shares: NDArray[np.float64], words: NDArray[np.float64]) -> None:
    """Add one page's votes."""
    content = shares > _CONTENT_SHARE
    _count_tokens(votes, document, content, words)
    _count_words(votes, document, content)


def _count_tokens(votes: Votes, document: Document, content: NDArray[np.bool_], words: NDArray[np.float64]) -> None:
    tree = document.tree
    if tree is None:
        return
    good = np.concatenate([[0.0], np.cumsum(words * content)])
    every = np.concatenate([[0.0], np.cumsum(words)])
    on_page: dict[str, list[float]] = {}
    for e, attributes in enumerate(tree.attributes):
        if not attributes:
            continue
        first, last = tree.first_block[e], tree.last_block[e]
        held = every[last] - every[first]
        if held:
            for token in tokens(element_name(attributes)):
                tally = on_page.setdefault(token, [0.0, 0.0])
                tally[0] += good[last] - good[first]
                tally[1] += held
    for token, (in_body, held) in on_page.items():
        votes.tokens_for[token] += in_body / held  # type: ignore[assignment]  # fractions of a vote
        votes.tokens_against[token] += 1 - in_body / held  # type: ignore[assignment]
        votes.token_pages[token] += 1


def _count_words(votes: Votes, document: Document, content: NDArray[np.bool_]) -> None:
    found = hash_words(characters_of([block.text[:SCORED_CHARS] for block in document.blocks]))
    has_pair = found.pairs >= 0
    bucket = np.concatenate([found.buckets, found.pairs[has_pair]])
    owner = np.concatenate([found.owner, found.owner[has_pair]])
    if not len(bucket):
        return
    # A word counts once a block.
    bucket, owner = np.unique(np.stack([bucket, owner]), axis=1)
    distinct, place = np.unique(bucket, return_inverse=True)
    in_content = np.bincount(place, weights=content[owner])
    blocks = np.bincount(place)
    votes.words[0, distinct] += in_content / blocks
    votes.words[1, distinct] += 1 - in_content / blocks
    votes.words[2, distinct] += 1
