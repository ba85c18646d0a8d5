"""Prints for people, on stderr, without characters that control the terminal."""

from __future__ import annotations

import os
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


def forget_stdout() -> None:
    """Point stdout elsewhere after its reader has gone, so that the interpreter's last flush does not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
