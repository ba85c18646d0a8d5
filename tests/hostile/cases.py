"""A case: a page made from a number, its record, and whether the record keeps our promises."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from random import Random
from typing import Final, NamedTuple

from cleaners.options import DEFAULT, CleanOptions
from cleaners.page import Page
from pipelines.record.build import Extraction, record_of
from tests.hostile.corpus import Seed, seeds
from tests.hostile.mutators import MUTATORS
from tests.hostile.pieces import ADDRESSES, CHARSETS, DATES

SECONDS: Final = 2.0
"""CPU seconds that 100 KB of a page may take; smaller pages have as much."""
UNIT: Final = 100_000
ROOM: Final = 100_000
"""Bytes that a mutator may add."""


class Case(NamedTuple):
    """A hostile page, and the names of the mutators that made it."""

    number: int
    spoiled: tuple[str, ...]
    page: Page


class Fault(NamedTuple):
    """A promise that a case broke."""

    number: int
    spoiled: tuple[str, ...]
    what: str


def case_of(number: int, room: int = ROOM, pages: Sequence[Seed] | None = None) -> Case:
    """The case of this number, always the same. The number decides its first mutator; one or two others may follow."""
    chance = Random(number)
    seed = chance.choice(pages or seeds())
    first = MUTATORS[number % len(MUTATORS)]
    chosen = [first, *chance.sample(MUTATORS, chance.choice((0, 0, 1, 2)))]
    content = seed.content
    for mutator in chosen:
        content = mutator.spoil(content, chance, room)
    markup = seed.markup if chance.random() < 0.9 else "text"
    return Case(number, tuple(one.name for one in chosen), _page(content, markup == "text", chance))


def _page(content: bytes, is_text: bool, chance: Random) -> Page:
    """The page with an address, headers and a time that are sometimes hostile too."""
    url: str | None = "https://example.org/news/2024/05/a-weir-is-mended"
    if chance.random() < 0.2:
        url = chance.choice([None, *(address.decode("utf-8", "replace") for address in ADDRESSES)])
    charset = chance.choice(CHARSETS).decode("utf-8", "replace")
    return Page(
        content if chance.random() < 0.9 else content.decode("utf-8", "surrogateescape"),
        "text" if is_text else "html",
        url=url,
        fetched_at=chance.choice([None, "2026-01-01T00:00:00Z", chance.choice(DATES).decode("utf-8", "replace")]),
        content_type=f"text/html; charset={charset}" if chance.random() < 0.1 else None,
        stated=(("date", chance.choice(DATES).decode("utf-8", "replace")),) if chance.random() < 0.1 else (),
    )


def fault_of(case: Case, options: CleanOptions = DEFAULT) -> Fault | None:
    """The promise that Copydesk breaks on the case; None if it keeps all."""
    started = time.process_time()
    try:
        made = record_of(case.page, options)
        what = _broken(made)
    except Exception as error:  # whatever is raised is a fault
        place = error.__traceback__
        while place and place.tb_next:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else ""
        what = f"{type(error).__name__}: {str(error)[:200]} ({where})"
    seconds = time.process_time() - started
    if what is None and seconds > SECONDS * max(1.0, len(case.page.content) / UNIT):
        what = f"{seconds:.1f} s for {len(case.page.content):,} bytes"
    return Fault(case.number, case.spoiled, what) if what else None


def _broken(made: Extraction) -> str | None:
    """The promise that a record breaks. The schema was checked when the record was made."""
    line = made.json_line()
    if json.loads(line.encode("utf-8")) != made.article.as_dict() or line.count("\n") != 1:
        return "the line is not the record"
    for row in made.explanation(with_kept=True):
        json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace")
    texts = [block.text for block in made.cleaned.document.blocks]
    if any(not 0 <= mark.block < len(texts) for mark in made.cleaned.marks):
        return "a mark on a block that is not there"
    return None
