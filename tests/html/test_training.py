"""Anyone can train a model on pages of their own, read its scores, and clean with it."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from pipelines.cli import main

pytest.importorskip("lightgbm")

SENTENCES = [
    "The {0} in {1} was closed for the third day, and nobody on the square could say when it would open again.",
    "A {0} that had stood in {1} since the spring was moved to the yard behind the town hall on Wednesday morning.",
    "People in {1} have asked for a new {0} for years, but the council wants to see the figures of the summer first.",
]
THINGS = ("fountain", "bridge", "library", "ferry", "market", "bakery")
TOWNS = ("Westhaven", "Oldbury", "Lindau", "Norrby", "Castelo", "Marsk")


def written_set(folder: Path, pages: int) -> Path:
    """A set of made-up pages in two layouts, each on a domain of its own, with their bodies."""
    (folder / "pages").mkdir(parents=True)
    rows = []
    for number in range(pages):
        thing, town = THINGS[number % 6], TOWNS[number // 6 % 6]
        body = [sentence.format(thing, town) for sentence in SENTENCES * 3]
        kind = "article" if number % 2 else "listing"
        tag = "p" if kind == "article" else "li"
        menu = "".join(f"<li><a href=/{name}>{name}</a></li>" for name in TOWNS)
        held = "".join(f"<{tag}>{text}</{tag}>" for text in body)
        markup = f"<ul class=menu>{menu}</ul><div class=entry>{held}</div><div class=footer>All rights {number}</div>"
        (folder / "pages" / f"{number}.html.gz").write_bytes(gzip.compress(markup.encode()))
        url = f"https://site{number}.example/{number}"
        rows.append({"id": str(number), "url": url, "kind": kind, "body": "\n".join(body)})
    (folder / "truth.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_a_model_is_trained_scored_and_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = written_set(tmp_path / "mine", 36)
    model = tmp_path / "mine.npz"
    assert main(["train", str(pages), "-o", str(model)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["pages"] == 36
    assert report["scores"]["mine"]["f1"] > 0.9
    out = tmp_path / "out.jsonl"
    page = str(pages / "pages" / "7.html.gz")
    assert main(["clean", page, "-o", str(out), "--model", str(model), "--workers", "1", "--quiet"]) == 0
    assert "closed for the third day" in json.loads(out.read_text())["body"]


def test_too_few_pages_are_an_error_that_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = written_set(tmp_path / "few", 3)
    assert main(["train", str(pages), "-o", str(tmp_path / "x.npz")]) == 2
    assert "at least 20" in capsys.readouterr().err


def test_a_bad_row_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = written_set(tmp_path / "bad", 2)
    (pages / "truth.jsonl").write_text("{not json}\n")
    assert main(["train", str(pages), "-o", str(tmp_path / "x.npz")]) == 2
    assert "truth.jsonl:1" in capsys.readouterr().err


def test_the_exported_forest_predicts_what_lightgbm_does() -> None:
    import lightgbm as lgb

    from cleaners.forest import Forest
    from cleaners.training.export import forest_bytes

    rows = np.random.default_rng(1).normal(size=(2000, 6)).astype(np.float32).round(2)
    target = (rows[:, 0] * rows[:, 1] > 0).astype(float)
    booster = lgb.train({"objective": "cross_entropy", "verbose": -1}, lgb.Dataset(rows, label=target), 20)
    assert np.allclose(Forest(forest_bytes(booster), "x").predict(rows), booster.predict(rows), atol=1e-5)


def test_the_exported_kinds_add_up_to_one() -> None:
    import lightgbm as lgb

    from cleaners.forest import Forest
    from cleaners.training.export import forest_bytes

    rows = np.random.default_rng(1).normal(size=(500, 4)).astype(np.float32)
    parameters = {"objective": "multiclass", "num_class": 3, "verbose": -1}
    booster = lgb.train(parameters, lgb.Dataset(rows, label=(rows[:, 0] * 1.5).round().clip(-1, 1) + 1), 10)
    found = Forest(forest_bytes(booster), "x").predict_classes(rows)
    assert np.allclose(found.sum(axis=1), 1)
    assert np.allclose(found, booster.predict(rows), atol=1e-5)
