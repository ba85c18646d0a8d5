"""Knows which options name files to read or to write, in one table for all commands, and checks them before a run.

A test fails if an option that names a file has no row here, so no command can forget the check.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Final, Literal

Use = Literal["input", "also read", "written"]

FILE_OPTIONS: Final[dict[str, Use]] = {
    "against": "input",
    "archive": "written",
    "check_against": "also read",
    "corrected": "input",
    "corrections": "input",
    "explain": "written",
    "index": "also read",
    "inputs": "input",
    "list": "also read",
    "manifest": "also read",
    "model": "also read",
    "output": "written",
    "page": "input",
    "parts": "input",
    "records": "input",
    "rejected": "written",
    "seeds": "also read",
    "sets": "input",
    "site_memory": "also read",
    "sites": "input",
    "store": "written",
    "text_model": "also read",
    "unlabelled": "input",
}
"""The use of the files that an option names: inputs, read besides the inputs, or written."""
OF_COMMANDS: Final[dict[tuple[str, str], Use]] = {("report", "explain"): "input"}
"""Exceptions: commands that use an option's files in another way than the others."""


def refuse_shared_files(arguments: argparse.Namespace) -> None:
    """Raise UsageError if the call would write a file that it reads, or write two outputs to one file."""
    from pipelines.inputs.overlap import refuse_overlap  # heavy to import, and --help does not need it

    refuse_overlap(_names(arguments, "input"), _names(arguments, "written"), *_names(arguments, "also read"))


def use_of(command: str, option: str) -> Use | None:
    """How a command uses the files of an option; None for an option that names no files."""
    return OF_COMMANDS.get((command, option), FILE_OPTIONS.get(option))


def _names(arguments: argparse.Namespace, use: Use) -> Iterator[str]:
    for option, value in vars(arguments).items():
        if _used(arguments, option) == use and value is not None:
            yield from map(str, value if isinstance(value, list) else [value])


def _used(arguments: argparse.Namespace, option: str) -> Use | None:
    if option == "site_memory" and getattr(arguments, "learn_site", False):
        return "written"  # the learned site memory is saved there
    return use_of(arguments.command, option)
