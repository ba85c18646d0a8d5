"""Makes MinHash signatures of bodies, 256 bytes each, which show how similar two texts are.

The similarity of two bodies is the Jaccard index of their shingles (runs of words). The share of equal numbers in two
signatures estimates it (Broder 1997).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from cleaners.errors import UsageError

NUMBERS: Final = 128
"""Numbers of a signature: an estimate of the Jaccard index with a standard error of 0.04 at 0.7."""
WORDS: Final = 3
"""Words of a shingle; characters in scripts without spaces."""
FEWEST_WORDS: Final = 20
"""A shorter body is a duplicate only of an equal body: three shared words prove nothing."""

# Characters of scripts without spaces between words: CJK, kana and the blocks after them. Korean has spaces, but
# comparing it by syllables works as well.
_UNPARTED: Final = re.compile("[\u2e80-\U0010ffff]")
_SIGNS: Final = "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u2022\u00a0\u00ab\u00bb\u3000\u3001\u3002"
# ASCII letters and digits in lower case, bytes of other characters unchanged; all else is a space.
_PARTED: Final = bytes(
    byte if byte >= 128 else ord(chr(byte).lower() if chr(byte).isalnum() else " ") for byte in range(256)
)
_MIXED: Final = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64
)  # odd, so that no bit is lost

Signatures = NDArray[np.uint16]


def signatures(bodies: Sequence[str]) -> Signatures:
    """The MinHash signatures of bodies, (bodies, NUMBERS); all 0 for a body that is too short to be compared.

    16 bits of each number are kept: two different numbers look equal once in 65,536 times. Raises UsageError without
    rensa.
    """
    try:
        from rensa import RMinHash
    except ImportError as error:
        raise UsageError(f"duplicates need rensa ({error}). pip install 'copydesk[duplicates]'") from error
    made = np.zeros((len(bodies), NUMBERS), np.uint16)
    for row, body in zip(made, bodies, strict=True):
        found = shingles(body)
        if len(found):
            matrix = RMinHash.digest_matrix_from_flat_token_hashes(found, [0, len(found)], NUMBERS, 1)
            row[:] = np.array(matrix.to_rows()[0], np.uint32).astype(np.uint16)
    return made


def shingles(body: str) -> NDArray[np.uint64]:
    """A number for each run of WORDS words (in CJK, characters) of a body, without case and punctuation.

    >>> len(shingles("Too short to tell."))
    0
    """
    words = _words(body)
    if len(words) < FEWEST_WORDS:
        return np.zeros(0, np.uint64)
    hashes = np.fromiter(map(crc32, words), np.uint64, len(words))
    runs = [hashes[at : len(hashes) - WORDS + 1 + at] * _MIXED[at] for at in range(WORDS)]
    mixed: NDArray[np.uint64] = runs[0] ^ runs[1] ^ runs[2]
    return mixed


def _words(body: str) -> list[bytes]:
    text = body
    if not text.isascii():
        for sign in _SIGNS:  # a sixth of the time of one pattern, and most English bodies are ASCII afterwards
            text = text.replace(sign, " ")
    if not text.isascii():
        text = text.casefold()
        if _UNPARTED.search(text):
            text = _UNPARTED.sub(r" \g<0> ", text)
    return text.encode("utf-8", "replace").translate(_PARTED).split()
