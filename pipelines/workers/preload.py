"""Loads models and tables before a worker's first page, so that no page's time limit pays for them.

The fork server imports this module once, and every worker shares what was loaded. Loading starts no threads.
"""

from collections.abc import Callable
from typing import Final

from cleaners.page import Page
from cleaners.words.addresses import registered_domain
from pipelines.record.build import record_of

_SENTENCE: Final = "Every worker reads this once, so that all a page needs is there before the first page comes."


def load() -> None:
    """Make a record of a short page and of a short dump. Raises what reading their models and tables raises."""
    record_of(Page(f"<html><body><p>{_SENTENCE}</p></body></html>"))
    record_of(Page(_SENTENCE, "text"))
    registered_domain("https://copydesk.invalid/")


def failure_in(loading: Callable[[], None]) -> str:
    """Why loading failed; empty if it did not. An error would end the fork server: a worker reports it instead."""
    try:
        loading()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


FAILURE: Final = failure_in(load)
