"""Filters: each row leaves out what it says and nothing else, and what is left out is counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.selection.filters import FILTERS, Wanted, reason_against
from tests.review.made_records import a_record, saved
from tests.review.test_report import run

CASES: dict[str, tuple[Wanted, dict[str, Any], dict[str, Any]]] = {
    "no_article": (Wanted(articles=True), {"is_article": None}, {"is_article": True}),
    "kind": (Wanted(kinds=frozenset({"forum"})), {"page_kind": "article"}, {"page_kind": "forum"}),
    "language": (Wanted(languages=frozenset({"en"})), {"language": "de"}, {"language": "en"}),
    "site": (
        Wanted(sites=frozenset({"example.org"})),
        {"url": "https://notexample.org/"},
        {"url": "https://news.example.org/"},
    ),
    "site_left_out": (
        Wanted(not_sites=frozenset({"example.org"})),
        {"url": "https://www.example.org/a"},
        {"url": "https://a.net/"},
    ),
    "too_short": (Wanted(min_words=100), {"word_count": 99}, {"word_count": 100}),
    "too_long": (Wanted(max_words=100), {"word_count": 101}, {"word_count": 100}),
    "confidence": (Wanted(min_confidence=0.8), {"confidence": 0.79}, {"confidence": 0.8}),
    "no_day": (Wanted(since="2024-05-01"), {"published_day": None}, {"published_day": "2024-05-01"}),
    "too_early": (Wanted(since="2024-05-02"), {"published_day": "2024-05-01"}, {"published_day": "2024-05-02"}),
    "too_late": (Wanted(until="2024-05-02"), {"published_day": "2024-05-03"}, {"published_day": "2024-05-02"}),
    "day_of_a_change": (
        Wanted(publications=True),
        {"date_published_source": "modified"},
        {"date_published_source": "meta"},
    ),
}


def test_there_is_a_case_for_every_row() -> None:
    assert list(CASES) == [row.reason for row in FILTERS]


@pytest.mark.parametrize("reason", CASES)
def test_a_filter_leaves_out_its_case_and_lets_the_near_miss_through(reason: str) -> None:
    wanted, out, through = CASES[reason]
    assert reason_against(a_record(1) | out, wanted) == reason
    assert reason_against(a_record(1) | through, wanted) is None
    assert reason_against(a_record(1) | out, Wanted()) is None


def test_select_counts_what_it_leaves_out_and_keeps_it_on_demand(tmp_path: Path) -> None:
    records = [a_record(n, word_count=n * 100, language="de" if n == 3 else "en") for n in range(1, 6)]
    path = saved(tmp_path / "records.jsonl", records)
    out, rejected = tmp_path / "chosen.jsonl", tmp_path / "rejected.jsonl"
    done = run("select", path, "-o", str(out), "--min-words", "200", "--language", "en", "--rejected", str(rejected))
    assert (done.returncode, done.stderr) == (0, "3 records written, 2 left out (1 language, 1 too_short), 0 failed\n")
    assert [json.loads(line)["word_count"] for line in out.read_text("utf-8").splitlines()] == [200, 400, 500]
    reasons = [json.loads(line)["rejected"] for line in rejected.read_text("utf-8").splitlines()]
    assert reasons == ["too_short", "language"]


def test_clean_filters_with_the_same_options(tmp_path: Path) -> None:
    out, rejected = tmp_path / "out.jsonl", tmp_path / "rejected.jsonl"
    done = run("clean", "seeds/site", "-o", str(out), "--min-words", "80", "--rejected", str(rejected))
    assert done.returncode == 0
    kept = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    left = [json.loads(line) for line in rejected.read_text("utf-8").splitlines()]
    assert kept
    assert left
    assert min(record["word_count"] for record in kept) >= 80 > max(record["word_count"] for record in left)
    assert f"left out: {len(left)} too_short" in done.stderr


@pytest.mark.parametrize("arguments", [["--from-day", "May"], ["--min-words", "many"]])
def test_an_option_that_makes_no_sense_is_refused(arguments: list[str], tmp_path: Path) -> None:
    assert run("select", saved(tmp_path / "records.jsonl", [a_record(1)]), *arguments).returncode == 2


def test_the_records_are_never_overwritten(tmp_path: Path) -> None:
    path = saved(tmp_path / "records.jsonl", [a_record(1)])
    assert run("select", path, "-o", path).returncode == 2
    assert run("select", path, "-o", "-", "--rejected", path).returncode == 2
    assert Path(path).stat().st_size > 0
