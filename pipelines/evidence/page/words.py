"""The tables of words.toml, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def words(table: str) -> dict[str, list[str]]:
    """One table of words.toml: its lists by name."""
    text = files("pipelines.evidence.page").joinpath("words.toml").read_text(encoding="utf-8")
    found: dict[str, list[str]] = tomllib.loads(text)[table]
    return found


@cache
def field_of_meta() -> dict[str, tuple[str, int]]:
    """A <meta> element's name -> (field, rank within the field)."""
    return {name: (field, rank) for field, names in words("meta").items() for rank, name in enumerate(names)}
