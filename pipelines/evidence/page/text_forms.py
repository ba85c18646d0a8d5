"""Two forms of a text that a page states: as a reader sees it, and as texts are compared."""

from __future__ import annotations

import html
import re
from typing import Final

from cleaners.words.remembering import remembered
from cleaners.words.scripts import one_line

_WORD: Final = re.compile(r"[^\W_]+")
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_REMEMBERED: Final = 1024  # texts whose folded form is cached: a page states its title in several places
_REMEMBERED_CHARS: Final = 400


@remembered(_REMEMBERED, _REMEMBERED_CHARS)
def fold(text: str) -> str:
    """Only letters and digits, in lower case, with single spaces: texts with equal folds are the same.

    >>> fold("Ferry  runs again!")
    'ferry runs again'
    """
    return " ".join(_WORD.findall(text.lower()))


def tidy(text: str) -> str:
    """The text with entities resolved (twice, since feeds escape twice), and without tags and runs of white space.

    >>> tidy("Bread &amp;amp; <b>roses</b>")
    'Bread & roses'
    """
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub(" ", text)
    return one_line(text)
