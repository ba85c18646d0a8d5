"""The types of rows in the rule tables, and their reader, which refuses incomplete rows.

Every row has: concept (its name, unique over all tables), reason (a key of reasons.toml), strength, why (the grounds
for the row, with the measured precision), hit and miss (cases, at least one of each; tests run them all).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from tomllib import TOMLDecodeError
from typing import Any, Literal, TypeVar, get_args

from cleaners.errors import RulesError
from cleaners.page import Markup
from cleaners.rules.reasons import REASONS
from cleaners.words.toml_tables import read_toml

Strength = Literal["drop", "article", "thread", "hint"]
WORDING_TABLES = (
    "wording/navigation",
    "wording/sharing",
    "wording/related",
    "wording/prompts",
    "wording/article",
    "wording/comments",
    "wording/forms",
    "wording/footer",
)
STRUCTURE_TABLES = ("structure",)
_SHOWN = "cleaners/rules/tables"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The keys that every row of every table has.

    strength  drop: precise enough to decide alone; article, thread: precise enough on pages of this kind, else a
              hint; hint: it gives the reason if something else drops the block
    measured  on the development pages: how many words it hit, on how many sites, and how many of them references hold
    """

    concept: str
    reason: str
    strength: Strength
    why: str
    hit: tuple[str, ...]
    miss: tuple[str, ...]
    measured: str = ""

    @property
    def action(self) -> Literal["drop", "hint"]:
        """What the row's marks do before the kind of the page is known."""
        return "drop" if self.strength == "drop" else "hint"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingRow(Row):
    """Words that identify a short block. Phrases are compared in lower case.

    whole      the block is this phrase, punctuation around it aside
    start      the block begins with this phrase
    contains   the block holds this phrase
    then       a pattern that the whole lower-case block must match as well
    max_words  longer blocks are left alone
    markup     which kinds of documents the row reads
    """

    whole: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    then: re.Pattern[str] | None = None
    max_words: int = 25
    markup: tuple[Markup, ...] = ("html", "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureRow(Row):
    """Markup that identifies an element and what is in it.

    tag        elements of these names
    tag_not    but not elements of these names
    name       elements of which a class, id, `role=…`, `itemprop=…` or `rel=…` is one of these
    word       elements of which a class holds one of these words (parted by hyphens, underscores, capitals), or whose
               id is one of them
    detached   only text that the page does not show in its line
    max_words  only blocks of at most so many words
    digits     false: only blocks without digits (prices are written for screen readers, and read by all)
    """

    tag: tuple[str, ...] = ()
    tag_not: tuple[str, ...] = ()
    name: tuple[str, ...] = ()
    word: tuple[str, ...] = ()
    detached: bool = False
    max_words: int = 0
    digits: bool = True


AnyRow = TypeVar("AnyRow", bound=Row)
PatternRow = TypeVar("PatternRow")


def read_table(name: str) -> list[Mapping[str, Any]]:
    """The rows of one table as TOML has them. Raises RulesError."""
    try:
        rows: list[Mapping[str, Any]] = read_toml("cleaners.rules", f"tables/{name}.toml")["row"]
    except (TOMLDecodeError, KeyError) as error:
        raise RulesError(f"{_SHOWN}/{name}.toml: not a table of [[row]]s ({error}); mend the file") from error
    return rows


def load_patterns(kind: Callable[..., PatternRow], name: str) -> tuple[PatternRow, ...]:
    """The rows of a table with a pattern each, the patterns compiled. Raises RulesError."""
    rows = read_table(name)
    try:
        return tuple(kind(**{**row, "pattern": re.compile(row["pattern"])}) for row in rows)
    except (KeyError, TypeError, re.error) as error:
        raise RulesError(f"{_SHOWN}/{name}.toml: a row cannot be used ({error}); mend it") from error


def load_rows(kind: type[AnyRow], names: tuple[str, ...]) -> tuple[AnyRow, ...]:
    """The rows of some tables, checked. Raises RulesError."""
    rows = tuple(make_row(kind, raw, f"{_SHOWN}/{name}.toml") for name in names for raw in read_table(name))
    seen: set[str] = set()
    for row in rows:
        if row.concept in seen:
            raise RulesError(f"cleaners/rules: two rows are called {row.concept!r}; rename one")
        seen.add(row.concept)
    return rows


def make_row(kind: type[AnyRow], raw: Mapping[str, Any], where: str) -> AnyRow:
    """One row, checked. Raises RulesError that says where, what is wrong, and what to do."""
    where = f"{where}: row {raw.get('concept', '(unnamed)')!r}"
    known = {f.name: f for f in fields(kind)}
    if unknown := sorted(raw.keys() - known.keys()):
        raise RulesError(f"{where} has the unknown key {unknown[0]!r}; use one of {', '.join(sorted(known))}")
    needed = [name for name, f in known.items() if f.default is MISSING]
    if missing := [name for name in needed if not raw.get(name)]:
        raise RulesError(f"{where} has no {missing[0]}; add it")
    if raw["reason"] not in REASONS:
        raise RulesError(f"{where} gives the unknown reason {raw['reason']!r}; add it to reasons.toml")
    if raw["strength"] not in get_args(Strength):
        raise RulesError(f"{where} has the strength {raw['strength']!r}; write drop, article, thread or hint")
    return kind(**{key: _value(key, value, where) for key, value in raw.items()})


def _value(key: str, value: Any, where: str) -> Any:
    if key == "then":
        try:
            return re.compile(value)
        except re.error as error:
            raise RulesError(f"{where} has a `then` that is no regular expression ({error}); mend it") from error
    return tuple(value) if isinstance(value, list) else value
