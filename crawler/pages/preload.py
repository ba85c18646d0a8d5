"""Imported before a worker's first page: loads the tables that judge pages and links."""

import gc
from contextlib import suppress
from typing import Final

from cleaners.page import Page
from crawler.pages.reading import read_page

_PAGE: Final = "<p>A page with <a href='/2024/05/a-link'>a link</a>, read once for what is loaded with it.</p>"

with suppress(Exception):  # told of with the first page that needs it
    read_page(Page(_PAGE, url="https://copydesk.invalid/"))

gc.collect()
gc.freeze()
