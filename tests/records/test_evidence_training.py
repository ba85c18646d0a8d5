"""The weights of the fields' evidence: learned from pages and scored on other domains."""

from __future__ import annotations

import pytest

from pipelines.training.evidence import FOLDS, Group, accuracy, fit

PAGES = [Group([{"none": 1.0}, {"far": 1.0}, {"near": 1.0}], 2, fold, "harbour") for fold in range(FOLDS)] * 4


def test_the_feature_of_the_right_candidates_gets_the_greatest_weight() -> None:
    weight = fit(PAGES, {})
    assert weight["near"] > weight.get("far", 0.0)


def test_a_feature_that_no_page_has_keeps_the_weight_that_is_expected_of_it() -> None:
    assert fit(PAGES, {"behind a label": 2.5})["behind a label"] == pytest.approx(2.5)


def test_each_set_is_scored_by_itself_and_pages_without_a_value_separately() -> None:
    empty = [Group([{"none": 1.0, "shop": 1.0}, {"far": 1.0}], 0, fold, "harbour", empty=True) for fold in range(FOLDS)]
    judged = accuracy([*PAGES, *empty * 8], "headline")
    assert judged == {"harbour": 1.0, "harbour without": 0.0}


def test_a_page_without_a_right_candidate_counts_as_missed() -> None:
    unheld = [Group([{"none": 1.0, "far": 1.0}, {"near": 1.0}], 0, fold, "bay", unheld=True) for fold in range(FOLDS)]
    assert accuracy([*PAGES, *unheld], "headline") == {"bay": 0.0, "harbour": 1.0}
