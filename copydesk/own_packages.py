"""Makes sure that `cleaners`, `pipelines` and `crawler` are our packages, whatever the current folder holds."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Final

PACKAGES: Final = ("cleaners", "pipelines", "crawler")
HOME: Final = Path(__file__).resolve().parents[1]
"""The folder that holds the packages: site-packages, or a checkout."""


def put_own_packages_first() -> None:
    """Let imports find our packages before others with the same names. Only our own programs call it."""
    home = str(HOME)
    if sys.path[:1] != [home]:
        sys.path[:] = [home, *(path for path in sys.path if path != home)]


def check_own_packages() -> None:
    """Raise ImportError, naming the file, if another module has taken the name of one of our packages."""
    for name in PACKAGES:
        place = _place_of(name)
        if place is not None and not place.is_relative_to(HOME):
            raise ImportError(
                f"copydesk needs its own package {name!r}, but {place} has that name and comes first. "
                "Rename that file, or run from another folder."
            )


def _place_of(name: str) -> Path | None:
    loaded = sys.modules.get(name)
    spec = loaded.__spec__ if loaded is not None else importlib.util.find_spec(name)
    return Path(spec.origin).resolve() if spec is not None and spec.origin else None
