"""`copydesk check`: compares two runs site by site, to find the sites whose layout has changed."""

from __future__ import annotations

import argparse

from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.reading import Reading
from copydesk.cli.terminal import print_result
from copydesk.cli.values import whole


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("records", nargs="+", metavar="RECORDS", help="files of records of the run to check")
    add("--against", action="append", required=True, metavar="FILE", help="records of an earlier run; may be repeated")
    add("--fewest", type=whole(1), default=10, metavar="N", help="records a site must have in both runs (10)")


def run(arguments: argparse.Namespace) -> int:
    """Print one line for each change on standard output. Returns CHANGED if there is one."""
    from pipelines.review.changes import changes, profiles_of

    reading = Reading("records")
    before = profiles_of(reading.records(arguments.against))
    now = profiles_of(reading.records(arguments.records))
    reading.close()
    found = changes(before, now, arguments.fewest)
    for change in found:
        print_result(str(change))
    if reading.failed:
        return ExitStatus.SOME_FAILED
    return ExitStatus.CHANGED if found else ExitStatus.DONE
