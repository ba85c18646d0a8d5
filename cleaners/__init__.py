"""Cleaning: bytes in, a Cleaned out. Pure functions, no network, no Scrapy."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from cleaners.document import Block, Cleaned, Document, Mark
    from cleaners.errors import CopydeskError
    from cleaners.options import CleanOptions
    from cleaners.page import Page
    from cleaners.plan import clean

__all__ = ["Block", "CleanOptions", "Cleaned", "CopydeskError", "Document", "Mark", "Page", "clean"]

# Loaded on first use, so that importing `cleaners.errors` alone does not wait for numpy and ONNX Runtime.
_MODULES: Final = {
    "Block": "document",
    "CleanOptions": "options",
    "Cleaned": "document",
    "CopydeskError": "errors",
    "Document": "document",
    "Mark": "document",
    "Page": "page",
    "clean": "plan",
}


def __getattr__(name: str) -> Any:
    """Load a public name. Raises AttributeError for any other."""
    if name not in _MODULES:
        raise AttributeError(f"module 'cleaners' has no attribute {name!r}")
    return getattr(import_module(f"cleaners.{_MODULES[name]}"), name)
