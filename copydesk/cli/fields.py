"""The option for records with only some fields."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from copydesk.cli.choosing import wanted
from pipelines.selection.filters import fields_read


def add_fields(add: Callable[..., Any]) -> None:
    """Declare --fields with the `add_argument` of a parser or a group."""
    said = "fill only these fields of the record, with commas between them (headline,body); others cost nothing"
    add("--fields", action="append", default=[], metavar="NAMES", help=said)


def asked_fields(arguments: argparse.Namespace) -> tuple[str, ...] | None:
    """The fields that --fields names, with those that filters and --explain need; None: all fields.

    Raises UsageError for a name that is no field.
    """
    names = [name.strip() for listed in arguments.fields for name in listed.split(",") if name.strip()]
    if not names:
        return None
    from pipelines.record.wanted_fields import check_fields  # heavy to import

    check_fields(names)
    explained = ("removed",) if arguments.explain else ()
    return tuple(dict.fromkeys((*names, *fields_read(wanted(arguments)), *explained)))
