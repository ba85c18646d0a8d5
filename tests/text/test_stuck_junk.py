"""Junk glued to a sentence is cut out without a word of the sentence."""

import time

import pytest

from cleaners import clean
from cleaners.rules.stuck import stuck_passages

SENTENCE = "The harbour office said that the ferries would sail again on Monday."

STUCK = [
    ("Share this article Tweet ", ""),
    ("ShareTweetPin it", ""),
    ("Share 12 Tweet 3 ", ""),
    ("11 Apr, 2017 07:29 ", ""),
    ("Published 11/04/2017 ", ""),
    ("2017年4月11日 07:29 ", ""),
    ("Updated: March 3, 2020 5 min read ", ""),
    ("Facebook Twitter LinkedIn | ", ""),
    ("Advertisement ", ""),
    ("Share ", ""),
    ("", " Share Tweet Email"),
    ("", " Comments (14)"),
    ("", " Sign up for our newsletter"),
    ("", " Read more"),
    ("Print Email ", " keyboard_arrow_down"),
    ("icon fm11 Apr, 2017 07:29 ", " Share this article"),
]

CLEAN = [
    SENTENCE,
    "Share prices fell on Monday in London after the bank spoke.",
    "Print Media Group said that it would buy the smaller paper.",
    "Comment: The two games left against the home side matter more than they look.",
    "First, I sorted the letters by the year in which they were written.",
    "Email remains the way in which most of the parish hears its news.",
    "Twitter, Facebook and others were asked to explain themselves.",
    "Like most people here, she had never seen the sea so low.",
    "Save 25 % on every ticket that is bought before the end of May.",
    "He asked the crowd to subscribe. They did. It was a good evening.",
    "“Share this story with your neighbours,” the poster said.",
    "2005-03-19 15:38:55,977 - keeper - INFO - the lamp was lit",
    "分享经济正在改变这座城市的交通方式，越来越多的人不再买车。",
]


@pytest.mark.parametrize(("head", "tail"), STUCK)
def test_junk_is_removed_and_the_sentence_stays(head: str, tail: str) -> None:
    assert clean(head + SENTENCE + tail, markup="text").text == SENTENCE


@pytest.mark.parametrize("text", CLEAN)
def test_a_clean_paragraph_is_not_touched(text: str) -> None:
    assert stuck_passages(text) == []


def test_junk_between_two_sentences_is_removed() -> None:
    text = SENTENCE + " Advertisement Continue reading below The fares stay as they were."
    assert clean(text, markup="text").text == SENTENCE + " The fares stay as they were."


def test_the_cut_is_explained_with_its_words_and_place() -> None:
    cleaned = clean("Share this article Tweet " + SENTENCE, markup="text")
    [(block, mark)] = cleaned.dropped
    assert (block.text.strip(), mark.reason) == ("Share this article Tweet", "share_bar")
    assert "stuck to a sentence" in mark.evidence
    assert (mark.start, mark.end) == (0, 25)


def test_time_grows_no_faster_than_the_text() -> None:
    for hostile in ("Share ", "Share. ", "1 ", "- ", "a.Share-"):
        short, long = least_seconds(hostile * 1_000), least_seconds(hostile * 10_000)
        # Ten times the text takes ten times as long, or a hundred times as long if the cost is quadratic.
        assert long < 40 * short + 0.05


def least_seconds(text: str) -> float:
    """CPU time of the fastest of three runs, which does not include other work of the machine."""
    return min(_seconds(text) for _ in range(3))


def _seconds(text: str) -> float:
    begin = time.process_time()
    stuck_passages(text)
    return time.process_time() - begin
