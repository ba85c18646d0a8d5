"""`copydesk report`: shows a whole run as an HTML file: its numbers, and the worst pages first."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from cleaners.errors import InputError
from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.html_file import write_html
from copydesk.cli.reading import Reading
from copydesk.cli.values import whole
from pipelines.inputs.saved_records import json_rows


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("records", nargs="+", metavar="RECORDS", help='files of records (.jsonl, also .gz or .zst), or "-" for stdin')
    add("-o", "--output", metavar="FILE", help='where the HTML goes; "-" for stdout (a new file, which is opened)')
    add(
        "--explain", action="append", default=[], metavar="FILE", help="an explanation file of the run; may be repeated"
    )
    add("--worst", type=whole(0), default=50, metavar="N", help="how many of the least certain pages to show (50)")


def run(arguments: argparse.Namespace) -> int:
    """Read every record once, then the explanations, and write the report. Returns the exit status."""
    from pipelines.review.report import report_html, rows_by_record
    from pipelines.review.summary import summary_of

    reading = Reading("records")
    summary = summary_of(reading.records(arguments.records), arguments.worst)
    wanted = frozenset(str(record.get("id")) for record in summary.worst)
    explanations = rows_by_record(_rows(arguments.explain, reading), wanted)
    reading.close()
    status = write_html(report_html(summary, explanations), arguments.output)
    return ExitStatus.SOME_FAILED if reading.failed and status == ExitStatus.DONE else status


def _rows(names: list[str], reading: Reading) -> Iterator[Mapping[str, Any]]:
    """The rows of the explanation files; bad lines and files are reported."""
    for name in names:
        try:
            for _, row in json_rows(name):
                if isinstance(row, InputError):
                    reading.report(row)
                else:
                    yield row
        except InputError as error:
            reading.report(error)
