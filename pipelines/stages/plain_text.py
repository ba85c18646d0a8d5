"""Text as a reader means it: composed letters, mended mojibake, plain spaces, nothing invisible."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from ftfy import fix_encoding
from ftfy.badness import is_bad

# Soft hyphens, zero-width spaces, word joiners, byte-order marks, directional isolates and embeddings: they shape
# lines, not words. Zero-width joiners and non-joiners stay: they spell words in Persian, Hindi, and emoji.
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SPACES: Final = re.compile(r"[^\S\n]+")
_AROUND_BREAK: Final = re.compile(r" ?\n ?")
_BREAKS: Final = re.compile(r"\n{3,}")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def plain(text: str) -> str:
    """Paragraphs (parted by blank lines) of plain text. Idempotent; cost linear in the length."""
    if not text.isascii():
        text = _composed(text)
    text = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"))
    text = _AROUND_BREAK.sub("\n", _SPACES.sub(" ", text))
    return _BREAKS.sub("\n\n", text).strip()


def plain_line(text: str) -> str:
    """A single line of plain text."""
    return " ".join(plain(text).split())


def encodable(text: str) -> str:
    """The text with lone surrogates, which no encoding can write, replaced by U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _composed(text: str) -> str:
    text = encodable(text)
    if is_bad(text):
        text = "\n".join(fix_encoding(line) if is_bad(line) else line for line in text.split("\n"))
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
