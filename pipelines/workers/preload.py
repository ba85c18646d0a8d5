"""Loads models and tables before a worker's first page, so that no page's time limit pays for them.

The fork server imports this module once, and every worker shares what was loaded. Loading starts no threads.
"""

from collections.abc import Callable
from typing import Final

from cleaners.page import Page
from cleaners.words.addresses import registered_domain
from pipelines.record.build import record_of

_SENTENCE: Final = "A page that is read once, so that everything a page needs is loaded before the first real page."
_PAGE: Final = f"""<html lang="en"><head><title>A page that is read once</title>
<script type="application/ld+json">{{"@type": "NewsArticle", "author": {{"name": "Ada Quill"}}}}</script></head>
<body><article><h1>A page that is read once</h1><p class="byline">By Ada Quill today</p><p class="date">3 May 2024</p>
<p>{_SENTENCE}</p>
<svg style="display:none"><symbol id="lamp"><title>lamp-user</title></symbol></svg></article></body></html>"""
_ADDRESS: Final = "https://copydesk.invalid/news/2024/05/03/a-page-that-is-read-once"


def load() -> None:
    """Make records of a page that needs all tables and of a short dump. Raises the errors of reading them."""
    record_of(Page(_PAGE, url=_ADDRESS))
    record_of(Page(_SENTENCE, "text"))
    registered_domain(_ADDRESS)


def failure_in(loading: Callable[[], None]) -> str:
    """Why loading failed; empty if it succeeded. An exception would end the fork server: workers report it instead."""
    try:
        loading()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


FAILURE: Final = failure_in(load)
