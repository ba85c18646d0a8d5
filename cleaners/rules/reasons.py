"""The reasons for which blocks are removed: one table, tables/reasons.toml."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from cleaners.words.toml_tables import read_toml


class Reason(NamedTuple):
    """A row of the table: its key, what such a block is, and where the name comes from."""

    key: str
    meaning: str
    source: str


def _load() -> Mapping[str, Reason]:
    table = read_toml("cleaners.rules", "tables/reasons.toml")
    return MappingProxyType({key: Reason(key, row["meaning"], row["source"]) for key, row in table.items()})


REASONS: Mapping[str, Reason] = _load()
