"""Scrapy's middlewares, with a separate type of exception for each reason to refuse a response."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.fetching.host_facts import host_facts
from crawler.fetching.robots_length import unpacked_start, with_whole_lines
from crawler.fetching.robots_rules import is_robots
from crawler.urls.spelling import host_of, without_default_port


class BodyTooLarge(IgnoreRequest):
    """The body is larger than DOWNLOAD_MAXSIZE when it is unpacked."""


class NotUnpacked(IgnoreRequest):
    """The body is not packed as its Content-Encoding says, or is damaged."""


class RedirectLoop(IgnoreRequest):
    """One redirect follows another, more than REDIRECT_MAX_TIMES, or a redirect leads to no address."""


class Decompression(HttpCompressionMiddleware):
    """Scrapy's middleware with errors of its own. Only the beginning of a robots.txt is read."""

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:
        """Unpack the body. Raises BodyTooLarge or NotUnpacked."""
        if is_robots(request):
            return self._robots(request, response)
        return self._unpacked(request, response)

    def _robots(self, request: Request, response: Response) -> Request | Response:
        encoding = (response.headers.get("Content-Encoding") or b"").strip().lower()
        if encoding in (b"gzip", b"x-gzip"):
            headers = {name: values for name, values in response.headers.items() if name != b"Content-Encoding"}
            return with_whole_lines(response.replace(body=unpacked_start(response.body), headers=headers))
        request.meta["download_maxsize"] = self._max_size  # packed in another way than we asked for
        found = self._unpacked(request, response)
        return with_whole_lines(found) if isinstance(found, Response) else found

    def _unpacked(self, request: Request, response: Response) -> Request | Response:
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise BodyTooLarge(str(error)) from error
        except Exception as error:  # each unpacker has errors of its own
            packing = (response.headers.get("Content-Encoding") or b"").decode("latin-1")
            raise NotUnpacked(f"{response.url}: the body is not packed as {packing!r}, as its header says") from error


class Redirects(RedirectMiddleware):
    """Scrapy's middleware, but a redirect to another host takes its turn among that host's requests."""

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:
        """Follow a redirect. Raises RedirectLoop if there is no end of them, or one leads to no address."""
        try:
            found = super().process_response(request, response)
        except (IgnoreRequest, ValueError) as error:
            raise RedirectLoop(f"{request.url}: {error}") from error
        if not isinstance(found, Request):
            return found
        url = without_default_port(found.url)
        return found.replace(url=url, meta={**found.meta, **host_facts(self.crawler).turn_of(host_of(url))})
