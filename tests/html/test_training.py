"""Users can train a model on their own pages, read its scores, and clean with it."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from cleaners.training.second_opinion import pages_worth_asking
from copydesk.cli.main import main
from tests.needed import need

need("lightgbm", "LightGBM is not installed: pip install copydesk[train]")

SENTENCES = [
    "The {0} in {1} was closed for the third day, and nobody on the square could say when it would open again.",
    "A {0} that had stood in {1} since the spring was moved to the yard behind the town hall on Wednesday morning.",
    "People in {1} have asked for a new {0} for years, but the council wants to see the figures of the summer first.",
]
THINGS = ("fountain", "bridge", "library", "ferry", "market", "bakery")
TOWNS = ("Westhaven", "Oldbury", "Lindau", "Norrby", "Castelo", "Marsk")


def written_set(folder: Path, pages: int) -> Path:
    """A set of made-up pages in two layouts, each on its own domain, with their bodies."""
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


def test_pages_without_bodies_widen_what_is_learned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = written_set(tmp_path / "mine", 36)
    others = written_set(tmp_path / "others", 12)
    rows = [json.loads(line) for line in (others / "truth.jsonl").read_text().splitlines()]
    known = [{"id": row["id"], "url": row["url"], "present": ["town hall"], "absent": ["All rights"]} for row in rows]
    (others / "truth.jsonl").write_text("".join(json.dumps(row) + "\n" for row in known))
    model = tmp_path / "mine.npz"
    assert main(["train", str(pages), "--unlabelled", str(others), "-o", str(model)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["pages"] == 36
    assert list(report["scores"]) == ["mine"]
    assert report["passages"] == 1.0
    with np.load(model) as archive:
        about = json.loads(archive["about"].tobytes())
    assert about["unlabelled"] == {"others": 12}


def test_known_passages_correct_a_label(tmp_path: Path) -> None:
    from cleaners.classifier.model import packaged
    from cleaners.training.self_labelled import read_unlabelled_pages, taught_pages

    site = written_set(tmp_path / "site", 1)
    entry, footer = "The fountain in Westhaven", "All rights 0"

    def shares(**known: list[str]) -> dict[str, float]:
        (site / "truth.jsonl").write_text(json.dumps({"id": "0", "url": "https://site.example/0", **known}))
        (page,) = taught_pages(list(read_unlabelled_pages(site, 4)), Path(packaged("html.npz")))
        labelled = zip(page.document.blocks, page.shares, strict=True)
        return {block.text[:25]: share for block, share in reversed(list(labelled))}  # the first of several counts

    assert (shares()[entry], shares()[footer]) == (1.0, 0.0)
    assert shares(present=["All RIGHTS"])[footer] == 1.0
    assert shares(absent=["fountain in Westhaven was closed for the third day and nobody on the square"])[entry] == 0.0
    assert shares(absent=["fountain"])[entry] == 1.0


def test_too_few_pages_are_an_error_that_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = written_set(tmp_path / "few", 3)
    assert main(["train", str(pages), "-o", str(tmp_path / "x.npz")]) == 2
    assert "at least 20" in capsys.readouterr().err


def test_a_bad_row_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = written_set(tmp_path / "bad", 2)
    (pages / "truth.jsonl").write_text("{not json}\n")
    assert main(["train", str(pages), "-o", str(tmp_path / "x.npz")]) == 2
    assert "truth.jsonl:1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"id": "0", "body": ["text"]}', "truth.jsonl:1: body is list, not a text"),
        (b'{"id": 7, "body": "text"}', "pages/7.html: no such page"),
        (b'{"id": "0", "body": "text", "url": {}, "kind": 5}', "truth.jsonl:1: kind is int, not a text"),
        (b'{"id": "0", "body": "text", "absent": "text"}', "truth.jsonl:1: absent is no list of texts"),
        (b'{"id": "0", "body": "\xff"}', "truth.jsonl: cannot be read"),
    ],
)
def test_a_row_of_another_program_is_named_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: bytes, said: str
) -> None:
    pages = written_set(tmp_path / "bad", 2)
    (pages / "truth.jsonl").write_bytes(line + b"\n")
    assert main(["train", str(pages), "-o", str(tmp_path / "x.npz")]) == 2
    found = capsys.readouterr().err
    assert said in found
    assert found.count("\n") == 1


def test_a_page_cut_short_is_named_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = written_set(tmp_path / "bad", 2)
    page = pages / "pages" / "0.html.gz"
    page.write_bytes(page.read_bytes()[:40])
    assert main(["train", str(pages), "-o", str(tmp_path / "x.npz")]) == 2
    found = capsys.readouterr().err
    assert "0.html.gz: cannot be unpacked" in found
    assert found.count("\n") == 1


def test_the_exported_forest_predicts_what_lightgbm_does() -> None:
    import lightgbm as lgb

    from cleaners.classifier.forest import Forest
    from cleaners.training.export import forest_bytes

    rows = np.random.default_rng(1).normal(size=(2000, 6)).astype(np.float32).round(2)
    target = (rows[:, 0] * rows[:, 1] > 0).astype(float)
    booster = lgb.train({"objective": "cross_entropy", "verbose": -1}, lgb.Dataset(rows, label=target), 20)
    assert np.allclose(Forest(forest_bytes(booster), "x").predict(rows), booster.predict(rows), atol=1e-5)


def test_the_exported_kinds_add_up_to_one() -> None:
    import lightgbm as lgb

    from cleaners.classifier.forest import Forest
    from cleaners.training.export import forest_bytes

    rows = np.random.default_rng(1).normal(size=(500, 4)).astype(np.float32)
    parameters = {"objective": "multiclass", "num_class": 3, "verbose": -1}
    booster = lgb.train(parameters, lgb.Dataset(rows, label=(rows[:, 0] * 1.5).round().clip(-1, 1) + 1), 10)
    found = Forest(forest_bytes(booster), "x").predict_classes(rows)
    assert np.allclose(found.sum(axis=1), 1)
    assert np.allclose(found, booster.predict(rows), atol=1e-5)


@pytest.mark.parametrize(
    ("gains", "pages"),
    [
        ([0.05, 0.03] * 20 + [0.0] * 60, 100),
        ([0.05, 0.03] * 20 + [0.0] * 200, 160),
        ([0.05, 0.03] * 10, 0),
        ([0.005, 0.006] * 50, 0),
        ([0.6, -0.55] * 40, 0),
    ],
    ids=["all pay", "only the first pay", "too few pages", "too small a gain", "a gain by chance"],
)
def test_a_second_opinion_is_asked_where_its_gain_is_worth_it_and_sure(gains: list[float], pages: int) -> None:
    assert pages_worth_asking(gains) == pages
