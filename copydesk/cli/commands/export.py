"""`copydesk export`: records in the shapes that other projects read."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from typing import Final

from cleaners.errors import InputError
from copydesk.cli.exit_status import ExitStatus
from pipelines.inputs.streams import open_stream
from pipelines.outputs.exports import SHAPES, export
from pipelines.outputs.files import STDOUT, Output, OutputError

SUMMARY: Final = "turn records into another project's JSON Lines"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("shape", choices=sorted(SHAPES), metavar="SHAPE", help=f"one of: {', '.join(sorted(SHAPES))}")
    add("inputs", nargs="+", metavar="INPUT", help='a file of records (.jsonl, also .gz or .zst), or "-" for stdin')
    add("-o", "--output", default=STDOUT, metavar="FILE", help="where they go; .gz and .zst compress (stdout)")


def run(arguments: argparse.Namespace) -> int:
    """Convert every record, in order. Returns the exit status."""
    try:
        with Output(arguments.output) as output:
            for line in export(_lines(arguments.inputs), arguments.shape):
                output.write(line.encode("utf-8", "backslashreplace"))
    except (InputError, OutputError) as error:
        print(f"copydesk: {error}", file=sys.stderr)
        return ExitStatus.SOME_FAILED if isinstance(error, InputError) else ExitStatus.OUTPUT_FAILED
    return ExitStatus.DONE


def _lines(inputs: list[str]) -> Iterator[str]:
    for name in inputs:
        with open_stream(name) as stream, io.TextIOWrapper(stream, "utf-8", errors="replace") as lines:
            yield from lines
            stream.check()
