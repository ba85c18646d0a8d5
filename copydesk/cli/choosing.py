"""The options that choose among records, which several commands share."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import fields
from datetime import date
from typing import Any

from pipelines.selection.filters import Wanted


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `wanted`."""
    group = parser.add_argument_group("which records", "Every record that is left out is counted with its reason.")
    add = group.add_argument
    add("--articles", action="store_true", help="articles alone: no listings, shops, forms or empty shells")
    add(
        "--kind",
        action="append",
        default=[],
        metavar="KIND",
        help="pages of this kind (article, forum …); may be repeated",
    )
    add(
        "--language", action="append", default=[], metavar="CODE", help="records in this language (en); may be repeated"
    )
    add("--site", action="append", default=[], metavar="HOST", help="records of this site; may be repeated")
    add("--not-site", action="append", default=[], metavar="HOST", help="leave this site out; may be repeated")
    add("--min-words", type=int, metavar="N", help="words a body has at least")
    add("--max-words", type=int, metavar="N", help="words a body has at most")
    add("--min-confidence", type=float, metavar="X", help="confidence of the body at least, 0 to 1")
    add("--from-day", type=_day, metavar="DAY", help="published on this day or later")
    add("--to-day", type=_day, metavar="DAY", help="published on this day or earlier")
    add("--publications", action="store_true", help="leave out records whose only date is that of a change")


def asked(arguments: argparse.Namespace) -> dict[str, Any]:
    """The filters that are asked for, as values of JSON."""
    chosen = wanted(arguments)
    values = {one.name: getattr(chosen, one.name) for one in fields(Wanted)}
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in values.items() if value}


def wanted(arguments: argparse.Namespace) -> Wanted:
    """What the options ask for."""
    return Wanted(
        articles=arguments.articles,
        kinds=frozenset(arguments.kind),
        languages=frozenset(code.lower() for code in arguments.language),
        sites=frozenset(site.lower().removeprefix("www.") for site in arguments.site),
        not_sites=frozenset(site.lower().removeprefix("www.") for site in arguments.not_site),
        min_words=arguments.min_words,
        max_words=arguments.max_words,
        min_confidence=arguments.min_confidence,
        since=arguments.from_day,
        until=arguments.to_day,
        publications=arguments.publications,
    )


def counted(left_out: Counter[str]) -> str:
    """How many records were left out, and why, for people.

    >>> counted(Counter(kind=2, language=1))
    '3 left out (2 kind, 1 language)'
    """
    listed = ", ".join(f"{count:,} {reason}" for reason, count in sorted(left_out.items()))
    return f"{left_out.total():,} left out" + (f" ({listed})" if listed else "")


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2026-05-31") from None
