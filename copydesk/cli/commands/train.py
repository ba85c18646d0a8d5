"""`copydesk train`: trains a model on labelled pages, with scores from cross-validation."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
from pathlib import Path
from typing import Any

from cleaners.errors import OutputError, UsageError
from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.terminal import print_result
from copydesk.cli.values import whole


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("sets", nargs="*", type=Path, metavar="SET", help="a folder with truth.jsonl and pages/ID.html.gz")
    add("-o", "--output", type=Path, required=True, metavar="FILE", help="the model file to write")
    add("--markup", choices=("html", "text"), default="html", help="the kind of pages that the model is for (html)")
    add(
        "--unlabelled",
        type=Path,
        action="append",
        default=[],
        metavar="SET",
        help="a set without bodies; a model of the labelled pages labels it, and it counts for less",
    )
    add(
        "--from",
        dest="corrections",
        type=Path,
        action="append",
        default=[],
        metavar="SET",
        help="instead of sets: pages corrected with `copydesk label`; the model in the package learns their sites",
    )
    add("--threads", type=whole(1), default=1, metavar="N", help="threads that LightGBM may use (1)")


def run(arguments: argparse.Namespace) -> int:
    """Train, write the model, and print the report as JSON. Returns the exit status."""
    report = _trained(arguments)
    print_result(json.dumps(dataclasses.asdict(report), indent=2))
    return ExitStatus.DONE


def _trained(arguments: argparse.Namespace) -> Any:
    folder = arguments.output.absolute().parent
    if not os.access(folder, os.W_OK):  # training takes minutes, so this is found out first
        raise OutputError(
            f"{arguments.output}: nothing can be written to {folder}. Make that folder, or write elsewhere."
        )
    if bool(arguments.sets) == bool(arguments.corrections):
        raise UsageError("name sets to train on, or corrected pages with --from, and not both")
    if arguments.corrections:
        if arguments.markup != "html":
            raise UsageError("--from: corrected pages change the model for HTML only; leave out --markup")
        from cleaners.training.corrections import train_from_corrections

        return train_from_corrections(arguments.corrections, arguments.output)
    try:
        from cleaners.training.html import train_html
        from cleaners.training.text import train_text
    except ModuleNotFoundError as error:
        raise UsageError(
            f"{error.name} is not installed, and training needs it; run pip install 'copydesk[train]'"
        ) from error
    train = train_text if arguments.markup == "text" else train_html
    return train(arguments.sets, arguments.output, unlabelled=arguments.unlabelled, threads=arguments.threads, say=_say)


def _say(line: str) -> None:
    if sys.stderr.isatty():
        print(f"copydesk train: {line}", file=sys.stderr)
