"""JSON that strangers wrote: whatever it holds, reading it either gives a value or raises ValueError."""

from __future__ import annotations

import json
from typing import Any


def read_foreign_json(text: str | bytes, *, strict: bool = True) -> Any:
    """The value of a JSON text. Raises ValueError, never anything else, for a text that is none or is built to hurt.

    `strict=False` lets control characters stand in strings, as hand-written JSON-LD has them.

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
        raise ValueError("too large for the memory there is") from None
