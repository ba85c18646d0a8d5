"""Reads the values of options, with an error that says what is wanted."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TypeVar

Number = TypeVar("Number", int, float)


def whole(least: int, most: float = math.inf) -> Callable[[str], int]:
    """A reader of whole numbers within limits, for the `type` of an option.

    >>> whole(1)("12")
    12
    """
    return partial(_within, int, "a whole number", least, most)


def number(least: float, most: float = math.inf) -> Callable[[str], float]:
    """A reader of numbers within limits, for the `type` of an option.

    >>> number(0)("0.5")
    0.5
    """
    return partial(_within, float, "a number", least, most)


def _within(convert: Callable[[str], Number], what: str, least: float, most: float, text: str) -> Number:
    try:
        found = convert(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not {what}") from None
    if not least <= found <= most or found == math.inf:  # "nan" is not within limits
        limits = f"from {least:g} to {most:,.0f}" if math.isfinite(most) else f"{least:g} or more"
        raise argparse.ArgumentTypeError(f"{text} is out of range: give {limits}")
    return found


def day(text: str) -> str:
    """A day in ISO 8601, for the `type` of an option."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2026-05-31") from None
