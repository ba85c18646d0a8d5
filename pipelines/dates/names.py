"""Month names, phrases for "ago" and the order of day and month, from names.json (CLDR, by tools/date_names.py)."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any, Final

from cleaners.words.remembering import remembered
from cleaners.words.scripts import CJK, one_line

# A page folds some 24 texts, each seven times. Where their names were seen before, as on pages of one site, this saves
# 3 % of a record's instructions; on the first page of a site 0.2 % in English, and 2 % if names have accents.
_REMEMBERED: Final = 4096
_REMEMBERED_CHARS: Final = 80


@remembered(_REMEMBERED, _REMEMBERED_CHARS)
def fold_accents(text: str) -> str:
    """Lower case, no accents, no dots, single spaces: the form in which names are compared."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.category(c).startswith(("M", "Cf")))
        text = text.replace("\u2019", "'")
    return one_line(text.lower().replace(".", ""))


@cache
def names() -> dict[str, Any]:
    """The generated table; read once."""
    text = files("pipelines.dates").joinpath("names.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def month_number(name: str, language: str | None = None) -> int | None:
    """The month that a word names, or None. If languages disagree, the page's own decides, else the majority."""
    folded = fold_accents(name)
    # Hebrew writes "in April" as one word (CLDR's pattern: d בMMMM y).
    number = names()["months"].get(folded) or names()["months"].get(folded.removeprefix("ב"))
    if not isinstance(number, dict):
        return number if number is None else int(number)
    if language and (own := number.get(language.split("-")[0].lower())):
        return int(own)
    votes = sorted(number.values())
    return int(max(votes, key=votes.count))


# The language whose habits a text follows, by its letters, if the page does not declare one.
_SCRIPTS: Final = tuple(
    (language, re.compile(f"[{letters}]"))
    for language, letters in (
        ("ja", "\u3041-\u30ff"), ("ko", "가-힣"), ("zh", CJK), ("fa", "پچژگ"), ("ar", "ء-ي"), ("he", "א-ת"),
        ("th", "ก-๛"), ("hi", "ऀ-ॿ"), ("el", "Ͱ-Ͽ"), ("ru", "Ѐ-ӿ"),
    )
)  # fmt: skip


def language_of_script(text: str) -> str | None:
    """The commonest language of the script in which a text is written; None if it is Latin or unknown."""
    if text.isascii():
        return None
    return next((language for language, letters in _SCRIPTS if letters.search(text)), None)


@cache
def weekdays() -> frozenset[str]:
    """Folded full names of weekdays in all languages of the table."""
    return frozenset(names()["weekdays"])


def is_afternoon(word: str) -> bool | None:
    """True for words like "pm", False for words like "am", None for any other."""
    folded = fold_accents(word)
    if folded in names()["afternoon"]:
        return True
    return False if folded in names()["morning"] else None
