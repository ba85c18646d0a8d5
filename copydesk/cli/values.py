"""Reads the values of options, with an error that says what is wanted."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from datetime import date


def whole(least: int, most: float = math.inf) -> Callable[[str], int]:
    """A reader of whole numbers within limits, for the `type` of an option.

    >>> whole(1)("12")
    12
    """

    def read(text: str) -> int:
        try:
            found = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
        _check(found, least, most)
        return found

    return read


def number(least: float, most: float = math.inf) -> Callable[[str], float]:
    """A reader of numbers within limits, for the `type` of an option.

    >>> number(0)("0.5")
    0.5
    """

    def read(text: str) -> float:
        try:
            found = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
        _check(found, least, most)
        return found

    return read


def _check(found: float, least: float, most: float) -> None:
    """Raise ArgumentTypeError for a number outside the limits, and for "nan"."""
    if not least <= found <= most or math.isinf(found):
        limits = f"from {least:g} to {most:,.0f}" if math.isfinite(most) else f"{least:g} or more"
        raise argparse.ArgumentTypeError(f"{found:g} is out of range: give {limits}")


def day(text: str) -> str:
    """A day in ISO 8601, for the `type` of an option."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2026-05-31") from None
