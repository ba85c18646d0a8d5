"""The words of bylines that are no part of a name: posts, degrees, weekdays, buttons and labels."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from pipelines.dates.names import fold_accents, month_number, weekdays
from pipelines.evidence.page.words import words

_GENERATIONS: Final = frozenset(("JR", "SR", "II", "III", "IV"))
_OF_POST: Final = frozenset("of at for in und and de der von".split())  # between a role and what it is for
_WEEKDAYS: Final = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_ALSO_NAMES: Final = frozenset("stand maj am le domingo dominic".split())
_PREPOSITIONS: Final = frozenset("in on at to for from via".split())  # "in Uncategorized" is no name
_ARTICLES: Final = frozenset("the a an your our".split())  # "By the digits", "By our own hands"
_SHORT_WEEKDAYS: Final = frozenset("mon tue wed thu fri sat sun".split())  # Sun is a name too
# Signs of questions, of required fields, of links and brands, and numbers of people or years: "Registered?",
# "Question *", "Install¶", "© Harbour Post", "Join Now!", "THERMOMIX ®", "10+ Years", "23 people", "2022Recipes".
_SIGNS: Final = re.compile(r"[?*¶©]|\s[®™]|\s\S*!$|^\d+\+|^\d+\s[a-z]|\b\d{4}[^\W\d_]")


@cache
def table(name: str, section: str = "byline") -> frozenset[str]:
    """A table of words.toml, folded."""
    return frozenset(map(fold_accents, words(section)[name]))


def is_post(folded: list[str]) -> bool:
    """Whether folded words say what someone is: "Head of Data", "Professor of Law", "Editor at Large"."""
    return len(folded) > 2 and folded[0] in table("role") and folded[1] in _OF_POST


def is_degree(word: str) -> bool:
    """Whether a word is letters that come after a name: "Ann Lee MD"; not JR or III, which belong to it, nor J.D."""
    return word.isupper() and word.isalpha() and fold_accents(word) in table("suffix") and word not in _GENERATIONS


def is_weekday(folded: list[str]) -> bool:
    """Whether folded words begin with a weekday: "Tuesday", "Sun 12", "Sun Dec"; not "Sun Wei"."""
    if folded[0] not in _SHORT_WEEKDAYS:
        return folded[0] in _WEEKDAYS
    return len(folded) == 1 or folded[1].isdigit() or bool(month_number(folded[1]))


@cache
def _labels() -> frozenset[str]:
    """Words of the interface, posts, words that lead to a date ("Közzétéve"), and full names of weekdays."""
    of_dates = table("published", "text") | table("modified", "text") | weekdays()
    return table("interface") | table("role") | (of_dates - _ALSO_NAMES)


def begins_no_name(word: str) -> bool:
    """Whether a text of several words that begins with a word is a heading or a button: "Create Account"."""
    return fold_accents(word) in table("never_first", "name")


def is_phrase(name: str) -> bool:
    """Whether what follows "By" in a line is a phrase: "the digits", "clicking", "signing up you agree to it"."""
    words = name.split()
    is_long = len(words) > 3 or words[0] in _ARTICLES or (len(words) == 1 and name.endswith("ing"))
    return name.islower() and is_long and table("collective").isdisjoint(words)


def is_no_name(piece: str, folded: list[str]) -> bool:
    """Whether a piece consists of words of buttons and labels or has signs of one, or is a day without its year."""
    if " ".join(folded) in weekdays() or _SIGNS.search(piece) or piece.partition(" ")[0] in _PREPOSITIONS:
        return True
    if all(word in _labels() or word.isdigit() for word in folded):
        signs = all(word in table("collective") or word in table("role") for word in folded)  # "Staff Reports"
        return not signs or len(folded) < 2 or table("collective").isdisjoint(folded)
    # Without its number a month is too often a name: Maio, Marc, June.
    if any(map(month_number, folded)) and len(folded) < 4:
        return any(map(str.isdigit, folded)) or (len(folded) == 1 and len(piece) > 4)
    return all(map(str.isdigit, folded)) or (" " in piece and sum(map(str.isdigit, piece)) > 4)
