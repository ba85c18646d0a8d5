"""Keeps pages from making the crawler reach addresses inside the network, unless a seed names their host."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.abstract import isIPv6Address
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import DNSLookupError

from crawler.fetching.host_facts import host_facts
from crawler.urls.spelling import has_credentials, host_of


class InsideAddress(IgnoreRequest):
    """The request would reach an address inside the network that no seed allows."""


def is_inside(host: str) -> bool:
    """Whether a host name or literal address is inside: loopback, private, link-local, reserved, or a local name."""
    host = host.strip("[]").rstrip(".").lower()
    address = _literal(host)
    if address is not None:
        mapped = getattr(address, "ipv4_mapped", None)
        return not (mapped or address).is_global
    return host == "localhost" or host.endswith((".localhost", ".local", ".internal")) or "." not in host


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return _number(host)


def _number(host: str) -> IPv4Address | None:
    # The other spellings of inet_aton (decimal, octal, hex, short forms), which the C library accepts too.
    parts = host.split(".")
    try:
        numbers = [int(part, 16 if part.startswith("0x") else 8 if part[:1] == "0" and part != "0" else 10)
                   for part in parts]  # fmt: skip
        if len(parts) > 4 or any(n < 0 or n > 255 for n in numbers[:-1]):
            return None
        high = sum(n << (24 - 8 * i) for i, n in enumerate(numbers[:-1]))
        return IPv4Address(high + numbers[-1])
    except ValueError:
        return None


class AddressWithPassword(IgnoreRequest):
    """A redirect leads to an address with a user name or a password. Neither is used, printed or stored."""


class PublicAddresses:
    """Downloader middleware: refuses requests to inside addresses, including those of redirects and robots.txt."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build; the spider knows which hosts its seeds allow."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise InsideAddress for an inside host that no seed names, AddressWithPassword for a password in it."""
        if has_credentials(request.url):
            raise AddressWithPassword(f"{host_of(request.url)}: an address with a user name or a password is not asked")
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https"):
            raise InsideAddress(f"{request.url}: only http and https are fetched")
        if is_inside(host) and host_of(request.url) not in host_facts(self._crawler).seed_hosts:
            raise InsideAddress(f"{request.url}: an address inside the network; name it as a seed to allow it")


class PublicResolver(CachingThreadedResolver):
    """Scrapy's resolver, refusing names that resolve to an inside address unless a seed names the host."""

    crawls: CrawlerProcess

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: ReactorBase) -> Self:
        """Build from the process of crawls that Scrapy passes, to know their seeds."""
        resolver: Self = super().from_crawler(crawler, reactor)
        resolver.crawls = crawler
        return resolver

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802  # Twisted's name
        """Resolve a name and check the address, to which Scrapy then connects. IPv6 literals are returned unchanged."""
        found = succeed(name) if isIPv6Address(name) else super().getHostByName(name, timeout)
        return found.addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        hosts = {host for crawler in self.crawls.crawlers if crawler.spider for host in host_facts(crawler).seed_hosts}
        allowed = {urlsplit(f"//{host}").hostname for host in hosts}
        if is_inside(address) and name.lower() not in allowed:
            raise DNSLookupError(f"{name} resolves to {address}, inside the network; name it as a seed to allow it")
        return address
