"""Writes superscripts and subscripts in plain text: x² and CO₂ if Unicode has the signs, else x^(n+1) and a_max."""

from __future__ import annotations

import re
from typing import Final

_SIGNS: Final = "0123456789+-\u2212=()"
_TABLES: Final = {
    "sup": str.maketrans(_SIGNS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾"),
    "sub": str.maketrans(_SIGNS, "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎"),
}
_PREFIX: Final = {"sup": "^", "sub": "_"}
# Endings of ordinal numbers and trade marks: they are written as part of the word before them.
_PART_OF_WORD: Final = re.compile(r"st|nd|rd|th|[oºaªeè]|er|re|nd|ème|eme|[ivx]e|TM|SM|®|©|™|\*+|†|‡", re.IGNORECASE)
_LONGEST: Final = 12
"""The most characters of an exponent; a longer text is small print."""


def raised(text: str, how: str, before: str) -> str:
    """A raised ("sup") or lowered ("sub") text in its plain form after the text `before`.

    >>> raised("2", "sub", "CO"), raised("n+1", "sup", "x"), raised("th", "sup", "19"), raised("max", "sub", "v")
    ('₂', '^(n+1)', 'th', '_max')
    """
    inner = text.strip()
    if not inner or len(inner) > _LONGEST:
        return text
    if all(char in _SIGNS for char in inner) and any(char.isdigit() for char in inner):
        return text.replace(inner, inner.translate(_TABLES[how]))
    if not before or not before[-1].isalnum() or _PART_OF_WORD.fullmatch(inner) or not inner[0].isalnum():
        return text
    return _PREFIX[how] + (inner if inner.isalnum() else f"({inner})")
