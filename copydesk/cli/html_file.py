"""Where an HTML file for people goes: to the place that is named, or to a new file, which is opened."""

from __future__ import annotations

import tempfile
import webbrowser
from pathlib import Path

from copydesk.cli.exit_status import ExitStatus
from copydesk.cli.terminal import print_line
from pipelines.outputs.files import Output, OutputError


def write_html(html: str, place: str | None) -> ExitStatus:
    """Write the file whole to `place` ("-" for stdout); for None write a new file, print its name and open it."""
    name = place or _new_file()
    try:
        with Output(name) as output:
            output.write(html.encode("utf-8", "replace"))
    except OutputError as error:
        print_line(f"copydesk: {error}")
        return ExitStatus.OUTPUT_FAILED
    if place is None:
        print(name)
        webbrowser.open(Path(name).as_uri())
    return ExitStatus.DONE


def _new_file() -> str:
    with tempfile.NamedTemporaryFile(prefix="copydesk-", suffix=".html", delete=False) as file:
        return file.name
