"""Cross-validation folds that keep all pages of a registered domain together."""

from __future__ import annotations

import zlib

from cleaners.words.addresses import registered_domain


def fold_of(page: str, folds: int) -> int:
    """The fold of a page, by its address or, where it has none, its id.

    All pages of a registered domain are in one fold, whatever their hosts, and in the same fold on every machine.
    """
    return zlib.crc32((registered_domain(page) or page).encode()) % folds
