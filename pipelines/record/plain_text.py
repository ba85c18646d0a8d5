"""Makes text plain: composed letters, mended mojibake, plain spaces, nothing invisible."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from ftfy import TextFixerConfig, fix_encoding
from ftfy.badness import is_bad

from cleaners.words.scripts import one_line
from cleaners.words.surrogates import encodable

# Soft hyphens, zero-width spaces, word joiners, byte-order marks, directional isolates and embeddings: they shape
# lines, not words. Zero-width joiners and non-joiners stay: they spell words in Persian, Hindi, and emoji.
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SPACES: Final = re.compile(r"[^\S\n]+")
_AROUND_BREAK: Final = re.compile(r" ?\n ?")
_BREAKS: Final = re.compile(r"\n{3,}")
# UTF-8 read as Windows-1252 or -1251: a lead byte's character, then a continuation byte's. This quick search saves most
# texts ftfy's full search.
_CONTINUATION: Final = "".join(
    {chr(byte) for byte in range(0x80, 0xC0)}
    | {char for page in ("cp1252", "cp1251") for char in bytes(range(0x80, 0xC0)).decode(page, "ignore")}
)
_MOJIBAKE: Final = re.compile(f"[\u00c2-\u00f4РС][{re.escape(_CONTINUATION)}]")
# If ftfy cannot mend a line at once, it tries each piece of mojibake, at about 0.2 ms a piece. A long line with more
# pieces than one in so many characters is no misread text (misread French has one in 25): it is only tried as a whole.
_AS_A_WHOLE: Final = TextFixerConfig(decode_inconsistent_utf8=False)
_DENSE, _LONG = 16, 1_000
# Characters that no output may hold: control characters, white space except space and line break, and runs of white
# space. One set of characters is searched three times as fast as alternatives.
_UNTIDY: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_UNTIDY_RUNS: Final = ("  ", " \n", "\n ", "\n\n\n")


def plain(text: str) -> str:
    """Paragraphs (separated by blank lines) of plain text. Idempotent; cost linear in the length."""
    if not text.isascii():
        text = composed(text)
    # Most texts hold none of these characters, and one search is cheaper than four rewrites.
    if not any(run in text for run in _UNTIDY_RUNS) and not _UNTIDY.search(text):
        return text.strip()
    text = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"))
    text = _AROUND_BREAK.sub("\n", _SPACES.sub(" ", text))
    return _BREAKS.sub("\n\n", text).strip()


def plain_line(text: str) -> str:
    """A single line of plain text."""
    if text.isascii() and text.isprintable():
        return one_line(text)
    return one_line(plain(text))


def composed(text: str) -> str:
    """The text with composed letters, mended mojibake, nothing invisible, and its white space unchanged."""
    text = encodable(text)
    if _MOJIBAKE.search(text):
        text = "\n".join(_mended(line) for line in text.split("\n"))
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def _mended(line: str) -> str:
    if not _MOJIBAKE.search(line) or not is_bad(line):
        return line
    return fix_encoding(line, _AS_A_WHOLE if _is_dense(line) else None)


def _is_dense(line: str) -> bool:
    """Whether a long line holds more pieces of mojibake than misread text does."""
    return len(line) > _LONG and _DENSE * len(_MOJIBAKE.findall(line)) > len(line)
