"""Reads the one page of commands that work on a single page."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice

from cleaners.errors import InputError, UsageError
from cleaners.page import Page


def saved_page(name: str, kind: str | None = None, url: str | None = None) -> Page:
    """Read the one page of a file, with its address; `kind` is the kind of input (None: found from name and content).

    Raises InputError if the file holds no page, UsageError if it holds more than one.
    """
    from pipelines.inputs.reader import ReadOptions, pages_of

    found = list(islice(pages_of([name], ReadOptions(kind=kind), Counter()), 2))
    pages = [one for one in found if isinstance(one, Page)]
    if not pages:
        raise InputError(str(found[0]) if found else f"{name}: no page in it. Name a saved page.", "no_page")
    if len(found) > 1:
        raise UsageError(f"{name}: more than one page. Name one page, or use `copydesk clean` and `report`.")
    return replace(pages[0], url=url) if url else pages[0]
