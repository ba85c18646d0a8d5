"""Serves the made-up site on loopback: `python -m tests.crawl.site --articles 2000 --port 8000`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from http.client import responses
from pathlib import Path

from tests.crawl.ports import free_port
from tests.crawl.site import Answer, Site


async def serve(site: Site, host: str = "127.0.0.1", port: int = 0) -> asyncio.Server:
    """Start serving, and set the base address of the site to the address of the server."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await _exchange(site, reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client or the server is leaving
        finally:
            writer.close()

    server = await asyncio.start_server(connected, host, port or free_port())
    site.base = "http://{}:{}".format(*server.sockets[0].getsockname()[:2])
    return server


async def _exchange(site: Site, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    target = head[0].split(" ")[1]
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    if site.times is not None:
        with site.times.open("a") as log:
            log.write(f"{time.time():.3f} {target}\n")
    answer = site.answer(target, headers)
    if answer.wait:
        await asyncio.sleep(answer.wait)
    writer.write(_head(answer))
    writer.write(answer.body)
    await writer.drain()
    while answer.endless:
        writer.write(answer.body)
        await writer.drain()
        await asyncio.sleep(0.001)
    return True


def _head(answer: Answer) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {responses.get(answer.status, '')}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    lines += ["Connection: keep-alive"] if not answer.endless else ["Connection: close"]
    lines += [] if answer.endless else [f"Content-Length: {len(answer.body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@contextlib.contextmanager
def served_in_a_thread(arguments: Sequence[str]) -> Iterator[Site]:
    """Serve the site that these command line arguments describe, in a thread of this process."""
    wanted = _parser().parse_args(arguments)
    site, loop = _site_of(wanted), asyncio.new_event_loop()
    server = loop.run_until_complete(serve(site, port=wanted.port))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield site
    finally:
        asyncio.run_coroutine_threadsafe(_close(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _close(server: asyncio.Server) -> None:
    """Stop serving, and end the connections that are still open."""
    server.close()
    exchanges = asyncio.all_tasks() - {asyncio.current_task()}
    for exchange in exchanges:
        exchange.cancel()
    await asyncio.gather(*exchanges, return_exceptions=True)
    await asyncio.sleep(0)  # for the connections to be closed, too


async def _run(site: Site, port: int) -> None:
    server = await serve(site, port=port)
    print(site.base, flush=True)
    async with server:
        await server.serve_forever()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--changed", default="", help="numbers of articles with another text, separated by commas")
    parser.add_argument("--extra-sitemap-entries", type=int, default=0)
    parser.add_argument("--crawl-delay", type=float)
    parser.add_argument("--robots-status", type=int, default=200)
    parser.add_argument("--untold", action="store_true", help="the sitemap does not mention the changed articles")
    parser.add_argument("--no-traps", action="store_true", help="no endless, broken or forbidden pages")
    parser.add_argument("--times", type=Path, help="a file to which the time and path of every request are added")
    return parser


def _site_of(wanted: argparse.Namespace) -> Site:
    changed = frozenset(int(n) for n in wanted.changed.split(",") if n)
    site = Site(wanted.articles, "", changed, wanted.extra_sitemap_entries, wanted.crawl_delay)
    site.robots_status, site.traps, site.untold = wanted.robots_status, not wanted.no_traps, wanted.untold
    site.times = wanted.times
    return site


def main() -> None:
    """Serve until stopped; the first line of output is the address."""
    wanted = _parser().parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(_site_of(wanted), wanted.port))
