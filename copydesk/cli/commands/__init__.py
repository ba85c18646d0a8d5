"""The sub-commands of `copydesk`: one module each, one row each in COMMANDS."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Final, NamedTuple

from copydesk.cli.commands import check, clean, crawl, export, inspect, report, schema, select, train


class Command(NamedTuple):
    """A sub-command: its name, one line on what it does, its arguments, and what runs it (returns the exit status)."""

    name: str
    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


COMMANDS: Final[tuple[Command, ...]] = (
    Command("check", check.SUMMARY, check.add_arguments, check.run),
    Command("clean", clean.SUMMARY, clean.add_arguments, clean.run),
    Command("crawl", crawl.SUMMARY, crawl.add_arguments, crawl.run),
    Command("export", export.SUMMARY, export.add_arguments, export.run),
    Command("inspect", inspect.SUMMARY, inspect.add_arguments, inspect.run),
    Command("report", report.SUMMARY, report.add_arguments, report.run),
    Command("schema", schema.SUMMARY, schema.add_arguments, schema.run),
    Command("select", select.SUMMARY, select.add_arguments, select.run),
    Command("train", train.SUMMARY, train.add_arguments, train.run),
)
