"""Reads the tables that the packages hold as TOML files beside their modules."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any


def read_toml(package: str, name: str) -> dict[str, Any]:
    """The content of a TOML file in a package. Raises tomllib.TOMLDecodeError if it is not TOML.

    >>> sorted(read_toml("cleaners.rules", "tables/reasons.toml")["share_bar"])
    ['meaning', 'source']
    """
    return tomllib.loads(files(package).joinpath(name).read_text("utf-8"))
