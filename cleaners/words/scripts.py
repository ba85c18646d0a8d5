"""The one definition of scripts without spaces, of words, and of the marks that end a sentence."""

from __future__ import annotations

import re
from typing import Final

CJK: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Chinese and Japanese characters, each of which counts as a word; for a set in a pattern: `[{CJK}]`."""
WIDE: Final = "\u3000-\u303f\uff00-\uff60" + CJK
"""The same with their punctuation and the full-width forms of Latin letters."""
SENTENCE_ENDS: Final = ".!?…。！？．؟۔।॥։"
"""Marks that end a sentence: Latin, East Asian, Arabic, Urdu, Devanagari (danda) and Armenian."""
CLOSING_QUOTES: Final = '"”’»」』'
"""Marks that may follow the end of a quoted sentence."""

_WORD: Final = re.compile(f"[{CJK}]|[^\\W{CJK}]+")


def words_of(text: str) -> list[str]:
    """The words of a text, as they are written; each Chinese or Japanese character is one.

    >>> words_of("Open at 7, 朝市!")
    ['Open', 'at', '7', '朝', '市']
    """
    return _WORD.findall(text)


def one_line(text: str) -> str:
    """The text with every run of white space, line breaks included, as one space, and no white space around it.

    >>> one_line("  The tide\\n table ")
    'The tide table'
    """
    return " ".join(text.split())
