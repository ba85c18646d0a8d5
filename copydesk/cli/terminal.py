"""Prints results on stdout, and lines for people on stderr, without characters that control the terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Final, TextIO

REFRESH: Final = 0.5
"""Seconds between two updates of a status line."""
_CLEAR: Final = "\r\x1b[2K"


def printable(text: str) -> str:
    """The text with a mark in place of each character that would control a terminal.

    >>> printable("a title\\x1b[2J")
    'a title\ufffd[2J'
    """
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


class StatusLine:
    """One line that shows how far a run is. It is written over twice a second, and only on a terminal."""

    def __init__(self, stream: TextIO, is_wanted: bool = True) -> None:
        self.is_live: Final = is_wanted and stream.isatty()
        self._stream = stream
        self._shown = time.monotonic()

    def show(self, text: Callable[[], str]) -> None:
        """Write the line anew if it is time; only then is its text made."""
        now = time.monotonic()
        if self.is_live and now - self._shown >= REFRESH:
            self._shown = now
            self._stream.write(f"{_CLEAR}{text()}")
            self._stream.flush()

    def clear(self) -> None:
        """Remove the line, so that another one can be printed."""
        if self.is_live:
            self._stream.write(_CLEAR)
            self._stream.flush()


def print_line(text: str) -> None:
    """Print one line on stderr."""
    print(printable(text), file=sys.stderr, flush=True)


def print_result(text: str) -> None:
    """Print text on stdout. Raises OutputError if it cannot be written, BrokenPipeError if nobody reads it."""
    from pipelines.outputs.files import STDOUT, Output  # heavy to import; most commands print nothing there

    with Output(STDOUT) as output:
        output.write(f"{text}\n".encode("utf-8", "replace"))
