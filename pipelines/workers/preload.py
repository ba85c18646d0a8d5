"""Loads models and tables before a worker's first page, so that no page's time limit pays for them.

The fork server imports this module once, and every worker shares what was loaded. Loading starts no threads.
"""

from collections.abc import Callable
from typing import Final

from cleaners.page import Page
from cleaners.words.addresses import registered_domain
from pipelines.record.build import record_of

_SENTENCE: Final = "A page that is read once, so that everything a page needs is loaded before the first real page."


def load() -> None:
    """Make records of a short page and a short dump. Raises the errors of reading models and tables."""
    record_of(Page(f"<html><body><p>{_SENTENCE}</p></body></html>"))
    record_of(Page(_SENTENCE, "text"))
    registered_domain("https://copydesk.invalid/")


def failure_in(loading: Callable[[], None]) -> str:
    """Why loading failed; empty if it succeeded. An exception would end the fork server: workers report it instead."""
    try:
        loading()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


FAILURE: Final = failure_in(load)
