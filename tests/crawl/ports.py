"""Ports on loopback for servers that are stopped and started again at the same address."""

from __future__ import annotations

import random
import socket
from typing import Final

_PORTS: Final = range(20_000, 32_000)
"""Below the ports that systems give to connections, so that no connection takes one before it is used."""
_chance = random.SystemRandom()


def free_port() -> int:
    """A port that nobody uses now, and that the system gives to nobody else."""
    while True:
        with socket.socket() as tried:
            port = _chance.choice(_PORTS)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
