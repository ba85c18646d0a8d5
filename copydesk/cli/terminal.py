"""Prints results on stdout, and lines for people on stderr, without characters that control the terminal."""

from __future__ import annotations

import sys


def printable(text: str) -> str:
    """The text with a mark in place of each character that would control a terminal.

    >>> printable("a title\\x1b[2J")
    'a title\ufffd[2J'
    """
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def print_line(text: str) -> None:
    """Print one line on stderr."""
    print(printable(text), file=sys.stderr, flush=True)


def print_result(text: str) -> None:
    """Print text on stdout. Raises OutputError if it cannot be written, BrokenPipeError if nobody reads it."""
    from pipelines.outputs.files import STDOUT, Output  # heavy to import; most commands print nothing there

    with Output(STDOUT) as output:
        output.write(f"{text}\n".encode("utf-8", "replace"))
