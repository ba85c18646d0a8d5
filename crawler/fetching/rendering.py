"""Decides which pages are rendered in a browser, and makes the settings for it. Imports nothing of the browser."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from typing import Any, Final, Literal, cast, get_args

from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings

from cleaners.errors import UsageError

RenderChoice = Literal["no", "seeds", "shells", "all"]
"""Which pages to render: none; those of seed rows that ask for it; those without text before their scripts run; all."""

MARK: Final = "X-Copydesk-Rendered"
"""Header that marks a response whose body is the page after its scripts ran; the archive keeps it."""
BROWSERS: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Programs to look for if RENDER_BROWSER names none. The first has no windows, and takes half the time of Chromium."""

_HANDLER: Final = "crawler.fetching.browser.handler.RenderingHandler"
_FLAGS: Final = (
    "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-pings", "--disable-notifications",
    # WebRTC must not open UDP connections beside the proxy, and names are resolved by the proxy alone.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)  # fmt: skip


def render_choice(settings: BaseSettings) -> RenderChoice:
    """The value of RENDER. Raises UsageError for an unknown word."""
    word = settings["RENDER"] or "no"
    if word not in get_args(RenderChoice):
        raise UsageError(f"RENDER={word}: give one of {', '.join(get_args(RenderChoice))}")
    return cast("RenderChoice", word)


def wants_browser(settings: BaseSettings, seed_asks: str | None, is_shell: bool | None) -> bool:
    """Whether to render a page: its seed row decides, else RENDER."""
    choice = render_choice(settings)
    if choice == "no":
        return False
    wanted = seed_asks or choice
    return wanted == "all" or (wanted == "shells" and bool(is_shell))


def rendered(request: Request) -> Request:
    """The request, changed to go through the browser, once.

    The time that a browser takes says nothing about the server, so AutoThrottle leaves it out.
    """
    request.meta.update(playwright=True, autothrottle_dont_adjust_delay=True, dont_retry=True)
    return request


class Rendering:
    """Add-on: puts the browser's download handler in place of Scrapy's, if RENDER is on."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Change the settings. Raises UsageError if the library or the browser is missing."""
        if render_choice(settings) == "no":
            raise NotConfigured
        for name, value in browser_settings(settings).items():
            settings.set(name, value, "cmdline")


def browser_settings(settings: BaseSettings) -> dict[str, Any]:
    """Scrapy's settings for rendering. Raises UsageError if the library or the browser is missing."""
    if find_spec("scrapy_playwright") is None or find_spec("psutil") is None:
        raise UsageError("rendering needs packages that are not installed: pip install 'copydesk[render]'")
    program = settings["RENDER_BROWSER"] or next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None or not shutil.which(program):
        raise UsageError(
            f"rendering needs Chromium, and {program or 'none'} was not found: install it (apt install "
            "chromium-headless-shell, or chromium), or name the program with -s RENDER_BROWSER=PATH"
        )
    return {
        "DOWNLOAD_HANDLERS": settings.getdict("DOWNLOAD_HANDLERS") | {"http": _HANDLER, "https": _HANDLER},
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": program,
            "args": list(_FLAGS),
            "ignore_default_args": ["--disable-popup-blocking"],
            "chromium_sandbox": hasattr(os, "geteuid") and os.geteuid() != 0,  # root has no sandbox in Chromium
        },
    }
