"""Candidates from a text dump, which has no code to state anything: lines near its top, and what came beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from cleaners.dates.order import Order, order_of
from cleaners.dates.parse import find_dates, parse_stated
from cleaners.dates.relative import relative_moment
from cleaners.document import Block, Document
from pipelines.evidence.bylines import AuthorsCandidate, Bylines
from pipelines.evidence.headlines import HeadlineCandidate, Headlines
from pipelines.evidence.person import leads_to_name, names_in, reads_like_person
from pipelines.evidence.published import DateCandidate, Dates

_TOP: Final = 25  # lines in which a dump's headline, byline and date stand
_HEADLINE_CHARS: Final = (12, 220)
_PARAGRAPH_CHARS: Final = 160  # the body has begun
_DATE_REST: Final = 25  # characters besides the date on a date line: "Published:", "| 3 min read"
_FINAL: Final = (".", ":", "…", ";", ",", "。")
_ENTRY: Final = re.compile(r"[^\W\d_]")


def dump_headlines(document: Document, stated: Mapping[str, str]) -> Headlines:
    """The stated headline, else the first short lines without a full stop before the body, nearest to the body last."""
    found: list[HeadlineCandidate] = []
    if text := " ".join(stated.get("headline", "").split()):
        at = next((b.index for b in document.blocks[:_TOP] if b.text == text), -1)
        found.append(HeadlineCandidate(text, "stated", stated["headline"], at))
    found += [HeadlineCandidate(b.text, "dump", b.text, b.index) for b in _headline_lines(document)]
    return Headlines(tuple(found), tuple(1 / (1 + place) for place in range(len(found))))


def _headline_lines(document: Document) -> list[Block]:
    lines: list[Block] = []
    for block in document.blocks[:_TOP]:
        if len(block.text) >= _PARAGRAPH_CHARS and lines and block.text.rstrip("\"”»').").count(" ") > 20:
            break
        low, high = _HEADLINE_CHARS
        words = _ENTRY.findall(block.text)
        shaped = low <= len(block.text) <= high and len(words) * 2 > len(block.text)
        if shaped and not (block.text.endswith(_FINAL) or _is_date_line(block) or leads_to_name(block.text)):
            lines.append(block)
    return lines


def _is_date_line(block: Block) -> bool:
    found = find_dates(block.text, short_years=True) or find_dates(block.text)
    return bool(found) and len(block.text) - (found[0].end - found[0].start) <= _DATE_REST


def dump_dates(document: Document, stated: Mapping[str, str], anchor: int, fetched_at: str | None) -> Dates:
    """The stated date, else dates on lines of their own around the headline. None where there is no such line."""
    texts = [block.text for block in document.blocks[:_TOP]]
    order = order_of(None, document.url, texts)
    found: list[DateCandidate | None] = []
    raw = stated.get("date") or stated.get("date_published") or ""
    when = parse_stated(raw, None, order) if raw else None
    if when and not when.is_after(fetched_at):
        found.append(DateCandidate(when, "stated", raw, "stated"))
    lines = document.blocks[max(0, anchor - 4) : max(anchor, 0) + 8]
    for block in sorted(lines, key=lambda b: abs(b.index - anchor)):
        candidate = _date_on_line(block, order, fetched_at)
        if candidate and not candidate.moment.is_after(fetched_at):
            found.append(candidate)
    return Dates((*found, None), tuple(1 / (1 + place) for place in range(len(found) + 1)))


def _date_on_line(block: Block, order: Order, fetched_at: str | None) -> DateCandidate | None:
    if len(block.text) > 100:
        return None
    when = relative_moment(block.text, fetched_at)
    if when:
        return DateCandidate(when, "dump", block.text, "dump", block.index)
    for hit in find_dates(block.text, None, order, short_years=True) or find_dates(block.text, None, order):
        if len(block.text) - (hit.end - hit.start) <= _DATE_REST and hit.moment.day:
            return DateCandidate(hit.moment, "dump", block.text[hit.start : hit.end], "dump", block.index)
    return None


def dump_bylines(document: Document, stated: Mapping[str, str], anchor: int) -> Bylines:
    """The stated authors, else a line near the headline that begins like a byline."""
    found: list[AuthorsCandidate | None] = []
    if names := names_in(stated.get("author", "") or stated.get("authors", "")):
        found.append(AuthorsCandidate(tuple(names), "stated", stated.get("author", "")))
    for block in document.blocks[max(0, anchor - 3) : max(anchor, 0) + 6]:
        if block.index != anchor and len(block.text) <= 100 and leads_to_name(block.text):
            names = names_in(block.text)
            if names and all(reads_like_person(name) for name in names):
                found.append(AuthorsCandidate(tuple(names), "dump", block.text, block.index))
    return Bylines((*found, None), tuple(1 / (1 + place) for place in range(len(found) + 1)))
