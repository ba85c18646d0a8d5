"""Training reads labelled pages, reports scores by flattener, and writes a model that cleans dumps."""

import dataclasses
import gzip
import json
from pathlib import Path

import pytest

from cleaners import CleanOptions, clean
from cleaners.errors import InputError
from cleaners.features.text_tables import LEARNED
from tests.needed import need

need("lightgbm", "LightGBM is not installed: pip install copydesk[train]")
need("resiliparse", "resiliparse is not installed: pip install copydesk[train]")

THINGS = ("ferry", "lamp", "tide", "rope", "gull", "buoy", "pier", "sail")


def page(number: int) -> tuple[str, str]:
    thing = THINGS[number % len(THINGS)]
    body = [
        f"The {thing} of the old harbour, number {number}, was moved on Monday, the office said, and few minded.",
        f"It had stood there since the winter in which the {thing} was first seen, and will be back before the spring.",
    ]
    menu = "".join(f"<li>{label}</li>" for label in ("Home", "News", "Share this", f"Page {number}"))
    paragraphs = "".join(f"<p>{text}</p>" for text in body)
    return f"<html><body><ul>{menu}</ul>{paragraphs}<div>All rights reserved</div></body></html>", "\n\n".join(body)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    rows = []
    for number in range(32):
        markup, body = page(number)
        (tmp_path / "pages" / f"{number}.html.gz").write_bytes(gzip.compress(markup.encode()))
        rows.append({"id": str(number), "url": f"https://site{number}.example/a", "kind": "article", "body": body})
    (tmp_path / "truth.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path


def test_a_model_is_trained_and_cleans_a_dump(labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaners.training import text as text_training
    from cleaners.training.flatten import FLATTENERS

    monkeypatch.setattr(text_training, "ROUNDS", 20)
    monkeypatch.setitem(text_training.PARAMETERS, "min_data_in_leaf", 5)
    out = tmp_path / "text.npz"
    report = text_training.train_text([labelled], out)
    assert report.scores[labelled.name]["block_lines"] > 0.9
    markup, body = page(99)
    options = dataclasses.replace(CleanOptions(), text_model=str(out))
    assert clean(FLATTENERS["block_lines"](markup), markup="text", options=options).text == body


def test_too_few_pages_are_an_error_that_says_so(tmp_path: Path) -> None:
    from cleaners.training.text import train_text

    (tmp_path / "truth.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="0 labelled pages"):
        train_text([tmp_path], tmp_path / "text.npz")


def test_every_flattener_keeps_the_words_of_the_page() -> None:
    from cleaners.training.flatten import FLATTENERS

    markup, body = page(5)
    for name, flattener in FLATTENERS.items():
        assert all(word in flattener(markup) for word in body.split()), name


def test_words_of_boilerplate_get_negative_odds() -> None:
    import numpy as np

    from cleaners.training.text_votes import TextVotes, tables_of

    votes = TextVotes()
    for _ in range(12):
        votes.count(["share this", "harbour ferries sail"], np.array([0.0, 1.0]), np.array([2.0, 3.0]))
    words = tables_of([votes]).values[:, LEARNED.index("words")]
    assert (words > 1).sum() == 5
    assert (words < -1).sum() == 3
