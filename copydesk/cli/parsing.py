"""Reads command lines: help in groups and colours, and one line with the nearest name for what is mistyped."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any, NoReturn

from rich_argparse import RawDescriptionRichHelpFormatter

from cleaners.errors import suggestion
from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.terminal import print_line


class HelpFormatter(RawDescriptionRichHelpFormatter):
    """Help as it is written: no markup is read in it, and titles stay in lower case."""

    text_markup = False
    help_markup = False
    group_name_formatter = str


class Parser(argparse.ArgumentParser):
    """A parser that answers a mistake with one line on stderr and exit status 2. Options cannot be abbreviated."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=HelpFormatter, allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """Print the message in one line, and exit."""
        end = "" if message.endswith("?") else "."
        print_line(f"{self.prog}: {message}{end} `{self.prog} --help` shows what there is.")
        raise SystemExit(int(ExitStatus.USAGE))

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Read the arguments. One that is unknown is an error here, where the parser that lacks it can name others."""
        parsed, unknown = super().parse_known_args(args, namespace)
        if unknown:
            option = unknown[0].partition("=")[0]
            known = [name for action in options_of(self) for name in action.option_strings]
            names = suggestion(option, known) if option.startswith("-") else "there are too many arguments"
            self.error(f"{option!r} is unknown; {names}")
        return parsed, unknown

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Raise for a value that is none of the choices, with the nearest of them."""
        if action.choices is not None and value not in action.choices:
            raise argparse.ArgumentError(action, f"{value!r} is unknown; {suggestion(str(value), action.choices)}")


def options_of(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The options of a parser, without --help."""
    return (action for action in parser._actions if action.option_strings and action.dest != "help")


def arguments_of(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The arguments of a parser that are no options."""
    return (action for action in parser._actions if not action.option_strings)
