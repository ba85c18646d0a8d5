"""The scorer gives the figures that we computed by hand."""

import pytest

from benchmarks.scoring import interval, pooled_shingle_score, shingles, snippet_score, word_score
from cleaners.words.alignment import words


def test_words_are_runs_of_letters_and_digits_and_single_east_asian_characters() -> None:
    assert words("The mill’s 2nd day: 水車。") == ["the", "mill", "s", "2nd", "day", "水", "車"]


def test_a_bag_of_words_counts_each_word_as_often_as_both_texts_have_it() -> None:
    score = word_score("rye rye bread", "rye bread and butter")
    assert score == pytest.approx((2 / 3, 2 / 4, 4 / 7))


@pytest.mark.parametrize(("body", "reference", "f1"), [("", "", 1.0), ("x", "", 0.0), ("", "x", 0.0), ("x", "x", 1.0)])
def test_empty_texts_match_only_each_other(body: str, reference: str, f1: float) -> None:
    assert word_score(body, reference).f1 == f1


def test_a_text_shorter_than_a_shingle_is_one_shingle() -> None:
    assert [*shingles("rye bread")] == [("rye", "bread")]


def test_pooled_shingles_give_each_page_the_same_weight_whatever_its_length() -> None:
    long_right = ("a b c d e f g h i j", "a b c d e f g h i j")
    short_wrong = ("x y z w", "k l m n")
    # The first page counts as one hit; the second as half a surplus and half a miss.
    assert pooled_shingle_score([long_right, short_wrong]) == pytest.approx((2 / 3, 2 / 3, 2 / 3))


def test_snippets_count_when_present_ones_are_in_and_absent_ones_out() -> None:
    assert snippet_score("The Mill opened.", ["the mill"], ["share", "opened"]) == pytest.approx(2 / 3)


def test_the_interval_contains_the_mean_and_is_always_the_same() -> None:
    found = interval([0.2, 0.4, 0.9, 0.9])
    assert found == interval([0.2, 0.4, 0.9, 0.9])
    assert found.mean == pytest.approx(0.6)
    assert found.low < found.mean < found.high
    assert found.pages == 4


def test_the_interval_of_equal_pages_is_a_point() -> None:
    assert interval([0.5] * 9)[:3] == (0.5, 0.5, 0.5)
