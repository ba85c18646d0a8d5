from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from copydesk.cli.commands import COMMANDS
from copydesk.cli.main import main, parser
from pipelines.review.summary import reasons_of
from tests.offline import samples
from tests.offline.conftest import Run

DOCS = Path(__file__).parents[2] / "docs" / "guide" / "command-line.md"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_and_option_is_documented(command: object) -> None:
    text = DOCS.read_text("utf-8")
    name = command.name  # type: ignore[attr-defined]
    assert f"## copydesk {name}" in text
    section = text.split(f"## copydesk {name}")[1].split("\n## ")[0]
    subparsers = next(action for action in parser(name)._actions if action.choices and name in action.choices)
    options = subparsers.choices[name]._option_string_actions  # type: ignore[index]
    assert [option for option in options if f"`{option}" not in section and option not in ("-h", "--help")] == []


def test_a_site_teaches_what_it_repeats(tmp_path: Path, clean: Callable[..., Run]) -> None:
    rows = tmp_path / "rows.jsonl"
    slogan = "The river keeps its own accounts.\nAsk at the counter.\nOpen every day but one.\nMind the step."
    texts = [f"{samples.text(n, 8)}\n{slogan}" for n in range(8)]
    rows.write_text(
        "".join(json.dumps({"text": text, "url": f"http://a.test/{n}"}) + "\n" for n, text in enumerate(texts))
    )
    first = clean(rows, "--learn-site", "--site-memory", tmp_path / "memory.npz")
    assert first.status == 0
    assert not any("Ask at the counter" in str(record["body"]) for record in first.records)
    assert all("repeated_on_site" in reasons_of(record) for record in first.records)
    assert clean(rows, "--site-memory", tmp_path / "memory.npz").records == first.records
    lone = tmp_path / "lone.jsonl"
    lone.write_text(rows.read_text().splitlines()[0] + "\n")
    assert "repeated_on_site" not in reasons_of(clean(lone).records[0])


def test_a_damaged_site_memory_gives_status_2(tmp_path: Path, clean: Callable[..., Run]) -> None:
    (tmp_path / "memory.npz").write_bytes(b"nothing of the kind")
    run = clean(samples.SEEDS / "dump.txt", "--site-memory", tmp_path / "memory.npz")
    assert run.status == 2
    assert "memory.npz" in run.messages


def test_records_are_exported_one_for_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records, out = tmp_path / "records.jsonl", tmp_path / "exported.jsonl"
    assert main(["clean", str(samples.SEEDS / "dump.txt"), "-o", str(records), "--workers", "1"]) == 0
    from pipelines.outputs.exports import SHAPES

    for shape in SHAPES:
        assert main(["export", shape, str(records), "-o", str(out)]) == 0
        assert len(samples.records(out)) == 1
    records.write_text("no record\n")
    assert main(["export", shape, str(records), "-o", str(tmp_path / "none.jsonl")]) == 1
    assert (tmp_path / "none.jsonl").read_bytes() == b""


def test_only_some_fields_are_filled(tmp_path: Path, clean: Callable[..., Run]) -> None:
    samples.folder(tmp_path / "pages", 2)
    whole = clean(tmp_path / "pages").records
    some = clean(tmp_path / "pages", "--fields", "headline, body", "--fields", "language", "--min-words", "5").records
    assert [[record[key] for key in ("id", "headline", "body", "language", "word_count")] for record in some] == [
        [record[key] for key in ("id", "headline", "body", "language", "word_count")] for record in whole
    ]
    assert [record["date_published"] for record in some] == [None, None]
    assert [record["confidence"] for record in some] == [0, 0]


def test_removals_are_explained_even_if_only_the_headline_is_wanted(tmp_path: Path, clean: Callable[..., Run]) -> None:
    samples.folder(tmp_path / "pages", 1)
    clean(tmp_path / "pages", "--fields", "headline", "--explain", tmp_path / "why.jsonl")
    assert "All rights reserved" in (tmp_path / "why.jsonl").read_text("utf-8")


def test_an_unknown_field_gives_status_2(clean: Callable[..., Run]) -> None:
    run = clean(samples.SEEDS / "dump.txt", "--fields", "headlin")
    assert run.status == 2
    assert "did you mean 'headline'" in run.messages
