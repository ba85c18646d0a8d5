"""Tells Chinese and Japanese names of people from those of papers and offices, and from words of labels and menus."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from cleaners.words.scripts import CJK
from pipelines.evidence.cjk_labels import kind_of_label
from pipelines.evidence.page.terms import is_wide
from pipelines.evidence.page.words import words

CHARACTERS: Final = "々" + CJK  # the characters of names
_JAPANESE_PART: Final = re.compile(rf"[{CHARACTERS}]{{1,3}}$")
_LONGEST: Final = 4  # characters of a Chinese person's name with a family name of two; other names have two or three
_LONGEST_JAPANESE: Final = 6


def is_wide_organisation(name: str) -> bool:
    """Whether a Chinese or Japanese name ends like that of a paper, an office or a company."""
    return is_wide(name) and name.endswith(_endings("organisation_endings")) and not is_wide_person(name)


def is_wide_person(name: str) -> bool:
    """Whether a name reads like a person's: a Chinese one of two to four characters, or a Japanese one in two parts."""
    first, _, last = name.partition(" ")
    if last:
        if len(last) == 3 and _is_chinese(last, _listed("surnames")) and first not in _listed("japanese_surnames"):
            return False  # a paper and its reporter: 港時 王小明
        return not (is_nobody(first) or is_nobody(last)) and is_japanese_part(first) and is_japanese_part(last)
    return _is_chinese(name, _listed("surnames")) or _is_japanese(name)


def is_labelled_person(name: str) -> bool:
    """The same behind a label, where rarer family names count too. By themselves these mostly begin other words."""
    return is_wide_person(name) or _is_chinese(name, _listed("rare_surnames"))


def is_japanese_part(name: str) -> bool:
    """Whether a text can be a family name or a given name of a Japanese person."""
    return bool(_JAPANESE_PART.match(name))


def is_surname(character: str) -> bool:
    """Whether a character is a common Chinese family name."""
    return character in _listed("surnames")


def is_japanese_surname(name: str) -> bool:
    """Whether a text is a common Japanese family name."""
    return name in _listed("japanese_surnames")


def is_nobody(name: str) -> bool:
    """Whether a text is a word of buttons and labels, or says that nobody is named: 佚名, 发布日期, 台北報導."""
    is_label = name in _listed("interface", "byline") or name in kind_of_label()
    return is_label or name.endswith(_endings("no_name_endings"))


def _is_chinese(name: str, surnames: frozenset[str]) -> bool:
    if not 2 <= len(name) <= _LONGEST or name[0] not in surnames or is_nobody(name):
        return False
    return len(name) < _LONGEST or name[:2] in _listed("double_surnames")


def _is_japanese(name: str) -> bool:
    """Whether a name is a common Japanese family name of two or three characters before a given name."""
    if not 3 <= len(name) <= _LONGEST_JAPANESE or is_nobody(name) or name.endswith(_endings("organisation_endings")):
        return False
    return name[:2] in _listed("japanese_surnames") or name[:3] in _listed("japanese_surnames")


@cache
def _listed(table: str, section: str = "name") -> frozenset[str]:
    return frozenset(words(section)[table])


@cache
def _endings(table: str) -> tuple[str, ...]:
    return tuple(words("name")[table])
