"""`copydesk export`: converts records to the shapes that other projects read."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from cleaners.errors import InputError
from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.reading import Reading
from pipelines.outputs.exports import SHAPES, converted
from pipelines.outputs.feeds import FEEDS, feed_of
from pipelines.outputs.files import STDOUT
from pipelines.outputs.formats import RecordOutput, open_lines
from pipelines.selection.sieve import line_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    shapes = sorted((*SHAPES, *FEEDS))
    add("shape", choices=shapes, metavar="SHAPE", help=f"one of: {', '.join(shapes)}")
    add("inputs", nargs="+", metavar="INPUT", help='files or folders of records (.jsonl, .parquet), or "-" for stdin')
    add("-o", "--output", default=STDOUT, metavar="FILE", help="where the result goes; .gz and .zst compress (stdout)")


def run(arguments: argparse.Namespace) -> int:
    """Convert every record, in order. A line that is not a record is reported, and the others are converted."""
    with open_lines(arguments.output) as output:
        failed = (_write_feed if arguments.shape in FEEDS else _write)(arguments, output)
    return ExitStatus.SOME_FAILED if failed else ExitStatus.DONE


def _write(arguments: argparse.Namespace, output: RecordOutput) -> int:
    """Write the records of every input. Returns how many lines and inputs failed."""
    reading = Reading("records")
    for record in reading.records(arguments.inputs):
        try:
            output.write(line_of(converted(record, SHAPES[arguments.shape])))
        except InputError as error:
            reading.report(error)
    reading.close()
    return reading.failed


def _write_feed(arguments: argparse.Namespace, output: RecordOutput) -> int:
    """Write one feed of all inputs. Returns how many lines and inputs failed."""
    reading = Reading("records")
    for piece in feed_of(_fit(reading, arguments), arguments.shape):
        output.write(piece.encode("utf-8", "replace"))
    reading.close()
    return reading.failed


def _fit(reading: Reading, arguments: argparse.Namespace) -> Iterator[Mapping[str, Any]]:
    """The records that can be entries of the feed; the others are reported."""
    for record in reading.records(arguments.inputs):
        try:
            converted(record, FEEDS[arguments.shape].entry)
        except InputError as error:
            reading.report(error)
        else:
            yield record
