"""Cases in portions, for worker processes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.hostile.cases import Fault, case_of, fault_of
from tests.hostile.corpus import Seed, pages_below, seeds

PORTION = 50
"""Cases that a worker takes at once."""


class Portion(NamedTuple):
    """Cases for one worker: the first number, how many, the bytes that mutators may add, and a folder of pages."""

    first: int
    cases: int
    room: int
    pages: str | None


def run_portion(portion: Portion) -> list[Fault]:
    """Run a portion of cases in a worker."""
    pages = pages_of(portion.pages)
    cases = (case_of(number, portion.room, pages) for number in range(portion.first, portion.first + portion.cases))
    return [fault for case in cases if (fault := fault_of(case))]


@cache
def pages_of(folder: str | None) -> tuple[Seed, ...]:
    """The pages of a folder, read once in each worker; without one, the repository's."""
    return pages_below(Path(folder)) if folder else seeds()
