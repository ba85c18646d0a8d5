"""The `copydesk` command: reads the arguments, runs one sub-command, and turns errors into lines and exit statuses."""

from __future__ import annotations

import argparse
import errno
import os
import signal
import sys
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final, NoReturn

from cleaners.errors import CopydeskError, OutputError
from copydesk.cli.commands import COMMANDS, Command
from copydesk.cli.defaults import apply_defaults
from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.file_options import refuse_shared_files
from copydesk.cli.parsing import Parser, arguments_of
from copydesk.cli.terminal import print_line, print_result

_DESCRIPTION: Final = "Strip boilerplate from web pages and text dumps; say why for each piece; write clean records."
_CLOSING: Final = """\
Every option has a default of yours in the environment (COPYDESK_CRAWL_DELAY=2) or in copydesk.toml ([crawl] delay = 2).
Exit status: 0 everything was read; 1 some inputs failed; 2 the call is wrong; 3 the output could not be written;
4 `check` found changes; 130 interrupted."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if "_ARGCOMPLETE" in os.environ:  # for a shell that asks for completions; then it does not return
        import argcomplete

        argcomplete.autocomplete(parser(*os.environ.get("COMP_LINE", "").split()[1:2]))
    _end_on_signals()
    try:
        parsed = parser(*given[:1]).parse_args(given)
        refuse_shared_files(parsed)
        return int(parsed.run(parsed))
    except OutputError as error:
        print_line(f"copydesk: {error}")
        return ExitStatus.OUTPUT_FAILED
    except BrokenPipeError:
        print_line("copydesk: stopped: the reader of the output closed it")
        return ExitStatus.OUTPUT_FAILED
    except CopydeskError as error:
        print_line(f"copydesk: {error}")
        return ExitStatus.USAGE
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        print_line(f"copydesk: {error.filename}: the name is too long for a file. Check it.")
        return ExitStatus.USAGE
    except KeyboardInterrupt:
        print_line("copydesk: interrupted")
        return ExitStatus.INTERRUPTED


def parser(*wanted: str) -> argparse.ArgumentParser:
    """The parser of all commands. Only the `wanted` ones get their arguments, so that the others load nothing."""
    top = Parser(prog="copydesk", description=_DESCRIPTION, epilog=_CLOSING, usage="copydesk COMMAND …")
    top.add_argument("--version", action=_Version, help="print the version")
    rows = top.add_subparsers(
        # Without `prog`, argparse would format a help text to find the name, and Rich would write to stdout.
        prog="copydesk",
        metavar="COMMAND",
        required=True,
        help=argparse.SUPPRESS,
        parser_class=Parser,
    )
    for group, commands in groupby(COMMANDS, key=lambda command: command.group):
        listed = []
        for command in commands:
            listed.append(f"  {command.name:<12}{command.summary}")
            said = f"{command.summary[0].upper()}{command.summary[1:]}."
            row = rows.add_parser(command.name, prog=f"copydesk {command.name}", description=said)
            if command.name in wanted:
                _fill(row, command)
        top.add_argument_group(group, "\n".join(listed))
    return top


def _fill(row: argparse.ArgumentParser, command: Command) -> None:
    """Give the parser of one command its arguments."""
    module = command.module()
    module.add_arguments(row)
    needed = " ".join(f"{action.metavar}{'…' if action.nargs in ('+', '*') else ''}" for action in arguments_of(row))
    row.usage = f"{row.prog} [OPTIONS] {needed}".rstrip()
    apply_defaults(row, command.name)
    row.set_defaults(run=module.run, command=command.name)


class _Version(argparse.Action):
    """Prints the version, which is looked up only here, since the look-up takes a tenth of the time of --help."""

    def __init__(self, option_strings: Sequence[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Print, and exit."""
        from importlib.metadata import version

        print_result(f"copydesk {version('copydesk')}")
        parser.exit()


def _end_on_signals() -> None:
    """Treat SIGTERM and SIGHUP as an interruption: the run reports how far it came and leaves no half files."""
    for name, handler in (("SIGTERM", _interrupt), ("SIGHUP", _terminate)):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup ignores it on purpose
            signal.signal(number, handler)


def _interrupt(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _terminate(number: int, frame: object) -> None:
    """Pass SIGHUP on as SIGTERM, since a crawl has a handler of its own for that one alone."""
    signal.raise_signal(signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
