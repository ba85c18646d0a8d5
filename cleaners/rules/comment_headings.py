"""Names readers' comments by the heading over them, where their elements have no telling names.

The heading is a line such as "3 Comments" or "Responses". What follows it in the same element counts as comments if
lines of it say who wrote something, or when.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from cleaners.document import Block, CleanerResult, Document, Mark
from cleaners.options import CleanOptions
from cleaners.rules.comments import REASON
from cleaners.tree import HEADING_TAGS, Tree

# Headings over comments in lower case, without numbers and signs around them. Lines such as "3 thoughts on …" are a row
# of wording.
_HEADINGS: Final = frozenset(
    "comments|comment|reader comments|readers' comments|user comments|your comments|all comments|responses|replies"
    "|kommentare|leserkommentare|commentaires|vos commentaires|réactions|vos réactions|comentarios|opiniones|commenti"
    "|comentários|reacties|komentarze|комментарии|отзывы|kommentarer|kommentit|komentáře|hozzászólások|comentarii|yorumlar"
    "|σχόλια|التعليقات|تعليقات|نظرات|دیدگاه‌ها|نظرات کاربران|تبصرے|תגובות|टिप्पणियां|टिप्पणियाँ|मंतव्य|মন্তব্য"
    "|ความคิดเห็น|bình luận|komentar|коментарі|коментари"
    "|评论|评论列表|网友评论|留言|コメント|コメント一覧|댓글".split("|")
)
_AROUND: Final = " ():：[]（）0123456789.,件条條개"
_HEADING_CHARS: Final = 30
_SHOWN_CHARS: Final = 40  # of a heading, in the evidence
_MOST_HEADINGS: Final = 20  # that are looked at on a page
# The rows of wording for lines such as "3 thoughts on …" and "Condolences for …".
_COUNTED: Final = ("comment_count", "condolences_heading")
# A line that says who wrote something, or when.
_SIGNATURE: Final = re.compile(
    r"\b(?:19|20)\d\d\b|\d[.:h]\d\d\b|\bago\b|\b(?:says?|said|wrote|writes|posted by|schrieb|sagte?|dit|écrit|dice|dijo"
    r"|escribió|il y a \d+|vor \d+|hace \d+|há \d+|\d+ (?:ore|giorni|minuti) fa|scrive"
    r"|ha scritto|disse|schreef|zegt|pisze|пишет|skrev|skriver)\b"
    r"|\d+ ?(?:時間|分|日|週間|か月|小时|小時|分钟|分鐘|天|个月)前"
    r"|\d+ ?(?:분|시간|일|개월) ?전|منذ \d|قبل \d|לפני \d|назад\b",
    re.IGNORECASE,
)
_SIGNATURE_CHARS: Final = 90
# A longer block is a paragraph; a signature stands for at most so many of them.
_PARAGRAPH_CHARS: Final = 120
_PARAGRAPHS_SIGNED: Final = 5


def name_headed_comments(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
    """Hint at a heading for comments and at the blocks under it."""
    tree = document.tree
    if tree is None:
        return CleanerResult()
    named = {mark.block for mark in marks if mark.reason == REASON}
    made: dict[int, Mark] = {}
    for heading in islice(_headings(document.blocks, marks), _MOST_HEADINGS):
        found = [block for block in _below(tree, document.blocks, heading) if block.index not in named]
        if _are_signed(tree, found):
            evidence = f"comment_heading: “{heading.text[:_SHOWN_CHARS]}”"
            made.update((block.index, Mark(block.index, "hint", REASON, evidence)) for block in (heading, *found))
    return CleanerResult(list(made.values()))


def _headings(blocks: Sequence[Block], marks: Sequence[Mark]) -> Iterator[Block]:
    """The lines that count or announce comments."""
    counted = {mark.block for mark in marks if mark.reason == REASON and mark.evidence.startswith(_COUNTED)}
    return (block for block in blocks if block.index in counted or _is_heading(block.text))


def _is_heading(text: str) -> bool:
    return len(text) <= _HEADING_CHARS and text.lower().strip(_AROUND) in _HEADINGS


def _are_signed(tree: Tree, blocks: Sequence[Block]) -> bool:
    """Whether there are signatures often enough among the paragraphs, and the page's headline is not there."""
    if any(tree.tags[block.element] == "h1" for block in blocks):
        return False
    signatures = sum(_signs(block.text) for block in blocks)
    paragraphs = sum(len(block.text) >= _PARAGRAPH_CHARS for block in blocks)
    return signatures > 0 and signatures * _PARAGRAPHS_SIGNED >= paragraphs


def _signs(text: str) -> bool:
    return len(text) <= _SIGNATURE_CHARS and _SIGNATURE.search(text) is not None


def _below(tree: Tree, blocks: Sequence[Block], heading: Block) -> Iterator[Block]:
    """The blocks after a heading in the innermost element that holds more, up to the next heading of its level."""
    around = next(
        (e for e in tree.ancestors(heading.element) if tree.last_block[e] > heading.index + 1), heading.element
    )
    level = tree.tags[heading.element]
    for block in blocks[heading.index + 1 : tree.last_block[around]]:
        if level in HEADING_TAGS and tree.tags[block.element] == level:
            return
        yield block
