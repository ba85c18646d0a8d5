"""The options for further forms of the body, which several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def add_forms(add: Callable[..., Any]) -> None:
    """Declare --markdown, --html and --blocks with the `add_argument` of a parser or a group."""
    add("--markdown", action="store_true", help="also fill body_markdown: headings, lists, tables, code, links")
    add("--html", action="store_true", help="also fill body_html: a few safe elements, for read-later programs")
    add("--blocks", action="store_true", help="also fill blocks: a list of {kind, level, text, links}")
