"""Parses command lines: help in groups and colours, and one line with the nearest name for a mistyped word."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any, NoReturn

from rich_argparse import RawDescriptionRichHelpFormatter

from cleaners.errors import suggestion
from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.terminal import print_line, print_result


class HelpFormatter(RawDescriptionRichHelpFormatter):
    """Shows help texts as written: square brackets are not markup, and titles stay in lower case."""

    text_markup = False
    help_markup = False
    group_name_formatter = str


class Parser(argparse.ArgumentParser):
    """A parser that reports a mistake in one line on stderr, with exit status 2. Options cannot be abbreviated."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=HelpFormatter, allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """Print the message in one line, and exit."""
        end = "" if message.endswith("?") else "."
        print_line(f"{self.prog}: {message}{end} `{self.prog} --help` shows what there is.")
        raise SystemExit(int(ExitStatus.USAGE))

    def print_help(self, file: Any = None) -> None:
        """Print the help on stdout. Raises OutputError if it cannot be written, BrokenPipeError if nobody reads it."""
        print_result(self.format_help().rstrip())

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Read the arguments. An unknown one is an error here already, because this parser knows the similar names."""
        parsed, unknown = super().parse_known_args(args, namespace)
        if unknown:
            option = unknown[0].partition("=")[0]
            known = [name for action in options_of(self) for name in action.option_strings]
            names = suggestion(option, known) if option.startswith("-") else "there are too many arguments"
            self.error(f"{option!r} is unknown; {names}")
        return parsed, unknown

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Raise ArgumentError, with the nearest choice, for a value that is not among the choices."""
        if action.choices is not None and value not in action.choices:
            raise argparse.ArgumentError(action, f"{value!r} is unknown; {suggestion(str(value), action.choices)}")


def options_of(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The options of a parser, without --help."""
    return (action for action in parser._actions if action.option_strings and action.dest != "help")


def arguments_of(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The arguments of a parser that are not options."""
    return (action for action in parser._actions if not action.option_strings)
