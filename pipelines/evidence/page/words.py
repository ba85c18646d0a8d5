"""The tables of words.toml, read once."""

from __future__ import annotations

from functools import cache

from cleaners.words.toml_tables import read_toml


@cache
def words(table: str) -> dict[str, list[str]]:
    """One table of words.toml: its lists by name."""
    found: dict[str, list[str]] = _tables()[table]
    return found


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return read_toml("pipelines.evidence.page", "words.toml")


@cache
def field_of_meta() -> dict[str, tuple[str, int]]:
    """A <meta> element's name -> (field, rank within the field)."""
    return {name: (field, rank) for field, names in words("meta").items() for rank, name in enumerate(names)}
