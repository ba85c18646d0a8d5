"""Names out of bylines: no "By", no roles, no dates, no addresses, split and without repeats."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from cleaners.words.remembering import remembered
from cleaners.words.scripts import one_line
from pipelines.dates.names import fold as fold_accents
from pipelines.dates.names import month_number
from pipelines.dates.parse import find_dates
from pipelines.evidence.page.words import words

LONGEST_CHARS: Final = 200  # a longer text is a biography, not a byline
_REMEMBERED_CHARS: Final = 500  # what is longer before it is cleaned comes once
_NAME_CHARS: Final = 60
_NAME_WORDS: Final = 6
_LETTERS: Final = 5  # the longest usual title after a name: PHARM, DNSc
_ADDRESS: Final = re.compile(r"https?://\S*|www\.\S*|\S+@\S+|[\w-]+\.(?:com|org|net)\b\S*")
_HANDLE: Final = re.compile(r"(?<!\w)@\w+")
_BRACKETS: Final = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]")
_SPLIT: Final = re.compile(
    r"\s*(?:[;,、，;/|•·●\n\t&]|\s[-–—+]\s|\s[-–—]|\band\b|\bund\b|\bet\b|\by\b|\be\b(?=\s\w)|\boch\b|\bog\b|\ben\b|\bи\b|\bwith\b)\s*",
    re.IGNORECASE,
)
_CUT: Final = re.compile(
    r"(?i)\s+(?:\|.*|(?:is|was|ist|est|es|for|für|pour|para|per|of|at|from|bei|on|in|the|published|updated|posted)\s.*"
    r"|\d.*|\b(?:mon|tue|wed|thu|fri|sat|sun)\w*,?\s\d.*)$"
)
# "Interview: Ann Lee", "COMMENTARY BY Ann Lee"
_LEAD: Final = re.compile(r"^(?:[^\W\d]+\s){0,2}[^\W\d]+\s?:\s+|^(?:[^\W\d]+\s){0,3}by:?\s+", re.IGNORECASE)
_TAIL_NUMBER: Final = re.compile(r"(?<=\s)(\S*[^\W\d_]{2})\d{1,2}$")
_WEEKDAYS: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun".split()
)
_WORD: Final = re.compile(r"[^\W_]+")
_EDGE: Final = " .,:;|-–—·•*+_/\\\"“”„«»’'‘()[]~#>​<"


@cache
def _table(name: str) -> frozenset[str]:
    return frozenset(words("byline")[name])


@cache
def _first_words() -> frozenset[str]:
    return frozenset(lead.split()[0] for lead in words("byline")["by"])


@lru_cache(4096)
def _may_lead(word: str) -> bool:
    """Whether a lead such as "By" or "Posted by" can begin with this word. Remembering saves 9 % of a record's time."""
    return fold_accents(word).strip(":") in _first_words()


def names_in(text: str) -> list[str]:
    """The names in a byline or an author field, in order. [] where it holds none."""
    return list(_names(text))


@remembered(1024, _REMEMBERED_CHARS)
def _names(text: str) -> Sequence[str]:
    """As names_in. A page names its author in several places: remembering them saves 4 % of a record's time."""
    text = one_line(html.unescape(text).replace("\u200b", ""))
    if not text or len(text) > LONGEST_CHARS:
        return []
    if "(" in text or "[" in text:
        text = _BRACKETS.sub(", ", text)
    if "." in text or "@" in text or "://" in text:
        text = _HANDLE.sub(" ", _ADDRESS.sub(" ", text))
    text = _without_dates(text)
    found: list[str] = []
    for piece in _without_suffixes(_SPLIT.split(without_by(text))):
        name = _name(piece)
        if name and all(_key(name) != _key(other) for other in found):
            found.append(name)
    return found


def _without_dates(text: str) -> str:
    """The byline with a semicolon for each date, since the words before and after it are not one name."""
    if not any(map(str.isdigit, text)):
        return text
    for hit in reversed(find_dates(text, short_years=True) or find_dates(text)):
        text = f"{text[: hit.start]} ; {text[hit.end :]}"
    return text


def without_by(text: str) -> str:
    """The text without the words that lead to a name ("By", "Geschrieben von", "Автор:")."""
    for _ in range(2):
        text = text.strip(_EDGE)
        parts = text.split(" ")
        if not _may_lead(parts[0]):
            return text
        for count in (4, 3, 2, 1):
            lead = fold_accents(" ".join(parts[:count])).strip(":")
            if lead in _table("by") and len(parts) > count:
                text = " ".join(parts[count:])
                break
        else:
            return text
    return text.strip(_EDGE)


def leads_to_name(text: str) -> bool:
    """Whether a text begins with a word that leads to a name."""
    text = text.strip(_EDGE)
    return _may_lead(text.split(" ", 1)[0]) and without_by(text) != text


def is_organisation(name: str) -> bool:
    """Whether a name reads like that of an organisation, not of a person."""
    return any(word in _table("organisation") for word in _WORD.findall(fold_accents(name)))


def reads_like_person(name: str) -> bool:
    """Two to four words, each with a capital or in a script without case; no digits."""
    parts = name.split()
    if not 2 <= len(parts) <= 4 or any(c.isdigit() for c in name):
        return False
    return not any(part[0].islower() and len(part) > 4 for part in parts)


def _without_suffixes(pieces: list[str]) -> list[str]:
    """ "Ann Lee, PhD, FAND" is one name: letters after a name are dropped, not taken for another."""
    kept = [piece for piece in pieces if fold_accents(piece).replace("-", "") not in _table("suffix")]
    if len(kept) < len(pieces):
        kept = kept[:1] + [piece for piece in kept[1:] if not (piece.isupper() and len(piece) <= _LETTERS)]
    return kept


def _name(piece: str) -> str | None:
    piece = without_by(_LEAD.sub("", piece))
    cut = _CUT.search(piece)
    if cut and " " in piece[: cut.start()].strip():  # "Ann Lee of the Post", but "University of Somewhere"
        piece = piece[: cut.start()]
    piece = _TAIL_NUMBER.sub(r"\1", piece).strip(_EDGE)
    folded = _WORD.findall(fold_accents(piece))
    if not folded or len(piece) > _NAME_CHARS or len(folded) > _NAME_WORDS or len(piece) < 2:
        return None
    if folded[0] in _table("by") and len(folded) == 1:
        return None
    if month_number(folded[-1]) or folded[0] in _WEEKDAYS:
        return _name(" ".join(piece.split()[:-1])) if len(folded) > 2 and folded[0] not in _WEEKDAYS else None
    if all(word.isdigit() for word in folded) or sum(c.isdigit() for c in piece) > 4:
        return None
    roles = sum(word in _table("role") for word in folded)
    # "Harbour Post Staff" is what some pages are signed with; "Staff" or "Staff Writer" is nobody.
    signed = roles == 1 and len(folded) > 1 and folded[-1] in _table("collective")
    if roles and roles * 3 >= len(folded) and not signed:
        return None
    return piece


def _key(name: str) -> str:
    return " ".join(_WORD.findall(fold_accents(name)))


def fold_name(name: str) -> str:
    """Letters and digits alone, lower case, no accents: equal folds are the same name."""
    return _key(name)
