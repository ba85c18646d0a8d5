"""The learned classifier finds the body, gives its confidence, and has the same result everywhere."""

import time
from pathlib import Path

import numpy as np
import pytest

from cleaners import CleanOptions, Page, clean
from cleaners.classifier.html import html_model, mark_by_probability, with_second_opinion
from cleaners.errors import ModelError
from cleaners.features.html import feature_columns, features
from cleaners.options import DEFAULT
from cleaners.plan import document_of
from cleaners.rules.structure import name_structure

PARAGRAPHS = [
    "The ferry to the islands stayed in the harbour on Tuesday, because the wind had turned to the north overnight.",
    "Two lorries with bread for the islands waited on the quay until noon, and then drove back to the bakery in town.",
    "The harbour master said that the next crossing would not leave before Thursday, and asked passengers to ring.",
    "On the largest island the shop opened all the same, since its owner had bought flour for a month at the weekend.",
]
PAGE = (
    "<html><head><title>Ferry stays in harbour - The Tide</title></head><body><header><nav><ul>"
    + "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("Home", "News", "Sport", "Weather", "Contact"))
    + "</ul></nav></header><main><article><h1>Ferry stays in harbour</h1>"
    + "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    + '</article></main><aside class="related"><h3>More news</h3><ul><li><a href="/a">Bakery sells out</a></li>'
    '<li><a href="/b">Lighthouse painted</a></li></ul></aside><footer><p>© The Tide. All rights reserved.</p></footer>'
    "</body></html>"
)


def test_the_paragraphs_are_the_body_and_the_menus_are_not() -> None:
    cleaned = clean(PAGE)
    assert cleaned.text.removeprefix("Ferry stays in harbour\n\n") == "\n\n".join(PARAGRAPHS)
    assert cleaned.engine == "blocks"
    assert cleaned.confidence > 0.8


def test_the_same_page_gives_the_same_marks_after_a_thousand_others() -> None:
    first = clean(PAGE)
    for number in range(50):
        clean(f"<h1>Page {number}</h1><p>{PARAGRAPHS[number % 4]}</p>" * 3)
    assert clean(PAGE).marks == first.marks


def test_features_are_one_finite_row_per_block() -> None:
    document = document_of(Page(PAGE))
    matrix = features(document)
    names = feature_columns(document).names
    assert matrix.shape == (len(document.blocks), len(names))
    assert len(set(names)) == len(names)
    assert np.isfinite(matrix).all()
    assert names[0] == "words"


@pytest.mark.parametrize(
    "text", ["北風が強まったため、連絡船は火曜日も港に留まった。", "เรือข้ามฟากจอดอยู่ในท่าเรือในวันอังคารเพราะลมแรง"]
)
def test_words_are_counted_in_scripts_without_spaces(text: str) -> None:
    (row,) = features(document_of(Page(f"<p>{text}</p>")))
    assert row[0] >= 8


@pytest.mark.parametrize(
    "markup", ["", "<p>", "text alone", "<div>" * 5000 + "<p>deep text", "<title>only a title</title>"]
)
def test_odd_pages_are_cleaned_too(markup: str) -> None:
    cleaned = clean(markup)
    assert len(cleaned.kept) + len(cleaned.dropped) == len(cleaned.document.blocks)


def test_engines_can_be_chosen() -> None:
    assert clean(PAGE, options=CleanOptions(engine="blocks")).engine == "blocks"
    by_trafilatura = clean(PAGE, options=CleanOptions(engine="trafilatura"))
    assert by_trafilatura.engine == "trafilatura"
    assert PARAGRAPHS[0] in by_trafilatura.text


def test_a_second_opinion_moves_the_odds_its_way() -> None:
    alone = np.array([0.5, 0.5])
    moved = with_second_opinion(alone, np.array([1.0, 0.0]), (1.0, 2.0, -1.0))
    assert moved[0] > 0.5 > moved[1]


def test_a_missing_or_foreign_model_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="copydesk train"):
        html_model(str(tmp_path / "none.npz"))
    other = tmp_path / "other.npz"
    np.savez(other, x=np.zeros(3))
    with pytest.raises(ModelError, match="copydesk train"):
        html_model(str(other))


def test_the_cost_of_comments_on_an_article_grows_with_their_number_and_no_faster() -> None:
    small, large = seconds_for_comments(500), seconds_for_comments(16_000)
    assert large < 32 * 4 * max(small, 0.002)  # 32 times the comments; factor four for a busy machine


def seconds_for_comments(count: int) -> float:
    comments = "".join(f"<li>Rye {number}</li>" for number in range(count))
    below = f'<p>{" ".join(PARAGRAPHS)}</p></article><ol class="commentlist">{comments}</ol>'
    document = document_of(Page(PAGE.replace("</article>", below)))
    words = np.array([float(len(block.text.split())) for block in document.blocks])
    probabilities = np.array([0.9 if len(block.text) > 60 else 0.1 for block in document.blocks])
    marks, best = name_structure(document, (), DEFAULT).marks, 60.0
    for _ in range(2):
        start = time.process_time()
        made, _ = mark_by_probability(document, marks, words, probabilities, {"article": 1.0}, DEFAULT)
        best = min(best, time.process_time() - start)
    assert sum(mark.evidence.endswith("; the page is an article") for mark in made) >= count
    return best
