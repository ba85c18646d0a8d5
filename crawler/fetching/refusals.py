"""Scrapy's middlewares, with an exception of its own type for each reason why one refuses an answer."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response


class BodyTooLarge(IgnoreRequest):
    """The body is larger than DOWNLOAD_MAXSIZE when it is unpacked."""


class RedirectLoop(IgnoreRequest):
    """One redirect follows another, more than REDIRECT_MAX_TIMES."""


class Decompression(HttpCompressionMiddleware):
    """Scrapy's middleware; it refuses nothing but bodies that are too large."""

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:
        """Unpack the body. Raises BodyTooLarge."""
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise BodyTooLarge(str(error)) from error


class Redirects(RedirectMiddleware):
    """Scrapy's middleware; it refuses nothing but redirects without an end."""

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:
        """Follow a redirect. Raises RedirectLoop."""
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise RedirectLoop(f"{request.url}: {error}") from error
