"""Copydesk: web pages and text dumps to clean article records, with a reason for every removal.

>>> import copydesk
>>> page = '''<title>Tides</title><nav><a href="/">Home</a></nav><h1>The tide table is wrong</h1>
... <p>Every boat in the harbour left an hour late on Monday, because the table on the quay still gives winter time.
... The harbour master has promised a new one.</p><p class="caption">Share this article</p>'''
>>> record = copydesk.extract(page, url="https://example.org/news/tides")
>>> record.headline
'The tide table is wrong'
>>> record.as_dict()["word_count"] > 20
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from cleaners.errors import CopydeskError, InputError
    from cleaners.options import CleanOptions as Options
    from cleaners.page import Page
    from cleaners.plan import clean
    from copydesk.extraction import Failed, extract, extract_many, view
    from pipelines.record.article import Article

    __version__: str

__all__ = [
    "Article", "CopydeskError", "Failed", "InputError", "Options", "Page", "__version__", "clean", "extract",
    "extract_many", "view",
]  # fmt: skip

# The module of each name. It is loaded on first use, so that `import copydesk` costs next to nothing.
_PLACES: Final = {
    "Article": ("pipelines.record.article", "Article"),
    "CopydeskError": ("cleaners.errors", "CopydeskError"),
    "Failed": ("copydesk.extraction", "Failed"),
    "InputError": ("cleaners.errors", "InputError"),
    "Options": ("cleaners.options", "CleanOptions"),
    "Page": ("cleaners.page", "Page"),
    "clean": ("cleaners.plan", "clean"),
    "extract": ("copydesk.extraction", "extract"),
    "extract_many": ("copydesk.extraction", "extract_many"),
    "view": ("copydesk.extraction", "view"),
}


def __getattr__(name: str) -> Any:
    """Load a public name. Raises AttributeError for others, ImportError where a file of yours hides one of ours."""
    if name == "__version__":
        from importlib.metadata import version

        return version("copydesk")
    if name not in _PLACES:
        raise AttributeError(f"module 'copydesk' has no attribute {name!r}")
    from copydesk.own_packages import check_own_packages

    check_own_packages()
    module, attribute = _PLACES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
