"""Cross-validation folds that keep all pages of a domain together."""

from __future__ import annotations

import zlib
from urllib.parse import urlsplit


def domain(url: str) -> str:
    """The host without `www.`, in lower case."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def fold_of(url: str, folds: int) -> int:
    """The fold of a page: the same for all pages of a domain, on every machine."""
    return zlib.crc32(domain(url).encode()) % folds
