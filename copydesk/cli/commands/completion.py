"""`copydesk completion`: prints a script by which a shell completes commands and options on Tab."""

from __future__ import annotations

import argparse
from typing import Final

from argcomplete.shell_integration import shellcode

from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.terminal import print_result

SHELLS: Final = ("bash", "zsh", "fish", "tcsh", "powershell")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=f"one of: {', '.join(SHELLS)}")


def run(arguments: argparse.Namespace) -> int:
    """Print the script, which the shell must read at its start. Returns the exit status."""
    print_result(shellcode(["copydesk"], shell=arguments.shell))
    return ExitStatus.DONE
