"""Imported before a worker's first task: loads models and tables, so that no page's time limit pays for them.

The fork server imports it once, and every worker then shares what was loaded. It starts no threads.
"""

import gc
from contextlib import suppress
from typing import Final

from cleaners.page import Page
from pipelines.record.build import record_of

# A page makes tens of thousands of tuples and few cycles: with Python's threshold of 700, looking for cycles is a tenth
# of a page's time (measured on 48 pages, 38 against 34 ms).
_COLLECT_AFTER: Final = 50_000
_SENTENCE = "Every worker reads this sentence once, so that all a page needs is there before the first page comes."

# A model that cannot be loaded is told of with the first page that needs it.
with suppress(Exception):
    record_of(Page(f"<html><body><p>{_SENTENCE}</p></body></html>"))
with suppress(Exception):
    record_of(Page(_SENTENCE, "text"))

gc.collect()
gc.freeze()
gc.set_threshold(_COLLECT_AFTER)
