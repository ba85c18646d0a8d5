"""`copydesk select`: filters records of earlier runs, marks or drops duplicates, and writes them in another format."""

from __future__ import annotations

import argparse
import contextlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cleaners.words.amounts import amount
from copydesk.cli.choosing import add_filters, counted, wanted
from copydesk.cli.cores import cores
from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.folders import add_folder
from copydesk.cli.reading import Reading
from copydesk.cli.terminal import print_line
from copydesk.cli.values import whole
from pipelines.outputs.files import STDOUT
from pipelines.selection.sieve import Sieve, line_of

if TYPE_CHECKING:
    from pipelines.selection.duplicates import Bodies


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("records", nargs="+", metavar="RECORDS", help='files of records (.jsonl, also .gz or .zst), or "-" for stdin')
    add("-o", "--output", default=STDOUT, metavar="FILE", help=".jsonl, .csv, .parquet, .sqlite, .duckdb … (stdout)")
    add("--rejected", metavar="FILE", help="where records that are left out go, each with its reason under `rejected`")
    add("--quiet", action="store_true", help="no closing summary")
    add_filters(parser)
    add_folder(parser)
    how = parser.add_argument_group("duplicates")
    how.add_argument("--mark-duplicates", action="store_true", help="fill `duplicate_of` and `similarity`")
    how.add_argument("--no-duplicates", action="store_true", help="leave out all but one of records with one body")
    kept = "index of the bodies of earlier runs, which stay: read from FILE if it exists, and written to it"
    how.add_argument("--index", metavar="FILE", help=kept)
    beside = "worker processes that compare bodies; 0: this process does (number of cores less one)"
    how.add_argument("--workers", type=whole(0), default=cores() - 1, metavar="N", help=beside)


def run(arguments: argparse.Namespace) -> int:
    """Select records, in order. Returns the exit status."""
    reading = Reading("records")
    written, left_out = _write(arguments, reading)
    reading.close()
    if not arguments.quiet:
        print_line(f"{amount(written, 'record')} written, {counted(left_out)}, {reading.failed:,} failed")
    return ExitStatus.SOME_FAILED if reading.failed else ExitStatus.DONE


def _write(arguments: argparse.Namespace, reading: Reading) -> tuple[int, Counter[str]]:
    """Write the wanted records. Returns their number, and the numbers of the others by reason."""
    from copydesk.cli.folders import format_for
    from pipelines.outputs.formats import open_lines
    from pipelines.plugins import output_formats
    from pipelines.selection.index_file import read_index, write_index
    from pipelines.workers.signing import SigningPool

    written = 0
    with contextlib.ExitStack() as outputs:
        signing = outputs.enter_context(SigningPool(arguments.workers)) if arguments.workers else None
        bodies = read_index(arguments.index, signing)
        output = outputs.enter_context(format_for(arguments, output_formats()).open(arguments.output))
        rejected = outputs.enter_context(open_lines(arguments.rejected)) if arguments.rejected else None
        sieve = Sieve(wanted(arguments), rejected)
        read = reading.lines(arguments.records)
        chosen = ((record, line or line_of(record)) for record, line in read if sieve.reason(record) is None)
        if arguments.mark_duplicates or arguments.no_duplicates or arguments.index:
            lines = _compared(chosen, bodies, sieve, arguments.no_duplicates)
        else:
            lines = (line for _, line in chosen)
        for line in lines:
            output.write(line)
            written += 1
    if arguments.index:
        write_index(arguments.index, bodies)
    return written, sieve.left_out


def _compared(
    chosen: Iterable[tuple[Mapping[str, Any], bytes]], bodies: Bodies, sieve: Sieve, leave_out: bool
) -> Iterator[bytes]:
    """The lines of records once all are known; duplicates are marked, or left out with `leave_out`."""
    from pipelines.selection.waiting import Waiting

    with Waiting(bodies) as waiting:
        for record, line in chosen:
            waiting.add(record, line)
        for line, twin in waiting.lines():
            if twin is None:
                yield line
                continue
            marked = {**json.loads(line), "duplicate_of": twin.id, "similarity": twin.similarity}
            if leave_out:
                sieve.reject(marked, "duplicate")
            else:
                yield line_of(marked)
