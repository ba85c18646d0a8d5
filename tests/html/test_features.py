"""Features describe blocks correctly, at a cost in proportion to the page."""

import gc
import time
import tracemalloc

import numpy as np
import pytest

from cleaners import Page, clean
from cleaners.classifier.choice import marks_of
from cleaners.classifier.cut import Cut
from cleaners.document import Document
from cleaners.features.ancestors import element_name
from cleaners.features.html import NO_SCORES, Scores, feature_columns, features
from cleaners.features.name_odds import NameOdds
from cleaners.plan import document_of
from pipelines.record.build import record_of

NEST = (
    "<body><nav class='top-menu'><ul><li><a>Boats</a><li><a>Tides</a></ul></nav>"
    + "<div>" * 9
    + "<article id=story><div hidden><p>Not shown yet.</p></div><section><p>The ferry left at noon.</p>"
    "<table><tr><td><p>Noon<td>Quay</table></section></article>"
    + "</div>" * 9
    + "<footer><div class=menuBar><p>Boats</p></div></footer><p>The ferry left at noon.</p>"
)
ODDS = {"menu": -2.0, "story": 1.5, "top": -0.5, "bar": -1.0}


def columns_of(document: Document) -> dict[str, list[float]]:
    found = feature_columns(document, Scores(ODDS, NO_SCORES.words))
    return dict(zip(found.names, found.matrix().T.tolist(), strict=True))


@pytest.mark.parametrize("around", [0, 30, 100])
def test_inherited_values_equal_those_found_by_walking_up_the_tree(around: int) -> None:
    document = document_of(Page(NEST.replace("<body>", "<body>" + "<div>" * around)))
    tree, columns, odds = document.tree, columns_of(document), NameOdds(ODDS)
    assert tree is not None
    for block in document.blocks:
        above = list(tree.ancestors(block.element))
        scores = [odds[element_name(tree.attributes[e])][0] for e in above]
        for tag in ("nav", "article", "td", "footer", "main"):
            steps = [step for step, e in enumerate(above) if tree.tags[e] == tag]
            assert columns[f"under_{tag}"][block.index] == min([*steps, 50])
        menus = [step for step, e in enumerate(above) if "menu" in tree.classes(e)]
        assert columns["under_group_navigation"][block.index] == min([*menus, 50])
        assert columns["name_least"][block.index] == min(scores)
        assert columns["name_greatest"][block.index] == max(scores)
        assert columns["name_hidden"][block.index] == any("hidden" in tree.attributes[e] for e in above)
        assert columns["name_decayed"][block.index] == pytest.approx(sum(s * 0.8**n for n, s in enumerate(scores)))


def test_repeated_texts_are_counted_in_order() -> None:
    document = document_of(Page(NEST))
    columns = columns_of(document)
    texts = [block.text for block in document.blocks]
    assert columns["same_text"] == [texts.count(text) for text in texts]
    assert columns["same_text_before"] == [texts[:place].count(text) for place, text in enumerate(texts)]


def test_the_three_strongest_words_of_a_name_decide_and_its_case_does_not() -> None:
    odds = NameOdds({"menu": -2.0, "main": 1.0, "top": -0.5, "bar": -1.0})
    assert odds["top main menu-bar"][0] == pytest.approx((-2.0 + 1.0 - 1.0) / 3)
    assert odds["topMainMenuBar"] == odds["top main menu-bar"] == odds["top_main  MENU bar"]
    assert odds["x12"] == (0.0, 0)


def test_the_score_of_a_name_does_not_depend_on_earlier_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaners.features.name_odds._REMEMBERED", 50)
    odds = NameOdds(ODDS)
    first = odds["top-menu story"]
    for number in range(500):
        assert odds[f"menu-{number} item{chr(97 + number % 26)}x"][0] == -2.0
    assert odds["top-menu story"] == first
    assert len(odds) <= 51


def test_values_of_a_hundred_kilobytes_are_not_kept_when_their_page_is_gone() -> None:
    def page_of(rest: str) -> Page:
        named = (
            f'<p class="byline {n} {rest}"><i class="{n} {rest}" style="top:{n};{rest}">Word</i>' for n in range(8)
        )
        return Page("".join(named))

    record_of(page_of(""))  # loads what is loaded once
    page = page_of("a-b " * 25_000)
    tracemalloc.start()
    try:
        record_of(page)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] < 500_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "text",
    [
        "ΟΔΟΣ ΚΑΙ ΟΔΟΣ, ο δρόμος",
        "İstanbul'da vapur kalkmadı",
        "The ferry 😀 stayed in harbour",
        "Fish & chips on the ferry < the quay",
    ],
)
def test_a_block_that_the_description_repeats_is_found(text: str) -> None:
    shown = text.replace("&", "&amp;").replace("<", "&lt;")
    page = f'<meta name="description" content="{shown}"><p>{shown}</p><p>Something else entirely</p>'
    assert columns_of(document_of(Page(page)))["stated_summary"] == [1.0, 0.0]


def test_tags_that_open_and_never_close_cost_time_in_proportion() -> None:
    def seconds(tags: int) -> float:
        document = document_of(Page(f'<meta name="description" content="{"a&lt;" * tags}"><p>Text</p>'))
        started = time.process_time()
        features(document)
        return time.process_time() - started

    small, large = (min(seconds(tags) for _ in range(3)) for tags in (20_000, 160_000))
    assert large < 30 * small  # a search to the end of the text from every tag would take 64 times as long


def test_a_page_of_many_blocks_with_a_description_without_end_is_not_searched_for_each_of_them() -> None:
    blocks = "".join(f"<p>{n} times the ferry stayed in harbour</p>" for n in range(3_000))
    document = document_of(Page(f'<meta name="description" content="{"word and more " * 600_000}">{blocks}'))
    started = time.process_time()
    features(document)
    assert time.process_time() - started < 3


def test_evidence_rounds_probabilities_as_python_does() -> None:
    rng = np.random.default_rng(1)
    probabilities = np.concatenate([np.arange(401) / 800, np.nextafter(np.arange(401) / 800, 0), rng.random(400) / 2])
    for part in (probabilities, rng.random(300) / 2):
        marks = marks_of(part, Cut(np.zeros(len(part), np.bool_), 0.5, 0.5), set(), [])
        assert [mark.evidence for mark in marks] == [f"probability {p:.2f} below 0.50" for p in part.tolist()]


def test_blocks_that_a_rule_dropped_are_not_judged_again() -> None:
    page = "<nav><p>Subscribe to our newsletter</p></nav><p>© 2024 The Tide. All rights reserved.</p>"
    cleaned = clean(
        page + "<p>The ferry to the islands stayed in the harbour on Tuesday, as the wind had turned.</p>" * 2
    )
    by_rule = {mark.block for mark in cleaned.marks if mark.action == "drop" and "probability" not in mark.evidence}
    judged = {mark.block for mark in cleaned.marks if "probability" in mark.evidence}
    assert by_rule
    assert not by_rule & judged
