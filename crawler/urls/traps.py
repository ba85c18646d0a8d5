"""Recognises trails that lead nowhere (calendars, filters and other endless spaces) by the form of their addresses."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import Final
from urllib.parse import urlsplit

TRIED_FOR_NOTHING: Final = 60
"""Pages of one form without an article among them, after which the form is abandoned. This is our own judgement: a trap
costs a minute at one page a second, and the archives of a site with articles show one earlier."""
FORMS_KEPT: Final = 20_000
"""The most forms that are remembered; the least used are forgotten. They take a few MB."""

_NUMBER = re.compile(r"\d+")


def form_of(url: str) -> str:
    """The form of an address: host and path with numbers as 0 and names of several words as *, names of parameters.

    >>> form_of("https://a.org/calendar/2031/05/?day=3")
    'a.org/calendar/0/0?day'
    """
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    path = "/".join("*" if segment.count("-") >= 2 else _NUMBER.sub("0", segment) for segment in segments)
    names = sorted(pair.partition("=")[0] for pair in parts.query.split("&") if pair)
    return f"{parts.netloc}/{path}" + (f"?{'&'.join(names)}" if names else "")


class Trails:
    """Counts, by form, the pages fetched since the last article."""

    def __init__(self) -> None:
        self._since: OrderedDict[str, int] = OrderedDict()

    def leads_nowhere(self, url: str) -> bool:
        """Whether enough pages of this form were fetched for nothing."""
        return self._since.get(form_of(url), 0) >= TRIED_FOR_NOTHING

    def fetched(self, url: str, useful: bool) -> None:
        """Count a fetched page of this form; it is useful if it was an article or led to one."""
        form = form_of(url)
        self._since[form] = 0 if useful else self._since.get(form, 0) + 1
        self._since.move_to_end(form)
        if len(self._since) > FORMS_KEPT:
            self._since.popitem(last=False)
