"""Cuts junk that is stuck to good text inside one block. Junk begins and ends at the edges of sentences.

A passage is a row of units: phrases of tables/stuck.toml and of the wording tables, datelines, counts. It is cut if it
comes before a sentence, between two, or after the last, and only if the rest still reads as a sentence: a cut must
never take a word of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from cleaners.document import Block, CleanerResult, Document, Mark
from cleaners.options import CleanOptions
from cleaners.rules.rows import WORDING_TABLES, WordingRow, load_rows
from cleaners.words.toml_tables import read_toml

# If fewer words are left, there is no sentence to check the cut against.
_REST_WORDS = 4
# How many words at the beginning of the rest must include one in lower case: names alone are not a sentence.
_OPENING_WORDS = 10
# Characters of the rest that are looked at.
_REST_CHARS = 400
# The most units of one passage, and the longest phrase in characters: more would be a page, not a passage.
_MAX_UNITS = 24
_KEY_CHARS = 3

# Between texts that are searched as one: white space, so that the end of a text neither hides nor makes a sentence's
# edge.
_BETWEEN = "\n"
_EDGE = re.compile(r"[.!?…。！？][\"'”’»)\]]*\s*(?=\S)")
_GAP = re.compile(r"[\s|·•:,/>»\-–—()]*")
_ITEM = re.compile(r"\s[-–•] ")
_JOINING_SIGNS = frozenset(",:-–—(/")
_COUNT = re.compile(r"\d[\d.,]*[kKmM]?(?=\s)")
_FIRST_LETTER = re.compile(r"[\"'“‘«(\[¿¡]*([^\W_])")
_WORD = re.compile(r"[^\W\d_][^\s]*")
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september"
    r"|october|november|december|januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|mars|avril|juin"
    r"|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre"
    r"|octubre|noviembre|diciembre|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)\.?"
)
_DAY_NAME = r"(?:(?:mon|tue|tues|wed|thu|thurs|fri|sat|sun)(?:day|nesday|rsday|urday)?,? *)?"
_DATE = (
    rf"{_DAY_NAME}(?:\d{{1,2}}(?:st|nd|rd|th|\.)? *(?:de +)?{_MONTH},? *(?:de +)?\d{{4}}"
    rf"|{_MONTH} *\d{{1,2}}(?:st|nd|rd|th)?,? *\d{{4}}"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}年\d{1,2}月\d{1,2}日)"
)
_TIME = r"\d{1,2}[:.]\d{2}(?::\d{2})? *(?:[ap]\.?m\.?)?(?: *(?:[a-z]{2,4}t|utc|gmt)\b)?"


class Unit(NamedTuple):
    """A piece of a passage: where it ends, its reason, and whether it is more than one ordinary word."""

    end: int
    reason: str
    strong: bool
    sure: bool


class Passage(NamedTuple):
    """Characters start:end are junk, for this reason."""

    start: int
    end: int
    reason: str


def mark_stuck_passages(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
    """Cut the junk stuck to the sentences of each block, beginning after the cuts of earlier cleaners."""
    cut = {mark.block: mark.end for mark in marks if mark.action == "cut" and mark.start == 0}
    blocks = document.blocks
    likely = sorted({*_with_key([block.text for block in blocks]), *cut})
    return CleanerResult([mark for i in likely for mark in _marks_of(blocks[i], cut.get(i, 0))])


def _with_key(texts: Sequence[str]) -> Iterator[int]:
    """The texts in which a passage may begin, at their start or after a sentence. All others are skipped."""
    page = _BETWEEN.join(texts)
    lowered = page.lower()
    if len(lowered) != len(page):  # some letters become two in lower case, and offsets would shift
        yield from range(len(texts))
        return
    keys = _keys()
    begin = 0
    ends = []
    for i, text in enumerate(texts):
        if lowered[begin : begin + _KEY_CHARS] in keys or text[:1].isdigit() or text[:1].isspace():
            yield i
        begin += len(text) + len(_BETWEEN)
        ends.append(begin)
    i = 0
    for edge in _EDGE.finditer(page):
        place = edge.end()
        if lowered[place : place + _KEY_CHARS] in keys or page[place].isdigit():
            while ends[i] <= place:
                i += 1
            yield i


def _too_short(text: str) -> bool:
    """Whether a text has too few words for a sentence to remain after a cut, as most lines of a dump do."""
    return text.count(" ") < _REST_WORDS - 1 and text.isascii()


def _marks_of(block: Block, begin: int) -> Iterator[Mark]:
    for passage in stuck_passages(block.text, begin):
        evidence = f"stuck to a sentence: {block.text[passage.start : passage.end]!r}"
        yield Mark(block.index, "cut", passage.reason, evidence, passage.start, passage.end)


def stuck_passages(text: str, begin: int = 0) -> list[Passage]:
    """The junk passages of a text from `begin` on, in order. Linear in the text's length."""
    if _too_short(text):
        return []
    lowered = text.lower()
    if len(lowered) != len(text):
        return []
    out: list[Passage] = []
    keys = _keys()
    begin = reached = begin + len(text[begin:]) - len(text[begin:].lstrip())
    for start in [begin, *(edge.end() for edge in _EDGE.finditer(text, begin))]:
        if start < reached or (
            lowered[start : start + _KEY_CHARS] not in keys and not text[start : start + 1].isdigit()
        ):
            continue
        passage = _passage(text, lowered, start, start == begin)
        if passage:
            out.append(passage)
            reached = passage.end
    return out


def _passage(text: str, lowered: str, start: int, is_head: bool) -> Passage | None:
    units = _units(text, lowered, start)
    # The longest row of units that leaves a sentence: the last unit may be the sentence's own first word.
    for count in range(len(units), 0, -1):
        end = _rest_begins(text, units[count - 1].end)
        if _may_cut(text, units[:count], end, is_head):
            return Passage(start, end, units[0].reason)
    return None


def _rest_begins(text: str, place: int) -> int:
    """Where the rest begins after a unit: after the punctuation between them, but including the dash of a list item."""
    end = _after_gap(text, place)
    item = _ITEM.search(text, place, end)
    return item.start() + 1 if item else end


def _may_cut(text: str, units: list[Unit], end: int, is_head: bool) -> bool:
    firm = len(units) > 1 or units[0].strong
    if end >= len(text):
        return not is_head and (firm or text[-1] not in ".!?")
    if not set(text[units[-1].end : end]).isdisjoint(_JOINING_SIGNS):
        return False  # "Read more: …", "First, …": the words belong to what follows
    rest = text[end : end + _REST_CHARS].lstrip("-–• ")
    if not _begins_sentence(rest) or (not units[-1].strong and rest[0].isdigit()):  # "Save 25 % on …"
        return False
    return firm or units[0].sure or (is_head and _opens_plainly(rest))


def _begins_sentence(rest: str) -> bool:
    first = _FIRST_LETTER.match(rest)
    if not first or first[1].islower():
        return False
    words = _WORD.findall(rest)
    if first[1].isalpha() and not first[1].isupper():  # the first letter is of a script without case
        return len(rest) > 2 * _REST_WORDS
    return len(words) >= _REST_WORDS and any(word[0].islower() for word in words[1:_OPENING_WORDS])


def _opens_plainly(rest: str) -> bool:
    words = rest[:80].split()
    return words[0].lower() in _table().openers and words[1][:1].islower()


def _units(text: str, lowered: str, start: int) -> list[Unit]:
    units: list[Unit] = []
    place, counted = start, False
    while place < len(text) and len(units) < _MAX_UNITS:
        unit = _unit_at(text, lowered, place)
        count = _COUNT.match(text, place) if units and not unit else None
        if count:  # "Share 12 Tweet 3"
            unit = _unit_at(text, lowered, _after_gap(text, count.end()))
            if not unit and counted:
                unit = units.pop()._replace(end=count.end())
            counted = True
        if not unit:
            break
        units.append(unit)
        place = _after_gap(text, unit.end)
    return units


def _after_gap(text: str, place: int) -> int:
    gap = _GAP.match(text, place)
    return gap.end() if gap else place


def _unit_at(text: str, lowered: str, place: int) -> Unit | None:
    """The longest phrase or pattern that begins at a place."""
    table = _table()
    found = [Unit(place, "", False, False)]
    for phrase in table.phrases.get(lowered[place : place + _KEY_CHARS], ()):
        end = place + len(phrase)
        if lowered.startswith(phrase, place) and _ends_word(text, end):
            found.append(Unit(end, table.reasons[phrase], " " in phrase, phrase in table.sure))
            break
    for reason, pattern in table.patterns:
        match = pattern.match(lowered, place)
        if match and _ends_word(text, match.end()):
            found.append(Unit(match.end(), reason, True, False))
    longest = max(found, key=lambda unit: unit.end)
    return longest if longest.end > place else None


def _ends_word(text: str, end: int) -> bool:
    """Whether a word may end here: before a space or sign, or glued to a capital or from a digit to a letter."""
    if end >= len(text) or not text[end].isalnum() or not text[end - 1].isalnum():
        return True
    last, following = text[end - 1], text[end]
    return (last.islower() and following.isupper()) or (last.isdigit() and following.isupper())


class _Table(NamedTuple):
    phrases: dict[str, tuple[str, ...]]  # by their first characters, longest first
    reasons: dict[str, str]
    sure: frozenset[str]
    openers: frozenset[str]
    patterns: tuple[tuple[str, re.Pattern[str]], ...]


@cache
def _table() -> _Table:
    raw = read_toml("cleaners.rules", "tables/stuck.toml")
    reasons = {phrase: row.reason for row in _wording(raw) for phrase in row.whole if len(phrase) >= _KEY_CHARS}
    reasons |= {phrase: row["reason"] for row in raw["phrases"] for phrase in row["words"]}
    by_key: dict[str, list[str]] = {}
    for phrase in sorted(reasons, key=lambda p: (-len(p), p)):
        by_key.setdefault(phrase[:_KEY_CHARS], []).append(phrase)
    patterns = tuple((row["reason"], _pattern(row["pattern"])) for row in raw["patterns"])
    phrases = {key: tuple(found) for key, found in by_key.items()}
    return _Table(phrases, reasons, frozenset(raw["sure"]), frozenset(raw["openers"].split()), patterns)


def _wording(raw: dict[str, Any]) -> Iterator[WordingRow]:
    return (
        row for row in load_rows(WordingRow, WORDING_TABLES) if row.reason in raw["reasons"] and "text" in row.markup
    )


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("{date}", f"(?:{_DATE})").replace("{time}", f"(?:{_TIME})"))


@cache
def _keys() -> frozenset[str]:
    table = _table()
    return frozenset(table.phrases) | _PATTERN_KEYS


# First characters of the words that begin a pattern (digits are looked for by themselves).
_PATTERN_KEYS = frozenset(
    "pub pos upd mod cre akt ver mis act agg опу обн fir las ori mon tue wed thu fri sat sun jan feb mar apr may jun"
    " jul aug sep oct nov dec".split()
)
