"""The errors that library code raises; only the command line prints them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class CopydeskError(Exception):
    """Base of every error that names where something is wrong, what was found, and what to do."""


class UsageError(CopydeskError):
    """The call itself is wrong (an option, a missing file): nothing was read."""


class InputError(CopydeskError):
    """One input cannot be read; the others can. `cause` is one word to count it under."""

    def __init__(self, message: str, cause: str = "unreadable") -> None:
        super().__init__(message)
        self.cause = cause


class OutputError(CopydeskError):
    """The output cannot be written. The run ends, and leaves no half-written file."""


class RulesError(CopydeskError):
    """A table of rules has a row that cannot be used."""


class ModelError(CopydeskError):
    """A model file is missing, damaged, or made for another version of the features."""


def suggestion(name: str, known: Iterable[str]) -> str:
    """How a message about an unknown name ends: with the nearest known name, or with all of them.

    >>> suggestion("jsnol", ["jsonl", "csv"])
    "did you mean 'jsonl'?"
    >>> suggestion("docx", ["jsonl", "csv"])
    'known are jsonl, csv'
    """
    names = list(known)
    nearest = difflib.get_close_matches(name, names, 1)
    return f"did you mean {nearest[0]!r}?" if nearest else f"known are {', '.join(names)}"
