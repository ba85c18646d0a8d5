"""Skips the tests of a module if a package that they need is not installed, without loading that package."""

from __future__ import annotations

from importlib.util import find_spec

import pytest


def need(package: str, reason: str) -> None:
    """Skip the module that calls this at its top, if the package is not installed."""
    if find_spec(package) is None:
        pytest.skip(reason, allow_module_level=True)
