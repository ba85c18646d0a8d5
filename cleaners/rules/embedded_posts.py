"""Keeps posts of social networks that an article shows: a quoted post is content, not a share button.

Sets disagree: of 506 words of such posts on 77 news pages of 2018 and 2019 the references hold 408, and those of 30
pages of other magazines hold all; of 1,501 words on news421 they hold 4. A reader sees the post in the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from cleaners.document import CleanerResult, Document, Mark, dropped_blocks
from cleaners.options import CleanOptions
from cleaners.rules.wording import word_count
from cleaners.tree import Tree

REASON: Final = "embedded_post"
# Class names in the networks' own embedding code.
_CLASSES: Final = frozenset(
    "twitter-tweet twitter-video instagram-media tiktok-embed fb-post bluesky-embed reddit-embed-bq reddit-card"
    " truthsocial-embed mastodon-embed".split()
)
# An article goes on around its posts: within this many blocks before and after a post, this many words are kept.
_REACH: Final = 4
_TEXT_WORDS: Final = 15


def keep_embedded_posts(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
    """Keep what the engine dropped of a post that is surrounded by kept text."""
    tree = document.tree
    if tree is None or all(mark.reason != REASON for mark in marks):
        return CleanerResult()
    posts = list(_posts(tree))
    last = {mark.block: mark.reason for mark in marks if mark.action in ("drop", "keep")}
    gone = dropped_blocks(marks)
    kept_text = {b.index for b in document.blocks if b.index not in gone and word_count(b.text) >= _TEXT_WORDS}
    shown = [post for post in posts if not kept_text.isdisjoint(_around(post))]
    return CleanerResult(
        [Mark(block, "keep", REASON, "in the text") for post in shown for block in post if last.get(block) == REASON]
    )


def _around(post: range) -> list[int]:
    return [*range(post.start - _REACH, post.start), *range(post.stop, post.stop + _REACH)]


def _posts(tree: Tree) -> Iterator[range]:
    """The blocks of each post."""
    found = [elements for label, elements in tree.by_class.items() if not _CLASSES.isdisjoint(label.split())]
    for element in sorted(chain.from_iterable(found)):
        yield range(tree.first_block[element], tree.last_block[element])
