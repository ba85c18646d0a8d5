"""The options that choose among records, which several commands share."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from pipelines.outputs.formats import RecordOutput
from pipelines.selection.filters import Wanted, reason_against


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


class Sieve:
    """Lets the wanted records through, counts the others by reason in `left_out`, and writes them if asked to."""

    def __init__(self, wanted: Wanted, rejected: RecordOutput | None = None) -> None:
        self.left_out: Counter[str] = Counter()
        self._wanted = wanted
        self._rejected = rejected

    def passed(self, lines: bytes) -> bytes:
        """The lines of the wanted records; all of them, unread, where every record is wanted."""
        if self._wanted.is_anything:
            return lines
        return b"".join(line for line in lines.splitlines(keepends=True) if self._is_wanted(line))

    def _is_wanted(self, line: bytes) -> bool:
        record = json.loads(line)
        reason = reason_against(record, self._wanted)
        if reason is not None:
            self.reject(record, reason)
        return reason is None

    def reject(self, record: Mapping[str, Any], reason: str) -> None:
        """Count a record that is left out, and write it with its reason under `rejected`."""
        self.left_out[reason] += 1
        if self._rejected is not None:
            self._rejected.write(line_of({**record, "rejected": reason}))


def counted(left_out: Counter[str]) -> str:
    """How many records were left out, and why, for people.

    >>> counted(Counter(kind=2, language=1))
    '3 left out (2 kind, 1 language)'
    """
    listed = ", ".join(f"{count:,} {reason}" for reason, count in sorted(left_out.items()))
    return f"{left_out.total():,} left out" + (f" ({listed})" if listed else "")


def line_of(record: Mapping[str, Any]) -> bytes:
    """A record as a line of JSON."""
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
    return line.encode("utf-8", "backslashreplace")


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2026-05-31") from None
