"""Filters: each row leaves out what it states and nothing else, and omitted records are counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.selection.filters import FILTERS, Wanted, reason_against
from tests.offline.test_tables import full
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


@pytest.mark.parametrize(
    "arguments",
    [
        ["--from-day", "May"],
        ["--min-words", "many"],
        ["--min-confidence", "2"],
        ["--language", "en-US"],
        ["--site", "https://"],
        ["--min-words", "400", "--max-words", "200"],
        ["--from-day", "2024-05-20", "--to-day", "2024-05-10"],
    ],
)
def test_a_senseless_option_is_refused(arguments: list[str], tmp_path: Path) -> None:
    assert run("select", saved(tmp_path / "records.jsonl", [a_record(1)]), *arguments).returncode == 2


def test_a_record_with_a_misspelt_key_has_all_keys_when_it_is_read(tmp_path: Path) -> None:
    record = full(a_record(1))
    record["heading"] = record.pop("headline")
    done = run("select", saved(tmp_path / "records.jsonl", [record]), "-o", str(tmp_path / "out.jsonl"))
    assert done.returncode == 0
    assert json.loads((tmp_path / "out.jsonl").read_text("utf-8"))["headline"] is None


def test_a_site_may_be_given_as_an_address(tmp_path: Path) -> None:
    path = saved(tmp_path / "records.jsonl", [a_record(1, "a.net"), a_record(2, "example.org")])
    done = run("select", path, "-o", str(tmp_path / "out.jsonl"), "--site", "https://www.Example.org/news/")
    assert done.stderr == "1 record written, 1 left out (1 site), 0 failed\n"


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a word for a number": ({"word_count": "many"}, "word_count holds str where integer is wanted"),
    "a number for 128 bits": ({"word_count": 2**100}, "word_count holds float where integer is wanted"),
    "a number for 64 bits and no sign": ({"word_count": 2**63}, "word_count holds a number of more than 64 bits"),
    "a number as long as a book": ({"confidence": 10**400}, "confidence holds a number of more than 64 bits"),
    "a number for 64 bits in a list": (
        {"removed": [{"reason": "menu", "count": 2**64 - 1}]},
        "count of an item of removed holds a number of more than 64 bits",
    ),
    "nothing for a body": ({"body": None}, "body holds nothing where text is wanted"),
    "a number for a day": ({"published_day": 20240503}, "published_day holds int where day is wanted"),
    "a text for a list": ({"authors": "Ada"}, "authors holds str where list is wanted"),
    "a number in a list": ({"tags": ["sea", 7]}, "an item of tags holds int where text is wanted"),
    "a table for a list": ({"extra": {"a": "1"}}, "extra holds dict where list is wanted"),
    "a list of pairs": ({"removed": [["menu", 1]]}, "an item of removed holds list where table is wanted"),
    "a count as text": ({"removed": [{"reason": "menu", "count": "1"}]}, "count of an item of removed holds str where"),
    "a link without an address": (
        {"blocks": [{"kind": "code", "level": 0, "text": "x", "links": [{"text": "x"}]}]},
        "url of an item of links holds nothing where text is wanted",
    ),
}


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet", "sqlite", "duckdb"])
def test_what_only_python_writes_into_json_does_not_end_a_run(tmp_path: Path, ending: str) -> None:
    if ending in ("parquet", "duckdb"):
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
        pytest.importorskip("duckdb", reason="duckdb is not installed")
    odd: list[dict[str, Any]] = [
        {"body": "half a pair: \ud83d"},
        {"similarity": float("nan")},
        {"confidence": float("inf")},
    ]
    path = tmp_path / "records.jsonl"
    path.write_text("".join(json.dumps(full(a_record(n)) | values) + "\n" for n, values in enumerate(odd)))
    done = run("select", str(path), "-o", str(tmp_path / f"out.{ending}"))
    assert done.stderr.splitlines() == [
        f"copydesk: {path}, line 3: confidence holds nothing where number is wanted. The other lines are read.",
        "2 records written, 0 left out, 1 failed",
    ]
    if ending == "jsonl":
        first, second = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
        assert (first["body"], second["similarity"]) == ("half a pair: \ufffd", None)


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet", "sqlite", "duckdb"])
def test_records_of_mixed_types_are_named_and_the_others_are_written(tmp_path: Path, ending: str) -> None:
    if ending in ("parquet", "duckdb"):
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
        pytest.importorskip("duckdb", reason="duckdb is not installed")
    wrong = [full(a_record(n)) | values for n, (values, _) in enumerate(WRONG.values())]
    path = saved(tmp_path / "records.jsonl", [full(a_record(97)), *wrong, {"text": "no record"}, full(a_record(98))])
    done = run("select", path, "-o", str(tmp_path / f"out.{ending}"))
    assert done.returncode == 1
    said = [why for _, why in WRONG.values()] + ["no record: it has no schema_version"]
    lines = done.stderr.splitlines()
    assert [f"line {place}: {why}" in line for (place, why), line in zip(enumerate(said, 2), lines, strict=False)] == [
        True
    ] * len(said)
    assert lines[-1] == f"2 records written, 0 left out, {len(said)} failed"


@pytest.mark.parametrize(
    ("ending", "what"), [("csv", "records as CSV"), ("sqlite", "a database"), ("duckdb", "binary data")]
)
def test_an_output_that_is_not_read_again_is_refused_with_one_line(tmp_path: Path, ending: str, what: str) -> None:
    pytest.importorskip("duckdb", reason="duckdb is not installed")
    path, out = saved(tmp_path / "records.jsonl", [full(a_record(n)) for n in range(5)]), tmp_path / f"out.{ending}"
    assert run("select", path, "-o", str(out)).returncode == 0
    done = run("select", str(out), path, "-o", str(tmp_path / "again.jsonl"))
    assert done.stderr.splitlines() == [
        f"copydesk: {out}: {what}"
        + (", which has no types and no lists" if ending == "csv" else "")
        + ". Records are read from JSON Lines and Parquet.",
        "5 records written, 0 left out, 1 failed",
    ]


@pytest.mark.parametrize("command", [["select", "-o"], ["export", "datatrove", "-o"], ["merge", "-o"]])
def test_a_folder_that_was_written_is_read_again(tmp_path: Path, command: list[str]) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    path = saved(tmp_path / "records.jsonl", [full(a_record(n)) for n in range(5)])
    assert run("select", path, "-o", f"{tmp_path}/news/", "--quiet").returncode == 0
    done = run(*command, str(tmp_path / "out.jsonl"), f"{tmp_path}/news")
    assert done.returncode == 0
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == 5


@pytest.mark.parametrize("command", [["select"], ["export", "atom"], ["merge"]])
def test_a_folder_without_records_is_reported(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "page.html").write_text("<p>A page is no record.")
    done = run(*command, str(tmp_path), "-o", str(tmp_path / "out.jsonl"))
    assert done.returncode == 1
    assert "no file of records (.jsonl, .ndjson, .parquet) in this folder" in done.stderr


def test_the_records_are_never_overwritten(tmp_path: Path) -> None:
    path = saved(tmp_path / "records.jsonl", [a_record(1)])
    assert run("select", path, "-o", path).returncode == 2
    assert run("select", path, "-o", "-", "--rejected", path).returncode == 2
    assert Path(path).stat().st_size > 0
