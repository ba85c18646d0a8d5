"""Monitors the browser's memory: a page's process that grows too large is ended, which costs only that page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Final

import psutil

logger = logging.getLogger(__name__)

_LOOK_EVERY: Final = 0.2
"""Seconds between two checks. A page that fills memory as fast as it can takes some 500 MB in that time."""
_RENDERER: Final = "--type=renderer"


async def end_large_renderers(most: int) -> None:
    """Check the processes of pages until cancelled, and end those with more than `most` bytes."""
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        for process in _renderers():
            try:
                size = process.memory_info().rss
                if size > most:
                    process.kill()
                    logger.warning("a page took %d MB in the browser and was ended (RENDER_MEMORY)", size >> 20)
            except psutil.Error:
                continue  # it has ended by itself


def _renderers() -> Iterator[psutil.Process]:
    for process in psutil.Process().children(recursive=True):
        try:
            if _RENDERER in process.cmdline():
                yield process
        except psutil.Error:
            continue
