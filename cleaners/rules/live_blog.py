"""Keeps the posts of live blogs: posts with a time each, one below the other, are one article.

A run of dated posts looks like a listing to a classifier that has learned from finished articles, and it drops some.
Source: schema.org LiveBlogPosting and its liveBlogUpdate; the names that publishers' own systems give such pages.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice
from typing import Final

from cleaners.document import Block, CleanerResult, Document, Mark
from cleaners.options import CleanOptions
from cleaners.parsing.json_ld import top_nodes, types_of
from cleaners.tree import HEADING_TAGS, Tree
from cleaners.words.addresses import path_of
from cleaners.words.scripts import one_line

FLAG: Final = "live_blog"
# Posts that make a run; many pages have two dated boxes.
_POSTS: Final = 3
# Shorter lines of a post are its time, its author or a button.
_WORDS: Final = 5
# In scripts without spaces, a line with this many characters for each of those words is long enough.
_WORD_CHARS: Final = 6
_LINKED: Final = 0.5
# How many elements above a time, or above a post, are looked at: a post's time is a few elements inside the post.
_STEPS: Final = 12
_STATED: Final = "LiveBlogPosting"
_UPDATE: Final = "liveblogupdate"
_TITLES: Final = ("live", "ticker", "minute by minute", "en direct", "diretta", "ao vivo")
_NAMED = re.compile(
    r"live[-_]?(?:blog|ticker|updates?|feed|posts?|entry|entries|stream)|minute-by-minute", re.IGNORECASE
)
_LIVE_PATH = re.compile(
    r"/live/|(?:^|[/_-])(?:live-?blog|live-?ticker|live-?updates|minute-by-minute)(?:[/_.-]|$)", re.I
)
_STAMP_CLASS = re.compile(r"(?:^|[\s_-])(?:time|timestamp|datetime)(?:$|[\s_-])")
_CLOCK = re.compile(r"\b[012]?\d[:.h][0-5]\d\b")
# A time is at the start of its element: this many runs of text are read, and this many characters.
_STAMP_RUNS: Final = 8
_STAMP_CHARS: Final = 40
_HEADLINE_WORDS: Final = 2  # the same for the headline of a post


def keep_live_posts(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
    """Keep the posts of a live blog that the engine dropped without a specific reason, and flag the page."""
    tree = document.tree
    if tree is None or not _may_be_live(document):
        return CleanerResult()
    run = _posts(tree, document.blocks)
    if not (_states_live(tree) or (run and _is_named_live(tree, run, document.url))):
        return CleanerResult()
    last = {mark.block: mark for mark in marks if mark.action in ("drop", "keep")}
    dropped = {index for index, mark in last.items() if mark.action == "drop" and mark.reason == "boilerplate"}
    spans = _spans(tree, _running_total(len(block.text) for block in document.blocks), run)
    blocks = (document.blocks[i] for i in _covered(spans, len(document.blocks)) if i in dropped)
    kept = [block for block in blocks if _is_text(block, tree)]
    return CleanerResult(
        [Mark(b.index, "keep", "live_post", f"in a run of {len(run)} posts") for b in kept], flags=(FLAG,)
    )


def _may_be_live(document: Document) -> bool:
    """Whether markup, title or address mention a live blog at all: a quick check that skips other pages."""
    title = document.tree.title.lower() if document.tree else ""
    return any(word in title for word in _TITLES) or _has_live_path(document.url) or _STATED in document.decoded.text


def _has_live_path(url: str | None) -> bool:
    return _LIVE_PATH.search(path_of(url)) is not None


def _states_live(tree: Tree) -> bool:
    """Whether JSON-LD or microdata calls the page itself a live blog, not something it lists."""
    scripts = [script for script in tree.json_ld if _STATED in script]
    if any(_STATED.lower() in types_of(node) for script in scripts for node in top_nodes(script)):
        return True
    return any(_STATED in tree.get(element, "itemtype") for element in tree.having("itemtype"))


def _is_named_live(tree: Tree, run: Sequence[int], url: str | None) -> bool:
    if _has_live_path(url):
        return True
    return any(_NAMED.search(tree.classes(element)) for element in islice(tree.ancestors(run[0]), _STEPS))


def _posts(tree: Tree, blocks: Sequence[Block]) -> list[int]:
    """The elements of the run of posts with the most text: siblings of one form, each with a time. May be empty."""
    stated = [element for element in tree.having("itemprop") if tree.get(element, "itemprop").lower() == _UPDATE]
    if stated:
        return stated
    runs: dict[tuple[int, str, str], dict[int, None]] = defaultdict(dict)
    for stamp in _stamps(tree):
        for element in islice(tree.ancestors(stamp), _STEPS):
            form = tree.get(element, "class").partition(" ")[0]
            runs[tree.parents[element], tree.tags[element], form][element] = None
    found = [list(run) for run in runs.values() if len(run) >= _POSTS]
    chars = _running_total(len(block.text) for block in blocks)
    unlinked = _running_total(len(block.text) - block.link_chars for block in blocks)
    return max(found, key=lambda run: _sum_of(unlinked, _spans(tree, chars, run)), default=[])


def _stamps(tree: Tree) -> Iterator[int]:
    yield from tree.all("time")
    for element, at in enumerate(tree.attributes):
        if at and _STAMP_CLASS.search((at.get("class") or "").lower()) and _CLOCK.search(_opening(tree, element)):
            yield element


def _opening(tree: Tree, element: int) -> str:
    """The start of an element's text. Reading all of it would read nested elements again and again."""
    first, last = tree.first_run[element], tree.last_run[element]
    runs = tree.run_text[first : min(last, first + _STAMP_RUNS)]
    return one_line("".join([run[:_STAMP_CHARS] for run in runs]))[:_STAMP_CHARS]


def _running_total(values: Iterable[int]) -> list[int]:
    return list(accumulate(values, initial=0))


def _sum_of(total: Sequence[int], spans: Iterable[range]) -> int:
    return sum(total[span.stop] - total[span.start] for span in spans)


def _spans(tree: Tree, chars: Sequence[int], run: Sequence[int]) -> list[range]:
    """The blocks of the posts: their own, or, if only the times are siblings, those between and after the times.

    `chars` is the running total of the blocks' characters.
    """
    own = [range(tree.first_block[element], tree.last_block[element]) for element in run]
    if not run:
        return own
    parent = tree.parents[run[0]]
    between = range(own[0].start, own[-1].stop)
    if parent < 0 or 2 * _sum_of(chars, own) >= _sum_of(chars, [between]):
        return own
    return [range(between.start, tree.last_block[parent])]


def _covered(spans: Iterable[range], size: int) -> Iterator[int]:
    """The places inside any of the spans, each once, in order. Linear even if spans are nested."""
    steps = [0] * (size + 1)
    for span in spans:
        steps[span.start] += 1
        steps[span.stop] -= 1
    return (place for place, depth in enumerate(accumulate(steps)) if depth)


def _is_text(block: Block, tree: Tree) -> bool:
    """Whether a block is text or a headline of a post, and not its time, its author or a button."""
    if block.detached or block.link_chars > _LINKED * len(block.text):
        return False
    words = block.text.count(" ") + 1
    least = _HEADLINE_WORDS if tree.tags[block.element] in HEADING_TAGS[1:] else _WORDS
    return words >= least or len(block.text) >= _WORDS * _WORD_CHARS
