"""Reads JSON that strangers wrote: whatever the text, reading gives a value or raises ValueError."""

from __future__ import annotations

import json
from typing import Any


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
        return json.loads(text, strict=strict)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except MemoryError:
        raise ValueError("too large for the available memory") from None
