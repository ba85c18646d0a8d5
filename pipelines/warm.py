"""Imported before a worker's first task: loads models and tables, so that no page's time limit pays for them.

The fork server imports it once, and every worker then shares what was loaded. It starts no threads.
"""

from contextlib import suppress

from cleaners.page import Page
from pipelines.record import record_of

_SENTENCE = "Every worker reads this sentence once, so that all a page needs is there before the first page comes."

# A model that cannot be loaded is told of with the first page that needs it.
with suppress(Exception):
    record_of(Page(f"<html><body><p>{_SENTENCE}</p></body></html>"))
with suppress(Exception):
    record_of(Page(_SENTENCE, "text"))
