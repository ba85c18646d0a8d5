"""Loads the tables that judge pages and links before a worker's first page: see pipelines.workers.preload."""

from typing import Final

from cleaners.page import Page
from crawler.pages.reading import read_page
from pipelines.workers.preload import failure_in

_PAGE: Final = "<p>A page with <a href='/2024/05/a-link'>a link</a>, read once to load the tables.</p>"


def load() -> None:
    """Read a short page with a link. Raises the errors of reading the tables."""
    read_page(Page(_PAGE, url="https://copydesk.invalid/"))


FAILURE: Final = failure_in(load)
