"""`copydesk schema`: prints the schema of records as JSON Schema, an Arrow schema, or a CREATE TABLE statement."""

from __future__ import annotations

import argparse
import json

from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.terminal import print_result


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--arrow", action="store_true", help="an Arrow schema, a line a column")
    form.add_argument("--sql", action="store_true", help="a CREATE TABLE statement for DuckDB")


def run(arguments: argparse.Namespace) -> int:
    """Print the schema. Returns the exit status."""
    from pipelines.record.columns import arrow_text, sql_table

    if arguments.arrow:
        print_result(arrow_text())
    elif arguments.sql:
        print_result(sql_table())
    else:
        from pipelines.record.schema import schema

        print_result(json.dumps(schema(), indent=2))
    return ExitStatus.DONE
