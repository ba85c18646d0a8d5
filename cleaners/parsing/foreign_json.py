"""Reads JSON that strangers wrote: whatever the text, reading gives a value or raises ValueError."""

from __future__ import annotations

import json
import sys
from typing import Any, Final

# The most digits of a number that Python reads; a longer one stays the text that it is.
_MOST_DIGITS: Final = sys.int_info.default_max_str_digits


def read_foreign_json(text: str | bytes, *, strict: bool = True) -> Any:
    """The value of a JSON text. Raises ValueError, and nothing else, for text that is not JSON or is built to do harm.

    `strict=False` allows control characters in strings, as hand-written JSON-LD has them.

    >>> read_foreign_json('{"a": [1, 2]}')
    {'a': [1, 2]}
    >>> read_foreign_json("[" * 100_000)
    Traceback (most recent call last):
    ValueError: nested too deeply
    """
    try:
        return _read(text, strict)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except MemoryError:
        raise ValueError("too large for the available memory") from None


def foreign_integer(digits: str) -> int | str:
    """The whole number with these digits; the digits themselves if they are more than Python reads.

    >>> foreign_integer("-12"), len(foreign_integer("9" * 5000))
    (-12, 5000)
    """
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def _read(text: str | bytes, strict: bool) -> Any:
    try:
        return json.loads(text, strict=strict)
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise
    except ValueError:  # a number with too many digits
        return json.loads(text, strict=strict, parse_int=foreign_integer)
