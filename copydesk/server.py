"""A web service for cleaning: POST a page, get its record. It needs `copydesk[serve]` and fetches nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Any, Final, Literal

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from cleaners.errors import InputError
from cleaners.options import DEFAULT, CleanOptions
from cleaners.page import Page
from cleaners.words.amounts import amount
from pipelines.inputs.kinds import binary_format
from pipelines.inputs.limits import MAX_PAGE_BYTES
from pipelines.inputs.streams import CHUNK
from pipelines.record.schema import schema
from pipelines.workers.async_pool import CleaningPool
from pipelines.workers.batches import made_of
from pipelines.workers.pool import TIME_LIMIT

_FORMS: Final = ("application/x-www-form-urlencoded", "application/octet-stream")
"""Media types that say nothing about the charset; curl sends the first with --data-binary."""
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "the record", "content": {"application/json": {"schema": schema()}}},
    408: {"description": "the page did not arrive in time"},
    413: {"description": "the page is larger than the service takes"},
    422: {"description": "no record could be made from the page, or the call has a wrong parameter"},
    503: {"description": "too many pages wait; ask again after Retry-After seconds"},
}
_BODY: Final = {
    "requestBody": {
        "required": True,
        "description": "the page as it was served; a charset in Content-Type counts as the HTTP header would",
        "content": {"text/html": {"schema": {"type": "string", "format": "binary"}}},
    }
}

# The status for a client that has hung up, as proxies log it.
_GONE: Final = 499


@dataclass(frozen=True, slots=True)
class ServiceLimits:
    """The limits of one service.

    workers        processes that clean
    time_limit     seconds for one page; after that its worker is ended, and the page gets 422
    page_bytes     bytes of one page; a larger one gets 413
    waiting        pages under way at once; a further one gets 503
    waiting_bytes  bytes of all pages under way; a page that exceeds them gets 503
    read_time      seconds in which a page must arrive, else 408
    """

    workers: int = 2
    time_limit: float = TIME_LIMIT
    page_bytes: int = MAX_PAGE_BYTES
    waiting: int = 256
    waiting_bytes: int = 512_000_000
    read_time: float = 30.0


class RefusedError(Exception):
    """A page that is not cleaned: the status of the answer, and one line that explains it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Service:
    """The pages under way, and the workers that clean them."""

    def __init__(self, limits: ServiceLimits, options: CleanOptions) -> None:
        self._limits = limits
        self._options = options
        self._pages = 0
        self._bytes = 0

    @asynccontextmanager
    async def running(self, app: FastAPI) -> AsyncIterator[None]:
        """Start the workers, and stop them at the end."""
        self._pool = CleaningPool(self._limits.workers, self._limits.time_limit)
        await self._pool.started()
        yield
        await asyncio.to_thread(self._pool.close)

    async def record(
        self, request: Request, url: str | None = None, markup: Literal["html", "text"] = "html"
    ) -> Response:
        """Make the record of the page in the body. `url` is where it came from; `markup` is "text" for a text dump."""
        try:
            if url is not None and not url.startswith(("http://", "https://")):
                raise RefusedError(422, f"url: {url!r} is no http(s) address; write it in full")
            if self._pages >= self._limits.waiting:
                raise RefusedError(503, f"{amount(self._pages, 'page')} under way; ask again later")
            self._pages += 1
            try:
                return Response(await self._made(request, url, markup), media_type="application/json")
            finally:
                self._pages -= 1
        except RefusedError as refused:
            return _refusal(refused)
        except ClientDisconnect:
            return Response(status_code=_GONE)  # nobody is there to read it

    async def health(self) -> dict[str, str | int]:
        """Say that the service runs, and how busy it is."""
        return {
            "status": "ok",
            "version": version("copydesk"),
            "workers": self._limits.workers,
            "pages_under_way": self._pages,
            "bytes_under_way": self._bytes,
        }

    async def _made(self, request: Request, url: str | None, markup: Literal["html", "text"]) -> bytes:
        """The record as JSON. Raises RefusedError."""
        parts: list[bytes] = []
        try:
            await asyncio.wait_for(self._read(request, parts), self._limits.read_time)
            stated = request.headers.get("content-type")
            content_type = None if stated is None or stated.startswith(_FORMS) else stated
            page = Page(_text(b"".join(parts)), markup, url, source_type=markup, content_type=content_type)
            made = await self._pool.run(partial(made_of, options=self._options, explained="nothing"), page, "the page")
        except TimeoutError:
            seconds = self._limits.read_time
            raise RefusedError(408, f"the page did not arrive within {seconds:g} s; send it again") from None
        except InputError as error:
            raise RefusedError(422, str(error)) from error
        finally:
            self._bytes -= sum(map(len, parts))
        if made.failure is not None:
            raise RefusedError(422, f"no record: {made.failure.detail}")
        return made.record

    async def _read(self, request: Request, parts: list[bytes]) -> None:
        """Read the body into parts. Raises RefusedError as soon as it is too large."""
        if int(request.headers.get("content-length") or 0) > self._limits.page_bytes:
            raise self._too_large()
        size = 0
        async for part in request.stream():
            size += len(part)
            if size > self._limits.page_bytes:
                raise self._too_large()
            if self._bytes + len(part) > self._limits.waiting_bytes:
                raise RefusedError(503, f"{amount(self._bytes, 'byte')} under way; ask again later")
            parts.append(part)
            self._bytes += len(part)
        if not size:
            raise RefusedError(422, "the body is empty; send the page in it")

    def _too_large(self) -> RefusedError:
        return RefusedError(413, f"the page has more than {self._limits.page_bytes:,} bytes; leave it out")


def app_of(limits: ServiceLimits = ServiceLimits(), options: CleanOptions = DEFAULT) -> FastAPI:
    """The service as an ASGI application, for a server of your own."""
    service = Service(limits, options)
    about = "Strips boilerplate from the page that is posted, and answers with its record."
    # No pages of documentation: they would load scripts from elsewhere.
    app = FastAPI(
        title="Copydesk", description=about, version=version("copydesk"), lifespan=service.running,
        docs_url=None, redoc_url=None,
    )  # fmt: skip
    app.add_api_route(
        "/v1/record", service.record, methods=["POST"], responses=_ANSWERS, openapi_extra=_BODY, response_model=None
    )
    app.add_api_route("/health", service.health, methods=["GET"])
    app.add_exception_handler(RequestValidationError, _wrong_call)
    app.add_exception_handler(HTTPException, _wrong_call)
    return app


def _text(content: bytes) -> bytes:
    """The page as it is. Raises RefusedError for a binary file, which `copydesk clean` leaves out too."""
    if what := binary_format(content[:CHUNK]):
        raise RefusedError(422, f"{what}, not a page; leave it out")
    return content


async def _wrong_call(request: Request, error: Exception) -> Response:
    """The answer to a request that the service does not know, in the form of all errors."""
    if isinstance(error, RequestValidationError):
        wrong = "; ".join(f"{found['loc'][-1]}: {found['msg']}" for found in error.errors())
        return _refusal(RefusedError(422, wrong))
    assert isinstance(error, HTTPException)
    return _refusal(RefusedError(error.status_code, f"{request.method} {request.url.path}: {error.detail}"))


def _refusal(refused: RefusedError) -> Response:
    headers = {"Retry-After": "1"} if refused.status == 503 else {}
    body = json.dumps({"error": str(refused)}, ensure_ascii=False)
    # Close the connection, so that the unread rest of a body is not waited for.
    return Response(body, refused.status, {**headers, "Connection": "close"}, "application/json")
