"""A folder as output: files of limited size and a card, whole or absent, that the datasets library reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cleaners.errors import OutputError, UsageError
from copydesk.cli.main import main
from pipelines.outputs.formats import RecordOutput, format_of
from pipelines.outputs.shards import FolderOutput, FolderPlan
from pipelines.outputs.tables import arrow_schema
from tests.offline.test_tables import full
from tests.review.made_records import a_record, saved

LINES = FolderPlan(format_of("a.jsonl"), ".jsonl", licence="cc-by-4.0", settings={"min_words": 50})


def lines_of(count: int, start: int = 0) -> bytes:
    sites = ("other.net", "example.org", "example.org")
    records = (
        full(a_record(n, sites[n % 3], published_day=f"2024-05-{n % 28 + 1:02}")) for n in range(start, start + count)
    )
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def written(folder: Path, plan: FolderPlan, portions: int = 1) -> Path:
    with FolderOutput(str(folder), plan) as output:
        for portion in range(portions):
            output.write(lines_of(1000, portion * 1000))
    return folder


def test_files_are_cut_at_the_size_and_named_with_their_number(tmp_path: Path) -> None:
    plan = FolderPlan(LINES.format, ".jsonl", size=1_000_000)
    folder = written(tmp_path / "news", plan, portions=3)
    names = [path.name for path in sorted((folder / "data").iterdir())]
    assert names == [f"train-{n:05}-of-{len(names):05}.jsonl" for n in range(len(names))]
    assert len(names) > 1
    ids = [json.loads(line)["id"] for name in names for line in (folder / "data" / name).read_text().splitlines()]
    assert ids == [f"{n:08x}" for n in range(3000)]


def test_the_card_says_what_the_folder_holds(tmp_path: Path) -> None:
    text = (written(tmp_path / "news", LINES) / "README.md").read_text("utf-8")
    for said in (
        'license: "cc-by-4.0"', '"1K<n<10K"', "1,000 records", "| other.net | 334 |", "| en | 1,000 |",
        '"min_words": 50', "- copydesk 0.", "published_day: date32[day]", "Published from 2024-05-01",
        "data/train-00000-of-00001.jsonl",
    ):  # fmt: skip
        assert said in text


def test_an_error_names_the_folder_and_not_the_hidden_one_where_it_is_made(tmp_path: Path) -> None:
    def no_room(name: str) -> RecordOutput:
        raise OutputError(f"{name}: cannot be written (No space left on device).")

    plan = FolderPlan(LINES.format._replace(open=no_room), ".jsonl")
    name = str(tmp_path / "news")
    with pytest.raises(OutputError) as raised, FolderOutput(name + "/", plan) as output:
        output.write(lines_of(1))
    assert str(raised.value) == f"{name}/data/train-00000.jsonl: cannot be written (No space left on device)."


def test_after_an_error_no_folder_is_left(tmp_path: Path) -> None:
    def broken() -> None:
        with FolderOutput(str(tmp_path / "news"), LINES) as output:
            output.write(lines_of(3))
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        broken()
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_output_is_replaced_and_nothing_else_is(tmp_path: Path) -> None:
    written(tmp_path / "news", LINES)
    written(tmp_path / "news", LINES)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["news"]
    assert sorted(path.name for path in (tmp_path / "news").iterdir()) == ["README.md", "data"]
    (tmp_path / "news" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="other files"):
        FolderOutput(str(tmp_path / "news"), LINES)


def test_folders_of_killed_runs_are_removed_and_those_of_a_running_one_stay(tmp_path: Path) -> None:
    (tmp_path / ".news.abc.part" / "data").mkdir(parents=True)
    (tmp_path / ".newspaper.abc.part").mkdir()
    with FolderOutput(str(tmp_path / "news"), LINES) as running:
        running.write(lines_of(1))
        written(tmp_path / "news", LINES)
        names = sorted(path.name for path in tmp_path.iterdir())
        assert (names[0][:6], names[1:]) == (".news.", [".newspaper.abc.part", "news"])
    assert sorted(path.name for path in tmp_path.iterdir()) == [".newspaper.abc.part", "news"]


def test_an_output_that_a_killed_run_had_put_aside_comes_back(tmp_path: Path) -> None:
    earlier = written(tmp_path / "news", LINES)
    aside = tmp_path / ".news.abc.part" / ".earlier"
    aside.parent.mkdir()
    earlier.rename(aside)
    with pytest.raises(ValueError, match="stop"), FolderOutput(str(tmp_path / "news"), LINES):
        raise ValueError("stop")
    assert [path.name for path in tmp_path.iterdir()] == ["news"]
    assert sorted(path.name for path in earlier.iterdir()) == ["README.md", "data"]


def test_an_output_that_a_killed_run_had_not_removed_does_not_stop_the_next_one(tmp_path: Path) -> None:
    folder = written(tmp_path / "news", LINES)
    (folder / ".earlier").mkdir()
    written(folder, LINES)
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "data"]


def test_datasets_loads_the_folder_with_its_types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    datasets: Any = pytest.importorskip("datasets", reason="datasets is not installed")
    source = saved(tmp_path / "records.jsonl", [full(a_record(n)) for n in range(30)])
    folder = tmp_path / "news"
    assert main(["select", source, "-o", f"{folder}/", "--min-words", "310", "--licence", "cc0-1.0", "--quiet"]) == 0
    found = datasets.load_dataset(str(folder), split="train", cache_dir=str(tmp_path / "cache"))
    assert len(found) == 20
    assert str(found.features["removed"]).count("count") == 1
    assert "min_words" in (folder / "README.md").read_text("utf-8")


@pytest.mark.parametrize("ending", [".jsonl.gz", ".parquet"])
def test_two_folders_have_the_same_types_even_if_values_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    datasets: Any = pytest.importorskip("datasets", reason="datasets is not installed")
    rich = a_record(1, published_day="2024-05-03", authors=["Ada Quill"], similarity=0.9, is_article=True)
    sets = []
    for name, record in {"poor": a_record(2), "rich": rich}.items():
        source, folder = saved(tmp_path / f"{name}.jsonl", [full(record)]), tmp_path / name
        assert main(["select", source, "-o", f"{folder}/", "--shard-format", ending, "--quiet"]) == 0
        sets.append(datasets.load_dataset(str(folder), split="train", cache_dir=str(tmp_path / "cache")))
    assert sets[0].features == sets[1].features == datasets.Features.from_arrow_schema(arrow_schema())
    both = datasets.concatenate_datasets(sets)
    assert (both["similarity"][:], [str(day) for day in both["published_day"]]) == ([None, 0.9], ["None", "2024-05-03"])


@pytest.mark.parametrize("option", [["--shard-size", "large"], ["--shard-format", "docx"]])
def test_a_folder_with_invalid_options_is_refused(tmp_path: Path, option: list[str]) -> None:
    source = saved(tmp_path / "records.jsonl", [a_record(1)])
    try:
        status = main(["select", source, "-o", f"{tmp_path / 'news'}/", *option])
    except SystemExit as leaving:
        status = int(str(leaving.code))
    assert status == 2
    assert not (tmp_path / "news").exists()
