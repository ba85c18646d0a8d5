"""The one page that a command is about."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice

from cleaners.errors import InputError, UsageError
from cleaners.page import Page


def saved_page(name: str, kind: str | None = None, url: str | None = None) -> Page:
    """Read the one page of a file, of a kind of input (None: found from name and content), with its address.

    Raises InputError where the file holds no page, UsageError where it holds more than one.
    """
    from pipelines.inputs.reader import ReadOptions, pages_of

    found = list(islice(pages_of([name], ReadOptions(kind=kind), Counter()), 2))
    pages = [one for one in found if isinstance(one, Page)]
    if not pages:
        raise InputError(str(found[0]) if found else f"{name}: no page in it. Name a saved page.", "no_page")
    if len(found) > 1:
        raise UsageError(f"{name}: more than one page. Name one page, or use `copydesk clean` and `report`.")
    return replace(pages[0], url=url) if url else pages[0]
