"""`copydesk label`: lets a person correct the cleaner's result for a page, and keeps the correction to learn from."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cleaners.errors import InputError, UsageError
from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.single_page import saved_page
from copydesk.cli.terminal import print_line, print_result
from pipelines.inputs.overlap import refuse_overlap
from pipelines.outputs.files import STDOUT, Output

if TYPE_CHECKING:
    from cleaners.page import Page


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("page", metavar="PAGE", help="a saved page")
    add("-o", "--output", required=True, metavar="PLACE", help="the draft to write, or the folder with --corrected")
    add("--corrected", metavar="FILE", help="the corrected draft, or the page's body as plain text")
    add("--url", metavar="URL", help="the address that the page came from")


def run(arguments: argparse.Namespace) -> int:
    """Write a draft, or add the page with its correction to a set. Returns the exit status."""
    try:
        page = saved_page(arguments.page, "html", arguments.url)
        if arguments.corrected is None:
            return _write_draft(page, arguments.page, arguments.output)
        return _add(page, Path(arguments.corrected), Path(arguments.output))
    except InputError as error:
        print_line(f"copydesk: {error}")
        return ExitStatus.SOME_FAILED


def _write_draft(page: Page, name: str, place: str) -> int:
    from pipelines.record.build import record_of
    from pipelines.review.draft import draft_of

    refuse_overlap([name], [place])
    if place != STDOUT and Path(place).is_dir():
        raise UsageError(f"{place}: a folder; name a file for the draft, or give --corrected with a corrected one")
    with Output(place) as output:
        output.write(draft_of(record_of(page)).encode("utf-8", "replace"))
    return ExitStatus.DONE


def _add(page: Page, corrected: Path, folder: Path) -> int:
    from cleaners.plan import document_of
    from pipelines.inputs.text_files import text_of
    from pipelines.outputs.labelled_set import add_page
    from pipelines.review.draft import read_correction

    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: not a folder; with --corrected, -o names the folder of labelled pages")
    content = page.content.encode() if isinstance(page.content, str) else page.content
    try:
        correction = read_correction(text_of(corrected))
    except (OSError, ValueError) as error:
        raise UsageError(f"{corrected}: cannot be read ({error}); name a corrected draft in UTF-8") from error
    except InputError as error:
        raise InputError(f"{corrected}: {error}", error.cause) from error
    if not correction.url:
        correction = correction._replace(url=page.url)
    try:
        page_id = add_page(folder, content, document_of(page), correction)
    except InputError as error:
        raise InputError(f"{corrected}: {error}", error.cause) from error
    print_result(f"{folder / 'pages' / page_id}.html.gz")
    return ExitStatus.DONE
