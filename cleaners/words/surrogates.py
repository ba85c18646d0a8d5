"""Surrogates: halves of characters in UTF-16, which Python's texts can hold and UTF-8 cannot write."""

from __future__ import annotations

import re
from typing import Final

_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """The text with pairs of surrogates as the characters that they mean, and lone ones replaced by U+FFFD.

    >>> encodable("sail \\ud83d\\ude00, tide \\ud83d")
    'sail 😀, tide �'
    """
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
