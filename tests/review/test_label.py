"""A person corrects a page, and a model learns from the correction."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from cleaners.options import CleanOptions
from cleaners.plan import clean
from copydesk.cli.main import main
from pipelines.review.draft import FIRST_LINE, read_correction

PAGE = """<!doctype html><title>The ferry</title><body><nav><a href=/>Home</a> <a href=/news>News</a></nav>
<h1>The ferry is late</h1><div class=qx-lead><p>The ferry from the old quay left an hour late on Monday, because the
captain had read the table of last winter. Nobody was told.</p><p>{0} passengers waited in the rain for it to
come.</p></div>
<div class=qx-tail><p>The writer of these lines keeps bees and has lived on the island for {0} years with
them.</p></div>
<p>Share this</p></body>"""
WRONG = "The writer of these lines"


def written_page(folder: Path, number: int) -> Path:
    page = folder / f"ferry-{number}.html"
    page.write_text(PAGE.format(number), encoding="utf-8")
    return page


def corrected_draft(page: Path) -> Path:
    """The draft of a page, from which a person has removed one line of the body."""
    draft = page.with_suffix(".txt")
    assert main(["label", str(page), "-o", str(draft), "--url", "https://island.example/ferry"]) == 0
    lines = draft.read_text(encoding="utf-8").splitlines()
    right = [f"- {line[2:]}" if WRONG in line else line for line in lines]
    draft.write_text("\n".join(right), encoding="utf-8")
    return draft


def test_a_draft_has_a_sign_before_each_block(tmp_path: Path) -> None:
    text = corrected_draft(written_page(tmp_path, 40)).read_text(encoding="utf-8")
    assert text.startswith(FIRST_LINE)
    assert "\nheadline: The ferry is late\n" in text
    assert "\n+ 40 passengers waited in the rain for it to come.\n" in text
    assert "\n- Share this" in text


def test_a_corrected_page_joins_the_set_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = written_page(tmp_path, 40)
    draft, folder = corrected_draft(page), tmp_path / "labels"
    for _ in range(2):
        assert main(["label", str(page), "--corrected", str(draft), "-o", str(folder)]) == 0
    (row,) = [json.loads(line) for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    assert row["url"] == "https://island.example/ferry"
    assert row["headline"] == "The ferry is late"
    assert row["authors"] == []
    assert "Nobody was told." in row["body"]
    assert WRONG not in row["body"]
    assert gzip.decompress((folder / "pages" / f"{row['id']}.html.gz").read_bytes()) == page.read_bytes()
    assert row["id"] in capsys.readouterr().out


def test_a_body_as_plain_text_is_a_correction_too() -> None:
    correction = read_correction("First paragraph.\n\n- an item of a list\n")
    assert correction.body == "First paragraph.\n\n- an item of a list"
    assert correction.headline is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{FIRST_LINE}\nheadlin: A\n+ B", "line 2"),
        (f"{FIRST_LINE}\n- all gone", "no body"),
        ("A recipe for soup with leeks, potatoes, cream and a little salt.", "of this page"),
    ],
)
def test_an_impossible_correction_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text(text, encoding="utf-8")
    call = ["label", str(written_page(tmp_path, 1)), "--corrected", str(draft), "-o", str(tmp_path / "labels")]
    assert main(call) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "labels").exists()


def test_the_draft_of_a_page_never_replaces_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = written_page(tmp_path, 1)
    assert main(["label", str(page), "-o", str(page)]) == 2
    assert page.read_text(encoding="utf-8") == PAGE.format(1)
    assert str(page) in capsys.readouterr().err


def test_corrected_pages_improve_other_pages_of_the_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, model = tmp_path / "labels", tmp_path / "mine.npz"
    for number in range(5):
        page = written_page(tmp_path, number)
        assert main(["label", str(page), "--corrected", str(corrected_draft(page)), "-o", str(folder)]) == 0
    capsys.readouterr()
    assert main(["train", "--from", str(folder), "-o", str(model)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["pages"] == 5
    assert report["f1_before"] < report["f1_after"] == 1.0
    cleaned = clean(PAGE.format(77), url="https://island.example/late", options=CleanOptions(model=str(model)))
    assert "77 passengers" in cleaned.text
    assert [mark.reason for block, mark in cleaned.dropped if WRONG in block.text] == ["site_layout"]
    elsewhere = clean(PAGE.format(77), url="https://other.example/late", options=CleanOptions(model=str(model)))
    assert elsewhere == clean(PAGE.format(77), url="https://other.example/late")


def test_sets_and_corrections_are_not_mixed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", str(tmp_path), "--from", str(tmp_path), "-o", str(tmp_path / "m.npz")]) == 2
    assert "--from" in capsys.readouterr().err
