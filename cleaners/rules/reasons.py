"""The reasons for which blocks are removed: one table, in rules/reasons.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple


class Reason(NamedTuple):
    """A row of the table: its key, what such a block is, and where the name comes from."""

    key: str
    meaning: str
    source: str


def _load() -> Mapping[str, Reason]:
    table = tomllib.loads(files("cleaners.rules").joinpath("tables/reasons.toml").read_text("utf-8"))
    return MappingProxyType({key: Reason(key, row["meaning"], row["source"]) for key, row in table.items()})


REASONS: Mapping[str, Reason] = _load()
