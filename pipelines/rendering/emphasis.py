"""Signs of emphasis in Markdown, only where a reader takes them for signs.

CommonMark reads "**Tide:**table" as it is written: a sign does not close after punctuation and before a letter
(https://spec.commonmark.org/0.31.2/#emphasis-and-strong-emphasis). There the emphasis is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

# Before a sign that opens or closes, until its neighbours are known: characters that no text may hold.
_OPENS, _CLOSES = "\ufdd0", "\ufdd1"
_SIGN: Final = re.compile(f"([{_OPENS}{_CLOSES}](?:\\*\\*?|~~))")


def opened(sign: str) -> str:
    """A sign that begins emphasis, for `with_signs`."""
    return _OPENS + sign


def closed(sign: str) -> str:
    """A sign that ends emphasis, for `with_signs`."""
    return _CLOSES + sign


def begins_with(text: str, sign: str) -> bool:
    """Whether a text begins with this sign, opened."""
    hit = _SIGN.match(text)
    return hit is not None and hit[1] == opened(sign)


def with_signs(text: str) -> str:
    """The text with its opened and closed signs as Markdown; pairs that would be read as text are left out.

    >>> with_signs(f"A {opened('**')}tide{closed('**')}.") + with_signs(f" {opened('*')}So:{closed('*')}yes")
    'A **tide**. So:yes'
    """
    if _OPENS not in text:
        return text
    pieces = _SIGN.split(text)  # texts at even places, signs at odd ones
    waiting: list[int] = []
    for at in range(1, len(pieces), 2):
        if pieces[at][0] == _OPENS:
            waiting.append(at)
        elif waiting:
            first = waiting.pop()
            is_read = _flanks(pieces, first, +1) and _flanks(pieces, at, -1)
            pieces[first], pieces[at] = (pieces[first][1:], pieces[at][1:]) if is_read else ("", "")
    return "".join(pieces)


def _flanks(pieces: Sequence[str], sign: int, inward: int) -> bool:
    """Whether a sign can open (inward 1) or close (inward -1) emphasis, by the characters on its two sides."""
    inner, outer = _neighbour(pieces, sign, inward), _neighbour(pieces, sign, -inward)
    return not inner.isspace() and (not _is_punctuation(inner) or outer.isspace() or _is_punctuation(outer))


def _neighbour(pieces: Sequence[str], sign: int, step: int) -> str:
    """The character next to a sign on one side, other signs apart; a space at the ends of the text."""
    at = sign + step
    while 0 <= at < len(pieces):
        if at % 2 == 0 and pieces[at]:
            return pieces[at][0 if step > 0 else -1]
        at += step
    return " "


def _is_punctuation(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"
