"""Element names: the odds that an element so named holds body text, and the groups of keywords in the name.

Results are cached, since a site's pages share their names. A result never depends on which names came before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cleaners.parsing.class_names import NAME_CHARS, keyword_groups, words

_STRONGEST: Final = 3  # tokens of a name that decide its score
_REMEMBERED: Final = 30_000  # names, and words: some 10 MB; then it begins anew


class NameOdds(dict[str, tuple[float, int]]):
    """By name: the mean of its three strongest tokens' log odds, and a bit for each keyword group that it is in."""

    def __init__(self, known: Mapping[str, float]) -> None:
        super().__init__()
        self._words = _WordOdds(known)

    def __missing__(self, name: str) -> tuple[float, int]:
        """Read a name that is not remembered."""
        if len(name) > NAME_CHARS:
            return self[name[:NAME_CHARS]]  # more is not read, and need not be kept
        if len(self) >= _REMEMBERED:
            self.clear()
        values: list[float] = []
        groups = 0
        for value, bits in map(self._words.__getitem__, dict.fromkeys(words(name))):
            groups |= bits
            if value is not None:
                values.append(value)
        if len(values) > _STRONGEST:
            values = sorted(values, key=abs)[-_STRONGEST:]
        said = self[name] = (sum(values) / len(values) if values else 0.0, groups)
        return said


class _WordOdds(dict[str, tuple[float | None, int]]):
    """By word: its log odds, if it has any, and a bit for each keyword group that it is in."""

    def __init__(self, known: Mapping[str, float]) -> None:
        super().__init__()
        self._known = known

    def __missing__(self, word: str) -> tuple[float | None, int]:
        """Look up a word that is not remembered."""
        if len(self) >= _REMEMBERED:
            self.clear()
        said = self[word] = (self._known.get(word), keyword_groups(word))
        return said
