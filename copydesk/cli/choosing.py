"""The options that filter records, which several commands share."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from dataclasses import fields
from typing import Any

from cleaners.errors import UsageError
from cleaners.words.addresses import host_name
from copydesk.cli.values import day, number, whole
from pipelines.selection.filters import Wanted


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Declare the filter options."""
    group = parser.add_argument_group("which records", "Every record left out is counted with its reason.")
    add = group.add_argument
    add("--articles", action="store_true", help="only articles: no listings, shops, forms or empty shells")
    add(
        "--kind",
        action="append",
        default=[],
        metavar="KIND",
        help="pages of this kind (article, forum …); may be repeated",
    )
    add(
        "--language",
        action="append",
        type=_language,
        default=[],
        metavar="CODE",
        help="records in this language (en); may be repeated",
    )
    add("--site", action="append", type=_host, default=[], metavar="HOST", help="records of this site; may be repeated")
    add(
        "--not-site",
        action="append",
        type=_host,
        default=[],
        metavar="HOST",
        help="leave this site out; may be repeated",
    )
    add("--min-words", type=whole(0), metavar="N", help="least number of words of a body")
    add("--max-words", type=whole(0), metavar="N", help="greatest number of words of a body")
    add("--min-confidence", type=number(0, 1), metavar="X", help="least confidence of the body, 0 to 1")
    add("--from-day", type=day, metavar="DAY", help="published on this day or later")
    add("--to-day", type=day, metavar="DAY", help="published on this day or earlier")
    add("--publications", action="store_true", help="leave out records whose only date is of a change")


def asked(arguments: argparse.Namespace) -> dict[str, Any]:
    """The filters that the options name, as values of JSON."""
    chosen = wanted(arguments)
    values = {one.name: getattr(chosen, one.name) for one in fields(Wanted)}
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in values.items() if value}


def wanted(arguments: argparse.Namespace) -> Wanted:
    """The filters of the options. Raises UsageError if no record could be both."""
    for least, most in (("min_words", "max_words"), ("from_day", "to_day")):
        low, high = getattr(arguments, least), getattr(arguments, most)
        if low is not None and high is not None and low > high:
            names = (f"--{name.replace('_', '-')}" for name in (least, most))
            raise UsageError(f"{' and '.join(names)}: no record is from {low} on and up to {high}. Exchange the two.")
    return Wanted(
        articles=arguments.articles,
        kinds=frozenset(arguments.kind),
        languages=frozenset(arguments.language),
        sites=frozenset(arguments.site),
        not_sites=frozenset(arguments.not_site),
        min_words=arguments.min_words,
        max_words=arguments.max_words,
        min_confidence=arguments.min_confidence,
        since=arguments.from_day,
        until=arguments.to_day,
        publications=arguments.publications,
    )


def counted(left_out: Counter[str]) -> str:
    """The numbers of records left out, with reasons, as text for people.

    >>> counted(Counter(kind=2, language=1))
    '3 left out (2 kind, 1 language)'
    """
    listed = ", ".join(f"{count:,} {reason}" for reason, count in sorted(left_out.items()))
    return f"{left_out.total():,} left out" + (f" ({listed})" if listed else "")


def _language(text: str) -> str:
    if not re.fullmatch("[A-Za-z]{2,3}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no primary language; write it as en, whatever the region")
    return text.lower()


def _host(text: str) -> str:
    host = (host_name(text) if "://" in text else text.partition("/")[0]).lower().removeprefix("www.")
    if not host:
        raise argparse.ArgumentTypeError(f"{text!r} names no host; write it as example.org")
    return host
