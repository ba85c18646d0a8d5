"""The download handler: Chromium through scrapy-playwright, one browser context a page, bounded in time and memory."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from itertools import count
from typing import Any, Final

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Route
from playwright.async_api import Request as BrowserRequest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from crawler.fetching.browser.memory import end_large_renderers
from crawler.fetching.browser.proxy import serve_browser
from crawler.fetching.host_facts import host_facts
from crawler.fetching.rendering import MARK

_UNWANTED: Final = frozenset({"image", "media", "font", "texttrack", "manifest", "ping"})
"""Kinds of sub-requests that add nothing to a text."""
_NO_WINDOWS: Final = "window.open = () => null; window.print = () => undefined;"
_SCROLL: Final = "() => { const e = document.scrollingElement; if (e) e.scrollTo(0, e.scrollHeight); }"
_SIZE: Final = "() => [document.body ? document.body.innerText.length : 0, document.querySelectorAll('*').length]"
_LOOK_EVERY: Final = 0.15
"""Seconds between two measurements of a page that is settling."""
_QUIET_LOOKS: Final = 3
"""How many measurements in a row must be equal before a page counts as settled."""
_CLOSING: Final = 3.0
"""Seconds a page may take to close; then the browser is ended, and the next page starts another."""

_numbers = count()  # numbers for the names of contexts; no result depends on it


class RenderingHandler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]  # the library has no types
    """Download handler: a request with `playwright` in its meta goes through Chromium, every other one through Scrapy.

    The response holds the page after its scripts ran, in UTF-8, under the requested address. A page that takes too
    long, or whose browser process dies, fails like a page whose server does not answer.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._time_limit = settings.getfloat("RENDER_TIMEOUT")
        self._settle = settings.getfloat("RENDER_SETTLE")
        self._scrolls = settings.getint("RENDER_SCROLLS")
        self._memory = settings.getint("RENDER_MEMORY")
        self._most_bytes = settings.getint("DOWNLOAD_MAXSIZE")
        self._agent = settings["USER_AGENT"]
        self._at_once = asyncio.Semaphore(max(1, settings.getint("RENDER_PAGES")))
        self._spider_of = crawler
        self._tasks: list[asyncio.Task[None]] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        port = self._socket.getsockname()[1]
        self.config.launch_options["proxy"] = {"server": f"socks5://127.0.0.1:{port}"}

    async def download_request(self, request: Request) -> Response:
        """Fetch or render. Raises Scrapy's download errors."""
        if not request.meta.get("playwright"):
            response: Response = await super().download_request(request)
            return response
        self._start_helpers()
        async with self._at_once:
            return await self._bounded(request)

    async def close(self) -> None:
        """End the browser, the proxy and the memory monitor."""
        await super().close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._socket.close()

    def _start_helpers(self) -> None:
        if not self._tasks:
            proxy = serve_browser(self._socket, self._is_allowed)
            self._tasks = [asyncio.create_task(proxy), asyncio.create_task(end_large_renderers(self._memory))]

    def _is_allowed(self, host: str, port: int) -> bool:
        """Whether a seed names this host and port."""
        hosts = host_facts(self._spider_of).seed_hosts
        return f"{host}:{port}" in hosts or (port in (80, 443) and host in hosts)

    async def _bounded(self, request: Request) -> Response:
        name = f"page-{next(_numbers)}"
        request.meta.update(_page_settings(name, self._agent))
        try:
            async with asyncio.timeout(self._time_limit):
                return await self._rendered(request)
        except TimeoutError as error:
            raise DownloadTimeoutError(f"{request.url}: not rendered in {self._time_limit:g} s") from error
        except PlaywrightError as error:
            raise DownloadFailedError(f"{request.url}: not rendered ({error.message.splitlines()[0]})") from error
        finally:
            request.meta.pop("playwright_page", None)
            await self._close_context(name)

    async def _rendered(self, request: Request) -> Response:
        response: Response = await super().download_request(request)
        page: Page = request.meta["playwright_page"]
        await settle(page, self._settle, self._scrolls)
        body = (await page.content()).encode("utf-8", "replace")
        if len(body) > self._most_bytes:
            raise DownloadCancelledError(f"{request.url}: {len(body)} bytes when rendered, more than DOWNLOAD_MAXSIZE")
        headers = response.headers.copy()
        for header in ("Content-Encoding", "Content-Length", "Transfer-Encoding"):
            headers.pop(header, None)
        headers["Content-Type"] = "text/html; charset=utf-8"
        headers[MARK] = "chromium"
        return response.replace(url=request.url, headers=headers, body=body)

    async def _get_response_and_download(self, request: Request, page: Page, spider: Any) -> tuple[Any, None]:
        """Go to the page. Its context refuses downloads, so they do not make it fail as in the base class."""
        return await page.goto(request.url, **request.meta["playwright_page_goto_kwargs"]), None

    async def _close_context(self, name: str) -> None:
        """Close a page's context; end the whole browser if that hangs."""
        wrapper = self.context_wrappers.get(name)
        if wrapper is None:
            return
        with contextlib.suppress(PlaywrightError):
            try:
                async with asyncio.timeout(_CLOSING):
                    await wrapper.context.close()
            except TimeoutError:
                self.context_wrappers.pop(name, None)
                await self.browser.close()


def _page_settings(name: str, agent: str) -> dict[str, Any]:
    """The request's settings for scrapy-playwright: a closed context of its own."""
    return {
        "playwright_context": name,
        "playwright_context_kwargs": {"accept_downloads": False, "service_workers": "block", "user_agent": agent},
        "playwright_include_page": True,
        "playwright_page_init_callback": _keep_to_itself,
        "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded", "timeout": 0},
    }


async def settle(page: Page, seconds: float, scrolls: int) -> None:
    """Wait until a page stops changing, for `seconds` at most; scroll down up to `scrolls` times."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            size = await _quiet_size(page)
            for _ in range(scrolls):
                before, _ = size, await page.evaluate(_SCROLL)
                size = await _quiet_size(page)
                if size == before:
                    return


async def _quiet_size(page: Page) -> Any:
    """The numbers of characters and elements of a page, once they stay the same for a moment."""
    size, quiet = await page.evaluate(_SIZE), 0
    while quiet < _QUIET_LOOKS:
        await asyncio.sleep(_LOOK_EVERY)
        before, size = size, await page.evaluate(_SIZE)
        quiet = quiet + 1 if before == size else 0
    return size


async def _keep_to_itself(page: Page, request: Request) -> None:
    """Refuse a page images and the like, windows of its own, and the way to another page."""
    await page.add_init_script(_NO_WINDOWS)
    page.context.on("page", _close_quietly)
    await page.route("**", _let_through)


async def _let_through(route: Route) -> None:
    if is_unwanted(route.request):
        await route.abort("aborted")  # any other reason would show an error page in place of the page
    else:
        await route.fallback()


async def _close_quietly(page: Page) -> None:
    with contextlib.suppress(PlaywrightError):
        await page.close()


def is_unwanted(request: BrowserRequest) -> bool:
    """Whether a request of the browser is refused: pictures and the like, and a script's way to another page."""
    if request.resource_type in _UNWANTED:
        return True
    leaves = request.is_navigation_request() and request.frame.parent_frame is None
    return leaves and request.frame.url not in ("", "about:blank")
