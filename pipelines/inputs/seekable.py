"""Gives an input as a file that can be read from its end, as Parquet and ZIP need."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipelines.inputs.streams import STDIN, ByteStream


@contextmanager
def seekable(stream: ByteStream) -> Iterator[Any]:
    """The stream's file itself, or a temporary copy of what cannot be read from its end (a pipe, compressed data)."""
    path = Path(stream.source_name)
    if stream.is_as_stored and stream.source_name != STDIN and path.is_file():
        with path.open("rb") as file:
            yield file
        return
    with tempfile.TemporaryFile(prefix="copydesk-") as copy:
        shutil.copyfileobj(stream, copy)
        stream.check()
        copy.seek(0)
        yield copy
