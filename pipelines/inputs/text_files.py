"""Reads the text files that belong to a command: manifests, work lists and corrected drafts."""

from __future__ import annotations

from pathlib import Path

from pipelines.inputs.kinds import binary_format
from pipelines.inputs.streams import CHUNK


def text_of(path: Path) -> str:
    """The text of a file in UTF-8.

    Raises OSError if it cannot be read, and ValueError if it is something else, such as an archive of gigabytes, of
    which only the first bytes are read.
    """
    with path.open("rb") as file:
        start = file.read(CHUNK)
        refuse_binary(start)
        return (start + file.read()).decode("utf-8-sig")


def refuse_binary(start: bytes) -> None:
    """Raise ValueError if these first bytes are not those of a text."""
    if what := binary_format(start):
        raise ValueError(what)
