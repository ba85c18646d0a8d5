"""`copydesk merge`: the parts that several crawlers or machines wrote, as one file, each record once."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cleaners.errors import InputError, UsageError
from cleaners.words.amounts import amount
from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.reading import Reading
from copydesk.cli.terminal import print_line
from pipelines.inputs.saved_records import record_files
from pipelines.inputs.streams import STDIN
from pipelines.outputs.files import STDOUT
from pipelines.selection.sieve import line_of

_SHOWN = 5
"""The most missing records that are named."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add(
        "parts",
        nargs="+",
        metavar="PART",
        help="files of records (.jsonl, also .gz, .zst), folders, globs, addresses",
    )
    add("-o", "--output", default=STDOUT, metavar="FILE", help=".jsonl, .csv, .parquet, .sqlite, .duckdb … (stdout)")
    add("--frontier", metavar="ADDRESS", help="check that every record that crawlers acknowledged here is in a part")
    add("--quiet", action="store_true", help="no closing summary")


def run(arguments: argparse.Namespace) -> int:
    """Write every record once, in the order of the parts. Returns the exit status."""
    from pipelines.outputs.formats import format_of
    from pipelines.plugins import output_formats

    if STDIN in arguments.parts:
        raise UsageError("parts are read twice, and standard input can be read once. Name files.")
    names, unlisted = _listed(arguments.parts)
    last = _last_of_each(Reading("records, looking for the last of each", silent=True).records(names))
    reading = Reading("records")
    with format_of(arguments.output, output_formats()).open(arguments.output) as output:
        for place, record in enumerate(reading.records(names)):
            if last[_identity(record)][1] == place:
                output.write(line_of(record))
    reading.close()
    missing = _missing(arguments.frontier, last) if arguments.frontier else []
    if not arguments.quiet:
        print_line(
            f"{amount(len(last), 'record')} written from {amount(len(names), 'part')}, "
            f"{reading.failed + unlisted:,} failed"
        )
    return ExitStatus.SOME_FAILED if reading.failed or unlisted or missing else ExitStatus.DONE


def _listed(parts: Iterable[str]) -> tuple[list[str], int]:
    names: list[str] = []
    failed = 0
    for part in parts:
        for found in record_files(part):
            if isinstance(found, InputError):
                print_line(f"copydesk: {found}")
                failed += 1
            else:
                names.append(found)
    return names, failed


def _last_of_each(records: Iterator[dict[str, Any]]) -> dict[str, tuple[str, int]]:
    """By record id, the last time of fetching and the place among all records of the record to keep."""
    last: dict[str, tuple[str, int]] = {}
    for place, record in enumerate(records):
        identity, fetched = _identity(record), str(record.get("fetched_at") or "")
        if identity not in last or last[identity][0] < fetched:
            last[identity] = (fetched, place)
    return last


def _identity(record: Mapping[str, Any]) -> str:
    return str(record.get("id"))


def _missing(address: str, found: Mapping[str, object]) -> list[str]:
    """The ids of the records that crawlers wrote, by the frontier, but no part holds. They are reported on stderr."""
    from crawler.frontier.shared.frontier import SharedFrontier

    frontier = SharedFrontier(address)
    missing = [identity for identity in frontier.record_ids() if identity not in found]
    frontier.leave()
    if missing:
        named = ", ".join(missing[:_SHOWN]) + (" …" if len(missing) > _SHOWN else "")
        print_line(
            f"copydesk: in no part: {amount(len(missing), 'record')} that crawlers wrote ({named}). Name all parts; "
            "what was in one that was cut or lost has to be crawled again."
        )
    return missing
