"""Tells what a name is: a person's, an organisation's or an agency's; and when two names are the same."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from cleaners.words.remembering import remembered
from pipelines.dates.names import fold_accents
from pipelines.evidence.cjk_names import is_wide_organisation, is_wide_person
from pipelines.evidence.name_words import begins_no_name, table
from pipelines.evidence.page.terms import is_wide
from pipelines.evidence.page.words import words

_NAME_CHARS: Final = 60
_REMEMBERED_NAMES: Final = 4096  # a page asks some 30 times whether a name is an organisation's, about a few names
# "The Harbour Newsroom", "harbour.com"
_OF_SITE: Final = re.compile(r"(?i)^the\s|^\S{3,}\.(?:com|org|net|info|tv|de|at|ch|it|fr|es|pl|nl|eu|uk|in|ru)$")
# "Fjord s.r.o", "Port sp. z o.o"
_COMPANY: Final = re.compile(r"(?i)\s(?:s\.r\.o|z o\.o|sas|s\.a|a\.s)\.?$")
_LINK_SIGNS: Final = "©«»‹›←→↑↓"  # signs before links to other texts and before owners of rights
_WORD: Final = re.compile(r"[^\W_]+")
_VOWELS: Final = frozenset("aeiouyаеёиоуыэюяіїє")  # a word in capitals without a vowel is no name: JRR, BBC
_MC: Final = re.compile(r"\b(Mc)([a-z])")


@remembered(_REMEMBERED_NAMES, _NAME_CHARS)
def fold_name(name: str) -> str:
    """Letters and digits alone, lower case, no accents: equal folds are the same name."""
    return " ".join(_WORD.findall(fold_accents(name)))


@remembered(_REMEMBERED_NAMES, _NAME_CHARS)
def is_organisation(name: str) -> bool:
    """Whether a name reads like that of an organisation, not of a person."""
    if not table("organisation").isdisjoint(fold_name(name).split()):
        return True
    return is_wide_organisation(name) or is_agency(name)


def is_agency(name: str) -> bool:
    """Whether a name is that of a news agency."""
    return fold_name(name) in _agencies()


def name_kind(name: str) -> str:
    """The kind of name that a text reads like: "agency", "organisation" or "person"."""
    if is_agency(name):
        return "agency"
    is_body = is_organisation(name) or not table("organisation_kind").isdisjoint(fold_name(name).split())
    return "organisation" if is_body or _OF_SITE.search(name) or _COMPANY.search(name) else "person"


@cache
def _agencies() -> frozenset[str]:
    return frozenset(fold_name(name) for name in words("agencies")["names"])


def reads_like_person(name: str) -> bool:
    """Two to four words, each with a capital or in a script without case, no digits; or a Chinese or Japanese name.

    A text that ends with a colon is a label, and one that begins with a word of buttons is no name.
    """
    if is_wide(name):
        return is_wide_person(name)
    parts = name.split()
    if not 2 <= len(parts) <= 4 or any(c.isdigit() for c in name):
        return False
    if name.endswith((":", "?", "!")) or name[0] in _LINK_SIGNS or begins_no_name(parts[0]):
        return False
    return not any(part[0].islower() and len(part) > 4 for part in parts)


def plain_case(name: str) -> str:
    """A person's name with capitals only where names have them; organisations and short words stay.

    >>> [plain_case(name) for name in ("MELISSA O'NEILL-BRANDT", "Marie MCCARTHY", "BBC NEWS", "J.D. LEE")]
    ["Melissa O'Neill-Brandt", 'Marie McCarthy', 'BBC NEWS', 'J.D. Lee']
    """
    parts = name.split()
    if len(parts) < 2 or is_organisation(name):
        return name
    return " ".join(_plain_word(part) if _is_shouted(part) else part for part in parts)


def _is_shouted(word: str) -> bool:
    return len(word) > 2 and word.isupper() and "." not in word and not _VOWELS.isdisjoint(fold_accents(word))


def _plain_word(word: str) -> str:
    return _MC.sub(lambda hit: hit[1] + hit[2].upper(), word.title())
