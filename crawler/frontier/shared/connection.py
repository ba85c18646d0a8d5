"""The connection to Redis: it waits for a server that does not answer, and reports errors in one line."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from importlib.resources import files
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from cleaners.errors import UsageError

T = TypeVar("T")

SCHEMA_VERSION: Final = 1
"""Version of the keys, in the key `schema`."""
DEFAULT_PREFIX: Final = "copydesk"
PATIENCE: Final = 60.0
"""Seconds to wait for a server that does not answer; a restart with a large append-only file takes some."""
_ANSWER: Final = 10.0
"""Seconds an answer may take."""
_BETWEEN_TRIES: Final = 0.25

logger = logging.getLogger(__name__)


class FrontierError(OSError):
    """The shared frontier cannot be reached or written. Unacknowledged addresses are fetched again, by any crawler."""


class Connection:
    """One Redis (or Valkey) server, and the prefix of this frontier's keys.

    address  redis://HOST:PORT/DATABASE?prefix=NAME
    """

    def __init__(self, address: str, patience: float = PATIENCE) -> None:
        try:
            import redis
        except ImportError as error:
            raise UsageError("a shared frontier needs a package: pip install 'copydesk[shared]'") from error
        self.address, prefix = _without_prefix(address)
        self.prefix = f"{prefix}:"
        self._patience = patience
        self._errors = redis.exceptions
        try:
            self.redis: Any = redis.Redis.from_url(
                self.address, decode_responses=True, socket_timeout=_ANSWER, socket_connect_timeout=_ANSWER
            )
        except ValueError as error:
            raise UsageError(f"--frontier {address}: {error}. Write redis://HOST:6379/0?prefix=NAME.") from error
        common = files(__package__).joinpath("common.lua").read_text("utf-8")
        names = ("add", "take", "settle", "call_back", "slot", "renew")
        self._scripts = {name: self.redis.register_script(common + _script(name)) for name in names}

    def key(self, name: str) -> str:
        """The full name of a key."""
        return self.prefix + name

    def run(self, script: str, *arguments: str | int) -> Any:
        """Run one of our scripts. Raises FrontierError if the server stays away or refuses."""
        return self.call(lambda: self._scripts[script](args=[self.prefix, *arguments]))

    def call(self, act: Callable[[], T]) -> T:
        """Call the server, again and again while it does not answer. All our commands may be repeated safely."""
        started: float | None = None
        while True:
            try:
                return act()
            except (self._errors.ConnectionError, self._errors.TimeoutError) as error:  # also while it loads its data
                now = time.monotonic()
                if started is None:
                    started = now
                    logger.warning("%s does not answer (%s); waiting up to %g s", self.address, error, self._patience)
                if now - started > self._patience:
                    raise FrontierError(
                        f"{self.address}: no answer for {self._patience:g} s ({error}). Start it and run this again; "
                        "nothing is lost."
                    ) from error
                time.sleep(_BETWEEN_TRIES)  # nothing can be fetched without it, so the reactor may block
            except self._errors.RedisError as error:
                raise FrontierError(f"{self.address}: {_advice(str(error))}") from error

    def check(self) -> None:
        """Raise UsageError if the server cannot be reached, or holds other keys or another version of ours."""
        try:
            self.redis.ping()
            found = self.redis.get(self.key("schema"))
            foreign = None if found else next(iter(self.redis.scan_iter(match=f"{self.prefix}*", count=1000)), None)
            found = found or self.redis.get(self.key("schema"))  # another crawler may have begun meanwhile
        except self._errors.RedisError as error:
            raise UsageError(f"{self.address}: cannot be used ({error}). Start Redis, or check the address.") from error
        if foreign is not None and not found:
            raise UsageError(
                f"{self.address}: key {foreign!r} is not from a frontier of copydesk. Choose another ?prefix=NAME."
            )
        if found and int(str(found)) != SCHEMA_VERSION:
            raise UsageError(
                f"{self.address}: a frontier of version {found}; this copydesk knows {SCHEMA_VERSION}. Choose another "
                "?prefix=NAME, or use the copydesk that wrote it."
            )
        self.call(lambda: self.redis.set(self.key("schema"), SCHEMA_VERSION))


def _advice(message: str) -> str:
    if "maxmemory" in message:
        return "Redis is out of memory (maxmemory). Give it more and run this again; nothing is lost."
    if "MISCONF" in message:
        return f"Redis cannot write to its disk ({message}). Make room and run this again; nothing is lost."
    return f"refused ({message}). Nothing is lost; run this again."


def _script(name: str) -> str:
    return files(__package__).joinpath(f"{name}.lua").read_text("utf-8")


def _without_prefix(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    pairs = dict(parse_qsl(parts.query))
    prefix = pairs.pop("prefix", DEFAULT_PREFIX)
    return urlunsplit(parts._replace(query=urlencode(pairs))), prefix
