"""Leaving out whole sets shows how good a model is on kinds of pages that it has never seen."""

import gzip
import json
from pathlib import Path

import pytest

from tests.needed import need

need("lightgbm", "LightGBM is not installed: pip install copydesk[train]")

SENTENCE = "The {0} in the harbour was closed for the third day, and nobody could say when it would open again."


def written_set(folder: Path, tag: str, things: list[str]) -> Path:
    """Made-up pages, each on its own domain, whose paragraphs are in this tag."""
    (folder / "pages").mkdir(parents=True)
    rows = []
    for number, thing in enumerate(things * 6):
        body = [SENTENCE.format(thing)] * (3 + number % 4)
        menu = "".join(f"<li><a href=/{name}>{name}</a></li>" for name in things)
        held = "".join(f"<{tag}>{text}</{tag}>" for text in body)
        markup = f"<ul class=menu>{menu}</ul><div class=entry>{held}</div><div class=footer>All rights {number}</div>"
        (folder / "pages" / f"{number}.html.gz").write_bytes(gzip.compress(markup.encode()))
        url = f"https://{folder.name}{number}.example/"
        rows.append({"id": str(number), "url": url, "kind": "article", "body": "\n".join(body)})
    (folder / "truth.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_each_set_is_scored_by_a_model_of_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks import left_out
    from cleaners.training import html as training

    monkeypatch.setattr(training, "ROUNDS", 20)
    monkeypatch.setitem(training.PARAMETERS, "min_data_in_leaf", 5)
    old = written_set(tmp_path / "old", "p", ["ferry", "bridge", "lamp", "tide"])
    new = written_set(tmp_path / "new", "div", ["market", "bakery", "mill", "quay"])
    assert left_out.main([str(old), str(new)]) == 0
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in capsys.readouterr().out.splitlines()[2:]]
    assert [(row[0], row[1]) for row in rows] == [("old", "24"), ("new", "24")]
    assert all(float(row[4]) > 0.9 for row in rows)
    assert all(row[5].endswith("(24)") and row[6] == "–" for row in rows)


def test_no_page_of_a_domain_in_the_set_is_learned_from(tmp_path: Path) -> None:
    from benchmarks import left_out
    from cleaners.training.html import read_pages

    old = written_set(tmp_path / "old", "p", ["ferry", "bridge", "lamp", "tide"])
    rows = [json.loads(line) for line in (old / "truth.jsonl").read_text().splitlines()]
    twin = written_set(tmp_path / "twin", "p", ["ferry", "bridge", "lamp", "tide"])
    (twin / "truth.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    pages, others = read_pages([old, twin], [], lambda line: None)
    seen: list[int] = []

    def learn(labelled: list[object], threads: int) -> None:
        seen.append(len(labelled))
        raise StopIteration

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(left_out, "learn", learn)
        with pytest.raises(StopIteration):
            left_out.left_out("twin", pages, others, 1)
    assert seen == [0]
