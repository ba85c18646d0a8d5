"""Writes an HTML file for people: to a named place, or to a new file, which is opened."""

from __future__ import annotations

import tempfile
import webbrowser
from pathlib import Path

from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.terminal import print_result
from pipelines.outputs.files import Output


def write_html(html: str, place: str | None) -> ExitStatus:
    """Write the whole file to `place` ("-" for stdout). If that is None, write and open a new file."""
    name = place or _new_file()
    with Output(name) as output:
        output.write(html.encode("utf-8", "replace"))
    if place is None:
        print_result(name)
        webbrowser.open(Path(name).as_uri())
    return ExitStatus.DONE


def _new_file() -> str:
    with tempfile.NamedTemporaryFile(prefix="copydesk-", suffix=".html", delete=False) as file:
        return file.name
