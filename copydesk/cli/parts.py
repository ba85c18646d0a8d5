"""Reads work lists and parts from the command line: the inputs of each part, and which parts are finished."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from cleaners.errors import InputError, UsageError
from cleaners.words.amounts import amount
from copydesk.cli.terminal import print_line
from pipelines.inputs.addresses import exists, is_address
from pipelines.inputs.work_list import Part, parts_of, read_work_list
from pipelines.outputs.files import STDOUT

PLACE: Final = "{part}"
"""The placeholder for a part's number in the name of its output."""
_OUTPUTS: Final = ("output", "explain", "rejected")


def add_parts(add: Callable[..., object]) -> None:
    """Declare the options of work lists."""
    add(
        "--list", metavar="FILE", help="a work list: inputs one a line, or the lines of an index with offset and length"
    )
    add("--base", metavar="ADDRESS", default="", help="prefix for the paths of the list (s3://bucket/)")
    add("--part", metavar="K/N", help=f"clean only the K-th of N parts, or several (1-8/64); -o needs {PLACE}")


def runs_of(arguments: argparse.Namespace) -> Iterator[argparse.Namespace]:
    """The arguments of each run: one run, or one for each part that is not finished.

    Raises UsageError if inputs or the name of the output are missing.
    """
    inputs = [*arguments.inputs, *_listed(arguments)]
    if not inputs:
        raise UsageError("no input: name files, folders or addresses, or a work list with --list.")
    if arguments.part is None:
        yield argparse.Namespace(**{**vars(arguments), "inputs": inputs})
        return
    for part in parts_of(arguments.part):
        run = _run_of(part, inputs, arguments)
        if not run.inputs:
            print_line(f"part {part}: nothing in it, the list has {amount(len(inputs), 'row')}")
        elif _is_finished(run.output):
            print_line(f"part {part}: {run.output} is there; remove it to clean the part again")
        else:
            yield run


def _listed(arguments: argparse.Namespace) -> list[str]:
    if not arguments.list:
        return []
    try:
        return read_work_list(arguments.list, arguments.base)
    except InputError as error:
        raise UsageError(str(error)) from error


def _run_of(part: Part, inputs: list[str], arguments: argparse.Namespace) -> argparse.Namespace:
    named = {name: value for name in _OUTPUTS if (value := getattr(arguments, name)) is not None}
    for name, value in named.items():
        if PLACE not in value or value == STDOUT:
            raise UsageError(
                f"--{name} {value}: with --part a name needs {PLACE} in it, so that each part has its own."
            )
    filled = {name: value.replace(PLACE, str(part)) for name, value in named.items()}
    return argparse.Namespace(**{**vars(arguments), **filled, "inputs": part.of(inputs)})


def _is_finished(output: str) -> bool:
    try:
        return exists(output) if is_address(output) else Path(output).exists()
    except InputError as error:
        raise UsageError(str(error)) from error
