"""The browser's only way to the network: a SOCKS5 proxy (RFC 1928) that refuses every address that a crawl refuses.

Everything that Chromium opens goes through it: pages, scripts, data, WebSockets. The proxy connects to the very address
that it checked, so a name cannot resolve to one address for the check and to another one afterwards.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from functools import partial
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from crawler.fetching.safety import is_inside

logger = logging.getLogger(__name__)

_VERSION: Final = b"\x05"
_NO_PASSWORD: Final = b"\x05\x00"
_CONNECT: Final = 1
_SUCCEEDED, _REFUSED, _UNREACHABLE, _UNSUPPORTED = 0, 2, 4, 7
_TIME_LIMIT: Final = 20.0
"""Seconds a connection may take to open."""
_PIECE: Final = 64 * 1024

IsAllowed = Callable[[str, int], bool]
"""Whether an inside host and port are allowed all the same."""


class InsideError(Exception):
    """The browser asked for an address inside the network."""


async def serve_browser(listening: socket.socket, is_allowed: IsAllowed) -> None:
    """Serve on a listening socket until cancelled."""
    server = await asyncio.start_server(partial(_serve, is_allowed), sock=listening)
    async with server:
        await server.serve_forever()


async def _serve(is_allowed: IsAllowed, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
        host, port = await _asked_for(reader, writer)
        status = _UNREACHABLE
        try:
            async with asyncio.timeout(_TIME_LIMIT):
                far_reader, far_writer = await asyncio.open_connection(await checked(host, port, is_allowed), port)
            writer.write(_answer(_SUCCEEDED))
            await asyncio.gather(_pipe(reader, far_writer), _pipe(far_reader, writer))
            return
        except InsideError:
            status = _REFUSED
            logger.info("%s:%d: an address inside the network, refused to a page in the browser", host, port)
        finally:
            if not writer.is_closing():
                writer.write(_answer(status))
    writer.close()


async def checked(host: str, port: int, is_allowed: IsAllowed) -> str:
    """The address to connect to for a host. Raises InsideError if it is inside, OSError if there is none."""
    if is_allowed(host, port):
        return host
    if is_inside(host):
        raise InsideError
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(row[4][0]) for row in found]
    if any(map(is_inside, addresses)):
        raise InsideError
    return addresses[0]


async def _asked_for(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
    """The host and port of a client's request, after the greeting. Raises OSError for any other protocol."""
    version, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    if bytes([version]) != _VERSION:
        raise ConnectionError("not SOCKS5")
    writer.write(_NO_PASSWORD)
    _, command, _, kind = await reader.readexactly(4)
    host = await _host(reader, kind)
    port = int.from_bytes(await reader.readexactly(2))
    if command != _CONNECT:
        writer.write(_answer(_UNSUPPORTED))
        raise ConnectionError("only connections are made")
    return host, port


async def _host(reader: asyncio.StreamReader, kind: int) -> str:
    match kind:
        case 1:
            return str(IPv4Address(await reader.readexactly(4)))
        case 4:
            return str(IPv6Address(await reader.readexactly(16)))
        case _:
            (length,) = await reader.readexactly(1)
            return (await reader.readexactly(length)).decode("ascii", "replace")


def _answer(status: int) -> bytes:
    return _VERSION + bytes([status, 0, 1, 0, 0, 0, 0, 0, 0])


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()
