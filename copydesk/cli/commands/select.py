"""`copydesk select`: records of earlier runs, filtered, without duplicates, in another format."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from cleaners.errors import UsageError
from copydesk.cli.choosing import Sieve, add_filters, counted, line_of, wanted
from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.reading import Reading
from copydesk.cli.terminal import forget_stdout, print_line
from pipelines.inputs.overlap import refuse_overlap
from pipelines.inputs.streams import STDIN
from pipelines.outputs.files import STDOUT, OutputError
from pipelines.selection.filters import reason_against


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("records", nargs="+", metavar="RECORDS", help='files of records (.jsonl, also .gz or .zst), or "-" for stdin')
    add("-o", "--output", default=STDOUT, metavar="FILE", help=".jsonl, .csv, .parquet or .sqlite by its name (stdout)")
    add("--rejected", metavar="FILE", help="where records that are left out go, each with its reason under `rejected`")
    add("--quiet", action="store_true", help="no closing summary")
    add_filters(parser)
    how = parser.add_argument_group("duplicates")
    how.add_argument("--mark-duplicates", action="store_true", help="fill `duplicate_of` and `similarity`")
    how.add_argument("--no-duplicates", action="store_true", help="leave out all but one of records with one body")


def run(arguments: argparse.Namespace) -> int:
    """Choose among the records, in order. Returns the exit status."""
    from pipelines.outputs.formats import format_of, open_lines
    from pipelines.plugins import output_formats

    looks_twice = arguments.mark_duplicates or arguments.no_duplicates
    if looks_twice and STDIN in arguments.records:
        raise UsageError("duplicates are found by reading the records twice, and standard input can be read once")
    refuse_overlap(arguments.records, [arguments.output, arguments.rejected])
    reading = Reading("records")
    written = 0
    try:
        with contextlib.ExitStack() as outputs:
            output = outputs.enter_context(format_of(arguments.output, output_formats()).open(arguments.output))
            rejected = outputs.enter_context(open_lines(arguments.rejected)) if arguments.rejected else None
            sieve = Sieve(wanted(arguments), rejected)
            for record, reason in _judged(arguments, reading, looks_twice):
                if reason is None:
                    output.write(line_of(record))
                    written += 1
                else:
                    sieve.reject(record, reason)
    except OutputError as error:
        print_line(f"copydesk: {error}")
        return ExitStatus.OUTPUT_FAILED
    except BrokenPipeError:
        forget_stdout()
        return ExitStatus.OUTPUT_FAILED
    reading.close()
    if not arguments.quiet:
        print_line(f"{written:,} records written, {counted(sieve.left_out)}, {reading.failed:,} failed")
    return ExitStatus.SOME_FAILED if reading.failed else ExitStatus.DONE


def _judged(
    arguments: argparse.Namespace, reading: Reading, looks_twice: bool
) -> Iterator[tuple[Mapping[str, Any], str | None]]:
    """Every record with the reason for which it is left out, if there is one. Duplicates are sought among the rest."""
    from pipelines.selection.duplicates import twins

    asked = wanted(arguments)

    def chosen(reader: Reading) -> Iterator[Mapping[str, Any]]:
        return (one for one in reader.records(arguments.records) if reason_against(one, asked) is None)

    found = twins(chosen(Reading("records, looking for duplicates", silent=True))) if looks_twice else {}
    place = 0
    for record in reading.records(arguments.records):
        reason = reason_against(record, asked)
        if reason is not None:
            yield record, reason
            continue
        twin = found.get(place)
        place += 1
        if twin is None:
            yield record, None
        else:
            marked = {**record, "duplicate_of": twin.id, "similarity": twin.similarity}
            yield marked, "duplicate" if arguments.no_duplicates else None
