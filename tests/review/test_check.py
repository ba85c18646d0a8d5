"""`copydesk check` reports a changed layout, but not chance or other content."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipelines.review.changes import changes, profiles_of
from tests.review.made_records import a_record, saved
from tests.review.test_report import run

BEFORE = [a_record(n) for n in range(100)]


def found(now: list[dict[str, Any]], before: list[dict[str, Any]] = BEFORE) -> list[str]:
    return [str(change) for change in changes(profiles_of(before), profiles_of(now))]


def test_the_same_run_in_another_order_has_no_changes() -> None:
    assert found(BEFORE[::-1]) == []


def test_chance_is_not_a_change() -> None:
    chance = random.Random(5)
    runs = [
        [
            a_record(n, word_count=chance.randint(50, 900), authors=["A"] if chance.random() < 0.5 else [])
            for n in range(60)
        ]
        for _ in range(20)
    ]
    assert [found(one, other) for one, other in pairwise(runs)] == [[]] * 19


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"authors": []}, "example.org: records with authors: 100% before, 0% now"),
        ({"word_count": 40}, "example.org: median words: 324 before, 40 now"),
        ({"confidence": 0.5}, "example.org: median confidence: 0.90 before, 0.50 now"),
        ({"removed": []}, "example.org: records with blocks removed as share_bar: 100% before, 0% now"),
    ],
)
def test_a_changed_layout_is_one_readable_line(fields: dict[str, Any], line: str) -> None:
    assert found([a_record(n, **fields) for n in range(100, 160)]) == [line]


def test_a_site_without_any_more_records_is_reported() -> None:
    assert found([a_record(n, "other.net") for n in range(50)]) == ["example.org: records: 100 before, none now"]


def test_few_records_are_not_compared() -> None:
    assert found([a_record(n, authors=[]) for n in range(9)]) == []


def test_the_exit_status_says_whether_something_changed(tmp_path: Path) -> None:
    old = saved(tmp_path / "old.jsonl", BEFORE)
    new = saved(tmp_path / "new.jsonl", [a_record(n, authors=[]) for n in range(50)])
    same, changed = run("check", old, "--against", old), run("check", new, "--against", old)
    assert (same.returncode, same.stdout) == (0, "")
    assert (changed.returncode, changed.stdout) == (4, "example.org: records with authors: 100% before, 0% now\n")


def test_a_missing_file_gives_one_line_and_status_1(tmp_path: Path) -> None:
    done = run("check", str(tmp_path / "none.jsonl"), "--against", saved(tmp_path / "old.jsonl", BEFORE))
    assert done.returncode == 1
    assert "none.jsonl" in done.stderr
