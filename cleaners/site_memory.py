"""A memory of the lines that a site repeats: lines on many of its documents are boilerplate, even without other signs.

Counts live in a count-min sketch (Cormode and Muthukrishnan 2005): fixed memory whatever the number of sites and lines,
sums that do not depend on the order of documents. Collisions only ever add; their expected size is subtracted
(Deng and Rafiei 2007, "New estimation algorithms for streaming data"), so that a full sketch forgets rather than
invents.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.document import Document
from cleaners.errors import InputError
from cleaners.parsing.arrays import DamagedError, load_arrays, save_arrays
from cleaners.words.addresses import host_name

# 4 rows of 2**20 counters of 4 bytes: 16 MB, and room for some million lines before the sketch begins to forget.
WIDTH_BITS: Final = 20
_DEPTH: Final = 4
_VERSION: Final = 1
_DIGITS: Final = re.compile(r"\d+")
_DOCUMENTS: Final = "\x00documents"

Counts = NDArray[np.uint32]


class SiteMemory:
    """Counts how many documents of each site hold each line. The same documents in any order give the same memory."""

    def __init__(self, width_bits: int = WIDTH_BITS) -> None:
        self.width_bits = width_bits
        self._counts: Counts = np.zeros((_DEPTH, 1 << width_bits), np.uint32)
        self._added = 0  # the sum of each row

    def observe(self, document: Document) -> None:
        """Count each distinct line of a document once."""
        lines = {_line_key(block.text) for block in document.blocks}
        places = self._places([_DOCUMENTS, *sorted(lines)], site_of(document))
        for row, columns in zip(self._counts, places, strict=True):
            np.add.at(row, columns, 1)
        self._added += places.shape[1]

    def documents(self, site: str) -> int:
        """How many documents of a site were seen."""
        return int(self._estimates([_DOCUMENTS], site)[0])

    def line_counts(self, texts: Sequence[str], site: str) -> NDArray[np.int64]:
        """On how many documents of a site each text was seen. Numbers in a text count as one and the same."""
        return self._estimates([_line_key(text) for text in texts], site)

    def save(self, path: Path) -> None:
        """Write the memory, whole or not at all."""
        save_arrays(path, counts=self._counts, version=np.array(_VERSION))

    @classmethod
    def load(cls, path: Path) -> SiteMemory:
        """Read a saved memory. Raises InputError if the file is missing or no memory."""
        try:
            arrays = load_arrays(path)
            counts, version = arrays["counts"], int(arrays["version"])
        except (DamagedError, ValueError, TypeError, KeyError) as error:
            raise InputError(
                f"{path}: not a site memory ({error}); make one with `copydesk clean --learn-site`"
            ) from error
        width_bits = max(counts.size // _DEPTH, 1).bit_length() - 1
        is_ours = version == _VERSION and counts.shape == (_DEPTH, 1 << width_bits) and counts.dtype == np.uint32
        if not is_ours or not width_bits:
            raise InputError(f"{path}: a site memory of another version; learn the site again")
        memory = cls(width_bits)
        memory._counts = counts
        memory._added = int(counts[0].sum(dtype=np.uint64))
        return memory

    def _places(self, keys: Sequence[str], site: str) -> NDArray[np.int64]:
        """The counter of each key in each row, (rows, keys)."""
        prefix = blake2b(site.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        digests = b"".join(
            blake2b(key.encode("utf-8", "surrogatepass"), digest_size=4 * _DEPTH, key=prefix).digest() for key in keys
        )
        hashes = np.frombuffer(digests, "<u4").reshape(len(keys), _DEPTH).T
        return (hashes >> np.uint32(32 - self.width_bits)).astype(np.int64)

    def _estimates(self, keys: Sequence[str], site: str) -> NDArray[np.int64]:
        if not keys:
            return np.zeros(0, np.int64)
        places = self._places(keys, site)
        found = np.take_along_axis(self._counts, places, axis=1).astype(np.float64)
        noise = (self._added - found) / (self._counts.shape[1] - 1)
        least = (found - noise).min(axis=0)
        return np.asarray(np.maximum(np.round(least), 0), np.int64)


def site_of(document: Document) -> str:
    """The host of a document's URL without `www.`; empty if there is none, so that such dumps count as one site."""
    return host_name(document.url)


def _line_key(text: str) -> str:
    return _DIGITS.sub("0", text.casefold())
