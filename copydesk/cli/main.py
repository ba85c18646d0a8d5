"""The `copydesk` command: one table of sub-commands, exit statuses, and the only place that prints."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Final, NoReturn

from cleaners.errors import CopydeskError
from copydesk.cli.commands import COMMANDS
from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.terminal import print_line

_CLOSING: Final = (
    "exit status: 0 everything was read; 1 some inputs failed; 2 the call is wrong; "
    "3 the output could not be written; 4 `check` found changes; 130 interrupted"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status."""
    parsed = parser().parse_args(arguments)
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup ignores it on purpose
            signal.signal(number, _interrupt)
    try:
        return int(parsed.run(parsed))
    except CopydeskError as error:
        print_line(f"copydesk: {error}")
        return ExitStatus.USAGE
    except KeyboardInterrupt:
        print("copydesk: interrupted", file=sys.stderr)
        return ExitStatus.INTERRUPTED


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    top = argparse.ArgumentParser(
        prog="copydesk",
        description="Strip boilerplate from web pages and text dumps; say why for each piece; write clean records.",
        epilog=_CLOSING,
    )
    top.add_argument("--version", action="version", version=f"copydesk {version('copydesk')}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        row = commands.add_parser(command.name, help=command.summary, description=command.summary, epilog=_CLOSING)
        command.add_arguments(row)
        row.set_defaults(run=command.run)
    return top


def _interrupt(number: int, frame: object) -> NoReturn:
    """A request to end is an interruption like any other: the run says how far it came and leaves no half files."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
