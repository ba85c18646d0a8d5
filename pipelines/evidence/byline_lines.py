"""Names in lines that a reader sees: "By Ann Lee", a name alone under the headline, a name before its biography."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from cleaners.document import Block, Document
from cleaners.tree import HEADING_TAGS
from pipelines.dates.names import language_of_script
from pipelines.evidence.cjk_bylines import (
    LABELS_AT,
    beside_paper,
    names_of_kind,
    names_of_line,
    signature,
    wide_names,
)
from pipelines.evidence.cjk_labels import KINDS
from pipelines.evidence.cjk_names import is_labelled_person
from pipelines.evidence.name_kinds import reads_like_person
from pipelines.evidence.name_words import is_phrase
from pipelines.evidence.page.surroundings import Surroundings, body_start, is_paragraph
from pipelines.evidence.page.terms import is_wide
from pipelines.evidence.page.text_search import texts_at
from pipelines.evidence.person_names import LONGEST_CHARS, lead_kind, led_names_in, may_lead, names_in

BYLINE_CHARS: Final = 120
_NEAR_BEFORE: Final = 6  # how many blocks before and after the headline are searched for a byline
_NEAR_AFTER: Final = 14
_FAR: Final = 6  # how many labelled lines elsewhere on the page are read
_NAME_CHARS: Final = 40
_BIOGRAPHY_CHARS: Final = 60  # a block of this length after a name, beginning with the name, is a biography
_TEXT_CHARS: Final = 100  # a block of running text
_EDGE_CHARS: Final = 60  # characters at either end of a paragraph that may name its reporter in brackets
_YEAR: Final = re.compile(r"(?<!\d)(?:(?:19|20)\d\d|\d\d([-./])\d\d\1\d\d)(?!\d)")
_FIRST_WORD: Final = re.compile(r"(?m)^[^\w\n]*(\w*)")
# Brackets that may name a reporter, with the sign of a telegram before them: 3月2日电（王小明）.
_BRACKETED: Final = re.compile(r"[电電讯訊]?\s?[（(【〔\[［][^（()）】〔〕\[\]［］]{2,40}[)）】〕\]］]")
# The reporter before the first sentence of a Taiwanese text, and behind the title of a telegram: 記者王小明／台北報導,
# 3月2日电 题：渡轮复航 港口社记者 王小明.
_REPORTED: Final = re.compile(
    r"^\W{0,2}[^\s，。（(]{0,14}[／/]\s?[^\s，。]{0,6}(?:報導|报道|報道)|^[^。]{2,20}日[电電]\s?题[:：][^。]{2,40}(?:记者|記者)\s?\S{2,3}(?=\s|$)"
)
_LABELLED: Final = ("zh", "ja", "ko")  # languages whose bylines have labels of cjk_bylines
_SIGNED: Final = 2  # blocks below the last paragraph that may hold a signature
_BULLETS: Final = "●◎■□▲◆○★◇ "


class AuthorStatement(NamedTuple):
    """Names as one place spells them. `place` and `notes` name features; `block` is -1 for names in code."""

    names: list[str]
    source: str
    raw: str
    place: str
    block: int = -1
    notes: tuple[str, ...] = ()


def statements_in_lines(document: Document, around: Surroundings) -> Iterator[AuthorStatement]:
    """Names in the lines near the headline, and in labelled lines and biographies anywhere."""
    anchor = around.anchor
    start = max(0, anchor - _NEAR_BEFORE)
    end = max(anchor, 0) + _NEAR_AFTER
    yield from _near(document.blocks[start:end], anchor, around)
    yield from _far(document.blocks, start, end, around)
    yield from _before_biographies(document.blocks, around)
    yield from _after_last_paragraph(document.blocks, around)
    if language_of_script(document.tree.title if document.tree else "") in _LABELLED:
        yield from _behind_wide_labels(document.blocks, around)
        yield from _signed_paragraphs(document.blocks, around)


def _near(near: Sequence[Block], anchor: int, around: Surroundings) -> Iterator[AuthorStatement]:
    """Blocks near the headline that begin like a byline, hold a name and a date, or hold only a name."""
    start = body_start(around.document, anchor)
    for before, block, after in zip((None, *near), near, (*near[1:], None), strict=False):
        text = block.text
        if block.index == anchor or len(text) > BYLINE_CHARS or (text.endswith(("?", "!", ":")) and len(text) > 20):
            continue
        kind = lead_kind(text)
        if not kind and after and len(text) <= _NAME_CHARS and lead_kind(f"{text} x"):
            yield from _after_label(block, after, around)
        if kind and " " in text:
            yield _line(_led_names(text), f"block {kind}", block, around, _led(kind))
        elif _has_year(text):
            if block.index <= start or "in comment" not in around.classes(block.element):
                yield from _dated(block, around, is_above_body=block.index <= start)
        elif anchor >= 0 and (beside := beside_paper(text.strip(_BULLETS))):
            yield _line(beside, "wide writer", block, around)
        elif anchor >= 0 and _is_name_alone(text, after):
            place = "block name near" if after and _has_year(after.text) else "block name"
            if before and _has_year(before.text):
                place = "block name after date"
            notes = (*_notes_of(block, around), *_heading_note(block, around))
            yield AuthorStatement([*names_in(text)], "text", text, place, block.index, notes)


def _is_name_alone(text: str, after: Block | None) -> bool:
    """Whether a line is only a name. A rarer Chinese family name needs a bullet before it or a date below it."""
    name = text.strip(_BULLETS)
    is_marked = name != text or bool(after and _has_year(after.text))
    return reads_like_person(name) or (is_marked and len(name) <= 3 and is_labelled_person(name))


def _heading_note(block: Block, around: Surroundings) -> tuple[str, ...]:
    """Whether a name alone is a heading of the page: most such are no names, but like them."""
    tree = around.document.tree
    tag = tree.tags[block.element] if tree else ""
    return ("is a heading",) if tag in HEADING_TAGS else ()


def _after_label(block: Block, after: Block, around: Surroundings) -> Iterator[AuthorStatement]:
    whole = f"{block.text} {after.text}"[:LONGEST_CHARS]
    notes = _notes_of(block, around)
    yield AuthorStatement(names_in(after.text), "text", whole, "block after by", after.index, notes)


def _dated(block: Block, around: Surroundings, *, is_above_body: bool) -> Iterator[AuthorStatement]:
    """A line with a date: "3 May 2021 by Ann Lee", "3 May 2021 - Ann Lee"."""
    led = led_names_in(block.text)
    if led:
        yield _line(led, "block dated by", block, around)
    names = [name for name in _first_names(block.text) if reads_like_person(name) or is_labelled_person(name)]
    if names and not led:
        yield _line(names, "block dated", block, around)
    elif not led and is_above_body and is_wide(block.text):
        people, paper = names_of_line(block.text)
        yield _line(people, "block dated", block, around)
        yield _line(paper, "wide source", block, around)


def _first_names(text: str) -> list[str]:
    """The names in the first part of a date line that has any: behind a bar come papers and places, not people."""
    return next((names for part in text.split(" | ") if (names := names_in(part))), [])


def _far(blocks: Sequence[Block], start: int, end: int, around: Surroundings) -> Iterator[AuthorStatement]:
    """Lines away from the headline that begin like a byline: at the end of the text, in the side column."""
    lines = [block for block in (*blocks[:start], *blocks[end:]) if len(block.text) <= BYLINE_CHARS]
    first_words = _FIRST_WORD.findall("\n".join([block.text.lower() for block in lines]))  # one search for all lines
    found = 0
    for block in [line for line, word in zip(lines, first_words, strict=False) if word and may_lead(word)]:
        kind = lead_kind(block.text)
        if not kind:
            continue
        found += 1
        if found > _FAR:
            return
        yield _line(_led_names(block.text), f"block {kind} far", block, around, _led(kind))


def _led_names(text: str) -> list[str]:
    """The names behind a lead; [] if a phrase follows it: "By clicking, you agree …"."""
    names = names_in(text)
    return [] if names and is_phrase(names[0]) else names


def _led(kind: str) -> tuple[str, ...]:
    return ("led by",) if kind == "by" else (f"led by {kind}",)


def _before_biographies(blocks: Sequence[Block], around: Surroundings) -> Iterator[AuthorStatement]:
    """A name in a block of its own, before a paragraph that begins with it."""
    for block, after in pairwise(blocks):
        if len(after.text) <= _BIOGRAPHY_CHARS or len(block.text) >= _NAME_CHARS:
            continue
        text = block.text
        if after.text.startswith(text) and text[:1].isupper() and reads_like_person(text):
            yield _line(names_in(text), "name before biography", block, around)


def _after_last_paragraph(blocks: Sequence[Block], around: Surroundings) -> Iterator[AuthorStatement]:
    """A name in a block of its own after a paragraph and before no other: the signature of the text."""
    found = 0
    for before, block, after in zip(blocks, blocks[1:], (*blocks[2:], None), strict=False):
        if len(block.text) >= _NAME_CHARS or not _is_paragraph(before) or (after and len(after.text) >= _TEXT_CHARS):
            continue
        if reads_like_person(block.text) and not lead_kind(block.text):
            yield _line(names_in(block.text), "name after text", block, around)
            found += 1
            if found >= _FAR:
                return


def _is_paragraph(block: Block) -> bool:
    return is_paragraph(block, _TEXT_CHARS)


def _behind_wide_labels(blocks: Sequence[Block], around: Surroundings) -> Iterator[AuthorStatement]:
    """Names behind Chinese and Japanese labels. Only those of the most telling role count: editors if nobody wrote.

    In paragraphs only names in brackets at the start or end count, and a reporter before a slash at the start.
    """
    texts = [_labelled_part(block.text) for block in blocks]
    hits = [hit.start() for hit in LABELS_AT.finditer("\n".join(texts))]
    found = [(blocks[place], wide_names(texts[place])) for place in texts_at(hits, texts)]
    for kind in KINDS:
        named = [(block, names) for block, one in found if (names := names_of_kind(one, kind))]
        for block, names in named:
            yield _line(names, f"wide {kind}", block, around)
        if named and kind != "photo":
            return


def _signed_paragraphs(blocks: Sequence[Block], around: Surroundings) -> Iterator[AuthorStatement]:
    """Chinese and Japanese names in brackets at the end of the last paragraph, or alone below it: …。（王小明）"""
    last = next((block for block in reversed(blocks) if _is_paragraph(block)), None)
    for block in blocks[last.index : last.index + 1 + _SIGNED] if last else ():
        if names := signature(block.text[-_EDGE_CHARS:]):
            yield _line(names, "wide signature", block, around)
            return


def _labelled_part(text: str) -> str:
    if len(text) <= BYLINE_CHARS:
        return text
    edges = f"{text[:_EDGE_CHARS]}\t{text[-_EDGE_CHARS:]}"
    reported = _REPORTED.match(text)
    return " ".join([*([reported[0]] if reported else ()), *_BRACKETED.findall(edges)])


def _line(
    names: list[str], place: str, block: Block, around: Surroundings, notes: tuple[str, ...] = ()
) -> AuthorStatement:
    if names:
        notes = (*_notes_of(block, around), *notes)
    return AuthorStatement(names, "text", block.text[:LONGEST_CHARS], place, block.index, notes)


def _notes_of(block: Block, around: Surroundings) -> tuple[str, ...]:
    return around.distance(block.index), *around.classes(block.element)


def _has_year(text: str) -> bool:
    """Whether a short text holds a four-digit year: a date line, most likely."""
    return len(text) < BYLINE_CHARS and bool(_YEAR.search(text))
