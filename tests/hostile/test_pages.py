"""Hostile pages, HTML and text, of every kind of damage: each gives a record that fits the schema, in bounded time.

`make soak` runs 2,000 such cases, and larger ones.
"""

from __future__ import annotations

import pytest

from cleaners.options import CleanOptions
from cleaners.page import Page
from pipelines.record.article import Article
from pipelines.record.context import RecordInputs, Stage, StageResult
from tests.hostile.cases import Case, case_of, fault_of
from tests.hostile.corpus import seeds
from tests.hostile.mutators import MUTATORS

CASES = 300
ROOM = 700
"""Bytes that a mutator adds here; `python -m tests.hostile` adds up to 100,000, and starts from larger pages too."""
SMALL = tuple(seed for seed in seeds() if len(seed.content) < 600)


@pytest.mark.parametrize("kind", range(len(MUTATORS)), ids=[one.name.replace(" ", "-") for one in MUTATORS])
def test_a_damaged_page_keeps_every_promise(kind: int) -> None:
    numbers = range(kind, CASES, len(MUTATORS))
    assert [fault for number in numbers if (fault := fault_of(case_of(number, ROOM, SMALL)))] == []


def test_a_case_is_always_the_same() -> None:
    assert [case_of(number) for number in range(60)] == [case_of(number) for number in range(60)]
    assert len({case_of(number).page.content for number in range(60)}) > 55


def test_each_mutator_changes_its_pages() -> None:
    assert len(MUTATORS) >= 20
    assert {case_of(number).spoiled[0] for number in range(60)} == {one.name for one in MUTATORS}


def _raise(article: Article, inputs: RecordInputs) -> StageResult:
    raise KeyError("tide")


def test_a_stage_that_raises_is_found() -> None:
    case = Case(0, ("control",), Page(b"<p>The weir was mended."))
    assert fault_of(case) is None
    fault = fault_of(case, CleanOptions(stages=(Stage("broken", _raise),)))
    assert fault is not None
    assert fault.what.startswith("KeyError: 'tide' (")
    assert "test_pages.py" in fault.what


def test_a_page_that_takes_too_long_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.hostile.cases.SECONDS", 0.0)
    fault = fault_of(Case(0, ("control",), Page(b"<p>The weir was mended.")))
    assert fault is not None
    assert fault.what.endswith("s for 23 bytes")
