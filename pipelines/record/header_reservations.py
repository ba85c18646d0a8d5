"""Reads from HTTP headers what a page's owner reserves (noindex, noarchive, text mining), when the page is fetched."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

TDM: Final = "tdm-reservation"
"""Name of the meta element and header that reserve text and data mining. Source: W3C TDM Reservation Protocol."""


def reserved_by_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The reservations in HTTP headers, as facts that come with a page's content."""
    names = {"x-robots-tag": "robots", TDM: TDM}
    return tuple((names[name.lower()], value) for name, value in headers if name.lower() in names)
