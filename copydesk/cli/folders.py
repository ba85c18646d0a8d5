"""The options for a folder as an output, and the choice of an output's format by its name."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from cleaners.errors import UsageError
from pipelines.outputs.formats import OutputFormat, format_of
from pipelines.outputs.shards import SHARD_BYTES, FolderOutput, FolderPlan

_UNITS: Final = {"KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}
# Options that a card leaves out, because they do not change the records.
_NO_SETTINGS: Final = ("run", "quiet", "workers", "time_limit", "command")


def add_folder(parser: argparse.ArgumentParser) -> None:
    """Declare the options of a folder as an output."""
    add = parser.add_argument_group(
        "a folder as output", 'With "-o FOLDER/": files of records and a card.'
    ).add_argument
    add("--shard-size", type=_size, default=SHARD_BYTES, metavar="SIZE", help="size of a file: 500MB, 2GB (500MB)")
    add("--shard-format", default=".parquet", metavar="ENDING", help=".parquet, .jsonl.zst, .jsonl.gz, .csv (.parquet)")
    add("--licence", "--license", metavar="NAME", help="licence of the texts, for the card: cc-by-4.0")


def format_for(arguments: argparse.Namespace, formats: Sequence[OutputFormat]) -> OutputFormat:
    """The format of the output that the arguments name; a name that ends with "/" is a folder.

    Raises UsageError if no format has the ending of the files.
    """
    return folder_format(arguments, formats) if is_folder(arguments.output) else format_of(arguments.output, formats)


def is_folder(name: str) -> bool:
    """Whether an output's name asks for a folder."""
    return name.endswith("/")


def folder_format(arguments: argparse.Namespace, formats: Sequence[OutputFormat]) -> OutputFormat:
    """The format of a folder with the settings of the arguments. Raises UsageError for an unknown ending of files."""
    ending = "." + arguments.shard_format.lstrip(".")
    inner = format_of(f"records{ending}", formats)
    if not any(suffix in ending for suffix in inner.suffixes):
        known = ", ".join(suffix for row in formats for suffix in row.suffixes)
        raise UsageError(f"--shard-format {arguments.shard_format}: no format; choose one of {known}")
    settings = {name: value for name, value in vars(arguments).items() if name not in _NO_SETTINGS and _is_said(value)}
    plan = FolderPlan(inner, ending, arguments.shard_size, arguments.licence, settings)
    return OutputFormat("folder", (), partial(FolderOutput, plan=plan))


def _is_said(value: Any) -> bool:
    return value not in (None, False, [], ()) and not callable(value)


def _size(text: str) -> int:
    number, unit = text[:-2].strip(), text[-2:].upper()
    try:
        size = int(float(number) * _UNITS[unit])
    except (KeyError, ValueError):
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write it as 500MB or 2GB") from None
    if size < 1:
        raise argparse.ArgumentTypeError("a file needs some bytes")
    return size
