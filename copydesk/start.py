"""The start of the `copydesk` program: makes sure of the streams, puts our packages first, then runs the command."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from copydesk.own_packages import check_own_packages, put_own_packages_first


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns the exit status."""
    stand_in_for_closed_streams()
    put_own_packages_first()
    check_own_packages()
    from copydesk.cli.main import main as command

    return command(arguments)


def stand_in_for_closed_streams() -> None:
    """Open the null device where stdin, stdout or stderr was closed by whoever started us.

    Otherwise the next file that is opened gets the number of the stream, and messages are written into it.
    `sys.stdin` and `sys.stdout` stay None, so that reading and writing records there fails; messages on stderr go
    nowhere.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # takes the lowest number that is free
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - stays open to the end
