"""Gives each address one spelling, its site, and the number under which it is stored."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import urldefrag, urljoin, urlsplit

from w3lib.url import canonicalize_url

from cleaners.words.addresses import is_public_suffix
from cleaners.words.tracking import without_tracking

MAX_ADDRESS_CHARS = 2000
"""Longer addresses are generated, not written. Browsers and the sitemap protocol stop at about 2,048."""

_SESSION_PATH = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
# Matches an address that is in its one spelling already; nine in ten are.
_PLAIN = re.compile(r"^https?://[a-z0-9.-]+(?::(?!80/|443/)\d+)?/(?:[A-Za-z0-9/_~-]|\.[a-z0-9])*$")
_DEFAULT_PORT = re.compile(r"^(?:(http://[^/?#]*):80|(https://[^/?#]*):443)(?=[/?#]|$)")
_HOST = re.compile(r"https?://([A-Za-z0-9.:-]+)(?=[/?#]|$)")
_HOST_ALONE = re.compile(r"https?://[A-Za-z0-9.-]+(?=[/?#]|$)")
_ROOT = re.compile(r"https?://[a-z0-9.-]+(?::\d+)?(?=/)")  # the scheme and host of an address, followed by a path
_CREDENTIALS = re.compile(r"\s*[a-z][a-z0-9+.-]*:[/\\]{2,}[^/?#\\]*@", re.IGNORECASE)


def one_spelling(url: str) -> str:
    """The address with sorted parameters, and without fragment, default port, session and tracking parameters."""
    if is_plain(url):
        return url
    url = _SESSION_PATH.sub("", url.strip())
    return without_default_port(canonicalize_url(without_tracking(url)))


def without_default_port(url: str) -> str:
    """The address without :80 after http, and without :443 after https.

    >>> without_default_port("https://a.example:443/news"), without_default_port("http://a.example:443/news")
    ('https://a.example/news', 'http://a.example:443/news')
    """
    return _DEFAULT_PORT.sub(r"\1\2", url)


def is_plain(url: str) -> bool:
    """Whether an absolute address is in one spelling already; nine in ten are, and need no more work."""
    return len(url) <= MAX_ADDRESS_CHARS and _PLAIN.match(url) is not None


def address_key(url: str) -> int:
    """A signed 64-bit number for an address in one spelling: the key of the store.

    A million addresses collide with a probability of 3 in 100 million.
    """
    return int.from_bytes(blake2b(url.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


def host_of(url: str) -> str:
    """The host of an address in lower case, and its port if that is not the default; no user and no password.

    >>> host_of("https://A.example:443/news"), host_of("http://a.example:8080/")
    ('a.example', 'a.example:8080')
    """
    plain = _HOST.match(url)  # a fifth of the time that urlsplit takes
    host = (plain[1] if plain else urlsplit(url).netloc.rpartition("@")[2]).lower()
    return host.removesuffix(":443" if url[:5].lower() == "https" else ":80")


def site_of(url: str) -> str:
    """The site an address belongs to: its host without `www.`, and its port.

    `www.` stays where it is the name that the owner registered: gov.uk is not one site.

    >>> site_of("https://www.example.org/news"), site_of("https://www.gov.uk/news")
    ('example.org', 'www.gov.uk')
    """
    host = host_of(url)
    name = host.removeprefix("www.")
    return host if name != host and _holds_sites(name.partition(":")[0]) else name


@lru_cache(maxsize=1000)
def _holds_sites(host: str) -> bool:
    return is_public_suffix(host)


def within(url: str, site: str) -> bool:
    """Whether an address lies on a site: the same host, or a subdomain of it."""
    host = host_of(url)
    return host == site or host.endswith("." + site)


def leads_off(href: str, site: str) -> bool:
    """Whether a link, as the page has it, surely leads off a site: it names another host, and no port.

    False for all that only `absolute` can tell, which takes far longer where there are parameters.

    >>> leads_off("https://elsewhere.example/share?u=1", "example.org"), leads_off("/share?u=1", "example.org")
    (True, False)
    """
    host = _HOST_ALONE.match(href)
    return host is not None and not within(host[0], site)


def is_web_address(url: str) -> bool:
    """Whether this is an http(s) address that can be fetched at all."""
    return url.startswith(("http://", "https://")) and len(url) <= MAX_ADDRESS_CHARS


def has_credentials(url: str) -> bool:
    """Whether an address names a user or a password.

    >>> has_credentials("https://reader:secret@example.org/a")
    True
    >>> has_credentials("https://example.org/@reader")
    False
    """
    return _CREDENTIALS.match(url) is not None


def absolute(base: str, href: str) -> str | None:
    """An absolute http(s) address in one spelling, or None for anything else, and for one that holds a password."""
    href = href.strip()
    page, _, _ = href.partition("#")
    if is_plain(page):
        return page
    if page[:1] == "/" != page[1:2] and (root := _ROOT.match(base)) and is_plain(root[0] + page):
        return root[0] + page
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:", "file:")):
        return None
    try:
        url = urldefrag(urljoin(base, href))[0]
        usable = is_web_address(url) and host_of(url) and not has_credentials(url)
        return one_spelling(url) if usable else None
    except ValueError:
        return None
