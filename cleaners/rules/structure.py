"""Names blocks by their markup: tags, and the words of class, id, role and itemprop of any element around them.

Every distinct class value is looked up once a process, every element that holds text once a page, and the innermost
element that matches a row decides for the blocks in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from cleaners.document import Block, CleanerResult, Document, Mark, dropped_blocks
from cleaners.options import CleanOptions
from cleaners.rules.rows import STRUCTURE_TABLES, StructureRow, load_rows
from cleaners.rules.wording import has_more_words
from cleaners.tree import Tree

# Elements that hold the whole page or the whole article. Their names say nothing about single blocks.
_WHOLE = frozenset({"html", "body", "main", "article"})
# An element with more than this share of the page's blocks is a frame of the page, whatever its name says; for a single
# word of its name the share is smaller.
_FRAME_SHARE, _FRAME_SHARE_WORD = 0.7, 0.3
# Comments are named in this way however much of the page they are, if the page's first paragraph is before them.
_FOLLOWING = "comments"
# A block with so many characters is a paragraph.
_OPENING_CHARS = 120
# An element with fewer blocks than this is never a frame.
_SMALL_PAGE = 3
# Text runs of a block that are looked at; a block with more is a paragraph full of links.
_INLINE_RUNS = 12
# Distinct class values, and distinct classes, remembered; a site has a few hundred, a crawl meets many sites. Each of
# the two caches saves 1 to 2 % of a record's time where the other stays.
_REMEMBERED = 50_000
# Longest attribute value that is looked at, in characters; longer ones are generated.
_LONGEST_NAME = 400
# The words of a name. Hyphens, underscores, digits, and capitals after small letters separate them.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+")
# For ASCII names without capitals: every character that is not a letter becomes a space.
_SMALL_LETTERS = bytes(char if chr(char).islower() else 0x20 for char in range(128)) + bytes(128)
_DIGIT = re.compile(r"\d")
# Words that are glued to others, as in usercomment and photocaption; but no commentary and no commentator.
_GLUED = re.compile(r"comment(?!at|ar(?:y|ies))|caption(?=(?:text)?$)")
# Attributes that are looked up as a whole, and how the tables write their values.
_PREFIX = {"id": "", "role": "role=", "itemprop": "itemprop=", "rel": "rel=", "data-hook": "data-hook="}


class Finding(NamedTuple):
    """A row that an element matches.

    rank         the row's place in the table
    evidence     what matched
    sure         whether the row drops
    frame_share  the largest share of the page's blocks that it may decide on
    """

    rank: int
    row: StructureRow
    evidence: str
    sure: bool
    frame_share: float


class StructureIndex(NamedTuple):
    """The rows by what they look for; ranks keep the table's order. `whole`: names, and words that are whole values."""

    tags: dict[str, Finding]
    names: dict[str, Finding]
    words: dict[str, Finding]
    whole: dict[str, Finding]


@cache
def structure_index(detached: bool) -> StructureIndex:
    """The structure rows for shown, or for detached, text. Loaded once a process."""
    return index_rows([row for row in load_rows(StructureRow, STRUCTURE_TABLES) if row.detached == detached])


def index_rows(rows: Sequence[StructureRow]) -> StructureIndex:
    """Rows by what they look for. Of two rows with the same key the first one has it."""
    index = StructureIndex({}, {}, {}, {})
    for rank, row in enumerate(rows):
        for keys, table, share in (
            (row.tag, index.tags, _FRAME_SHARE),
            (row.name, index.names, _FRAME_SHARE),
            (row.word, index.words, _FRAME_SHARE_WORD),
        ):
            for key in map(str.lower, keys):
                table.setdefault(key, Finding(rank, row, f"{row.concept}: “{key}”", row.strength == "drop", share))
    index.whole.update(index.words | index.names)
    return index


def name_structure(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
    """Drop the blocks whose markup shows beyond doubt what they are; hint at those whose markup only suggests it."""
    tree = document.tree
    if tree is None:
        return CleanerResult()
    said = element_findings(tree, document.blocks)
    gone = dropped_blocks(marks)  # other rules judge them by their words, which say more than their place
    found = ((block, block_finding(tree, block, said)) for block in document.blocks if block.index not in gone)
    return CleanerResult([_mark(block, finding) for block, finding in found if finding])


def element_findings(tree: Tree, blocks: Sequence[Block]) -> list[Finding | None]:
    """For each element with text, its own finding, else that of the nearest element around it; None for the others."""
    index, tags, attributes = structure_index(False), tree.tags, tree.attributes
    said: list[Finding | None] = [None] * len(tags)
    opening = next((block.index for block in blocks if len(block.text) >= _OPENING_CHARS), len(blocks))
    for element, (first, last, parent) in enumerate(zip(tree.first_run, tree.last_run, tree.parents, strict=True)):
        if first == last:
            continue
        outer = said[parent] if parent >= 0 else None
        finding = index.tags.get(tags[element])
        if own := attributes[element]:
            finding = _strongest(finding, own, index.whole)
        if finding is None or finding is outer or (outer is not None and _rules_over(outer, finding)):
            said[element] = outer
        else:
            follows = finding.row.reason == _FOLLOWING and tree.first_block[element] > opening
            said[element] = finding if follows or not _is_frame(tree, element, finding, len(blocks)) else outer
    return said


def _rules_over(outer: Finding, inner: Finding) -> bool:
    """Whether the finding for an element also counts for an element in it that has a finding of its own.

    A drop counts more than hints inside it; comments count more than their dates, authors and buttons; and a row that
    is precise on articles counts more than other hints.
    """
    if inner.sure:
        return False
    is_more_precise = outer.row.strength == "article" and inner.row.strength == "hint"
    return outer.sure or outer.row.reason == _FOLLOWING or is_more_precise


def _is_frame(tree: Tree, element: int, finding: Finding, blocks: int) -> bool:
    """Whether an element holds too much of the page for its name to decide on its blocks."""
    held = tree.last_block[element] - tree.first_block[element]
    return tree.tags[element] in _WHOLE or (held > _SMALL_PAGE and held > finding.frame_share * blocks)


def block_finding(tree: Tree, block: Block, said: Sequence[Finding | None]) -> Finding | None:
    """The finding of the inline element that holds all of a block's text, else of the block-level element around it."""
    if block.detached and (own := _detached_finding(tree, block)):
        return own
    runs, element = block.runs, tree.run_element
    if len(runs) == 1:
        return said[element[runs[0]]] if element[runs[0]] >= 0 else None
    if len(runs) <= _INLINE_RUNS:
        holders = [said[element[run]] for run in runs if element[run] >= 0 and not tree.run_text[run].isspace()]
        if holders and holders.count(holders[0]) == len(holders):
            return holders[0]
    return said[block.element] if block.element >= 0 else None


def _detached_finding(tree: Tree, block: Block) -> Finding | None:
    """The finding of the element that took a block's text out of its line."""
    tag, attributes = tree.tags[block.element], tree.attributes[block.element]
    index = structure_index(True)
    known = [index.tags.get(tag), *_class_findings(attributes.get("class") or "", True)]
    known += [index.whole.get((prefix + (attributes.get(key) or "")).lower()) for key, prefix in _PREFIX.items()]
    fitting = [finding for finding in known if finding and _fits_detached(finding.row, tag, block.text)]
    return min(fitting, key=_rank, default=None)


def _fits_detached(row: StructureRow, tag: str, text: str) -> bool:
    return tag not in row.tag_not and not _longer(text, row) and (row.digits or not _DIGIT.search(text))


def _strongest(finding: Finding | None, attributes: Mapping[str, str], whole: Mapping[str, Finding]) -> Finding | None:
    """The first row of the table that the tag (already looked up) or an attribute matches."""
    for key in attributes:
        if key == "class":
            named = _shown_classes(attributes[key][:_LONGEST_NAME])
        elif key == "id":
            named = whole.get(attributes[key].lower()) or _shown_classes(_bare_id(attributes[key][:_LONGEST_NAME]))
        elif key in _PREFIX:
            named = whole.get((_PREFIX[key] + attributes[key]).lower())
        else:
            continue
        if named is not None and (finding is None or named.rank < finding.rank):
            finding = named
    return finding


def _bare_id(value: str) -> str:
    """An id without its numbers: comment-1207 and comment-1208 mean the same, and share a cache entry."""
    return _DIGIT.sub("", value).strip("-_")


@lru_cache(maxsize=_REMEMBERED)
def _shown_classes(value: str) -> Finding | None:
    return min(_class_findings(value, False), key=_rank, default=None)


def _class_findings(value: str, detached: bool) -> list[Finding]:
    """For each class of the value the first row that it, or a word in it, matches."""
    return [finding for name in value[:_LONGEST_NAME].split() if (finding := _class(name, detached))]


@lru_cache(maxsize=_REMEMBERED)
def _class(name: str, detached: bool) -> Finding | None:
    """The first row that a class, or a word in it, matches."""
    index, lowered = structure_index(detached), name.lower()
    found = index.names.get(lowered)
    for word in _words(name, lowered):
        named = index.words.get(word)
        if named is not None and (found is None or named.rank < found.rank):
            found = named
    if found is None and (glued := _GLUED.search(lowered)):
        return index.words.get(glued[0])
    return found


def _words(name: str, lowered: str) -> list[str]:
    """The words of a class, in lower case. A class without capitals and beyond ASCII needs no pattern."""
    if name == lowered and name.isascii():
        return name.encode().translate(_SMALL_LETTERS).decode().split()
    return " ".join(_WORD.findall(name)).lower().split()


def _rank(finding: Finding) -> int:
    return finding.rank


def _longer(text: str, row: StructureRow) -> bool:
    return bool(row.max_words) and has_more_words(text, row.max_words)


def _mark(block: Block, finding: Finding) -> Mark:
    """The mark for a finding. A long text inside a menu or a share bar is not part of it, so a drop becomes a hint."""
    row = finding.row
    action = "hint" if _longer(block.text, row) else row.action
    return Mark(block.index, action, row.reason, finding.evidence)
