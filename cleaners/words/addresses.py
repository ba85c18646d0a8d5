"""The parts of an address: its host, the domain that its owner registered, its path."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from tldextract import TLDExtract


def host_name(url: str | None) -> str:
    """The host of an address without `www.`, in lower case. Empty where the text is no address.

    >>> host_name("https://WWW.Example.org:8080/story")
    'example.org'
    >>> host_name("story.html")
    ''
    """
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:  # a bracket that is not closed
        return ""


def path_of(url: str | None) -> str:
    """The path of an address. Empty where the text is no address.

    >>> path_of("https://example.org/news/ferry.html?page=2"), path_of("http://[")
    ('/news/ferry.html', '')
    """
    try:
        return urlsplit(url or "").path
    except ValueError:
        return ""


def registered_domain(url: str | None) -> str:
    """The part of an address's host that its owner registered, by the Public Suffix List.

    The host itself where nothing of it is registered (an IP address, localhost). Empty where the text is no address.

    >>> registered_domain("https://edition.example.co.uk/story")
    'example.co.uk'
    >>> registered_domain("http://127.0.0.1:8000/story")
    '127.0.0.1'
    """
    host = host_name(url)
    found = _suffixes().extract_str(host)
    if found.suffix or found.ipv4:
        return found.top_domain_under_public_suffix or host
    return ".".join(host.split(".")[-2:])  # the list's own rule for suffixes that it does not know


def is_public_suffix(host: str) -> bool:
    """Whether names are registered directly under this one, by the Public Suffix List.

    >>> is_public_suffix("gov.uk"), is_public_suffix("example.org")
    (True, False)
    """
    found = _suffixes().extract_str(host)
    return bool(found.suffix) and not found.domain


@cache
def _suffixes() -> TLDExtract:
    """The list that comes with tldextract, which Scrapy needs too. Nothing is fetched and nothing is written."""
    # Importing tldextract takes a tenth of a second (it imports `requests`), so it waits until a domain is asked for.
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None)
