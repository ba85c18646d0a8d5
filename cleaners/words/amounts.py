"""Numbers of things, as messages say them."""

from __future__ import annotations

_WITH_ES = ("s", "x", "ch", "sh")


def amount(count: int, thing: str, between: str = "") -> str:
    """A number and what it counts, in English; `between` is a word before the thing.

    >>> amount(1, "page"), amount(1200, "page"), amount(2, "address"), amount(0, "copy")
    ('1 page', '1,200 pages', '2 addresses', '0 copies')
    >>> amount(1, "row", "more"), amount(2, "row", "more")
    ('1 more row', '2 more rows')
    """
    words = [f"{count:,}", *([between] if between else []), thing if count == 1 else _plural(thing)]
    return " ".join(words)


def _plural(thing: str) -> str:
    if thing.endswith("y") and thing[-2:-1] not in "aeiou":
        return f"{thing[:-1]}ies"
    return f"{thing}es" if thing.endswith(_WITH_ES) else f"{thing}s"
