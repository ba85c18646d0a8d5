"""A dump gives the same paragraphs whatever its shape."""

import textwrap
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.page import Decoded
from cleaners.parsing.text import segment_text, split_documents
from tests.drawn import any_text, examples

PARAGRAPHS = [
    "Harbour ferries return on Monday",
    "The last of the three ferries that were taken out of service after the January storm will sail again on Monday, "
    "the harbour office said, after divers had cleared the channel of a sunken barge and two lost containers.",
    "Fares stay as they were. Season tickets that could not be used in the eleven weeks without a boat are extended by "
    "the same time, and holders do not need to apply; those who would rather have their money back can ask until June.",
    "Not everyone is content. The fishermen of the eastern quay, who earned a little by rowing people across, had "
    "asked for a month's notice so that they could find other work, and were told on Friday afternoon.",
]


def texts(dump: str) -> list[str]:
    return [block.text for block in segment_text(Decoded(dump, "str", "given")).blocks]


def letters(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\u2028"])
def test_one_paragraph_per_line_gives_one_block_per_paragraph(line_break: str) -> None:
    assert texts(line_break.join(PARAGRAPHS)) == PARAGRAPHS


@pytest.mark.parametrize("columns", [60, 72, 78, 100])
def test_wrapped_paragraphs_are_joined(columns: int) -> None:
    assert texts("\n\n".join(textwrap.fill(p, columns) for p in PARAGRAPHS)) == PARAGRAPHS


def test_wrapped_paragraphs_recognised_only_by_their_indent_are_joined() -> None:
    wrapped = "\n".join(textwrap.fill(p, 72, initial_indent="    ") for p in PARAGRAPHS[1:])
    assert texts(wrapped) == PARAGRAPHS[1:]


def test_a_menu_above_wrapped_paragraphs_keeps_its_lines() -> None:
    menu = ["Home", "Tides and weather", "Lost property"]
    assert texts("\n".join(menu) + "\n\n" + "\n\n".join(textwrap.fill(p, 72) for p in PARAGRAPHS))[:3] == menu


def test_headlines_of_about_one_length_are_not_taken_for_a_wrapped_paragraph() -> None:
    lines = [
        "Council votes to keep the swimming pool open until September",
        "Two held after a break-in at the railway museum, police say",
        "Why the old cinema is still empty after four years of plans",
        "Rain, and then more of it: the week's weather at a single look",
        "A walk along the canal that ends, as it should, in a tea room",
    ]
    assert texts("\n".join(lines)) == lines


def test_a_giant_line_is_split_into_its_sentences() -> None:
    found = texts(" ".join(PARAGRAPHS[1:]))
    assert found[1] == "Fares stay as they were."
    assert len(found) == 5


def test_a_menu_glued_to_a_sentence_on_a_giant_line_is_split_off() -> None:
    menu = "Home News Sport Tides and Weather Lost Property Log In"
    found = texts(f"{menu} {PARAGRAPHS[1]} {PARAGRAPHS[2]} {PARAGRAPHS[3]}")
    assert found[:2] == [menu, PARAGRAPHS[1]]


def test_a_name_before_a_verb_is_not_split_off_on_a_giant_line() -> None:
    line = "On Monday Dame Ada Low of the Harbour Office said that It was time. " * 20
    assert set(texts(line)) == {line[:67].strip()}


def test_a_giant_line_of_chinese_is_split_into_its_sentences() -> None:
    sentence = "渡輪在星期一恢復行駛，港務處表示航道已經清理完畢。"
    assert texts(sentence * 40) == [sentence] * 40


def test_initials_and_titles_do_not_end_a_sentence() -> None:
    line = "Dr. Ada M. Low of the U.S. Geological Survey came on Friday. " * 20
    assert set(texts(line)) == {"Dr. Ada M. Low of the U.S. Geological Survey came on Friday."}


def test_the_body_of_a_giant_line_is_one_paragraph_again() -> None:
    from cleaners.document import Cleaned

    document = segment_text(Decoded(" ".join(PARAGRAPHS[1:]), "str", "given"))
    assert Cleaned(document, ()).text == " ".join(PARAGRAPHS[1:])


def test_rows_of_a_table_stay_rows() -> None:
    rows = ["Pier\tFirst boat\tLast boat", "East\t06:10\t22:40", "West\t06:25\t22:55"]
    assert texts("\n".join(rows)) == [" ".join(row.split()) for row in rows]


def test_a_layout_table_becomes_paragraphs() -> None:
    assert texts("Home | Tides | " + PARAGRAPHS[1] + " | Contact")[-2:] == [PARAGRAPHS[1] + " |", "Contact"]


def test_bullets_begin_blocks_of_their_own() -> None:
    bullets = [textwrap.fill("• " + p, 72) for p in PARAGRAPHS[1:]]
    assert texts("\n".join(bullets)) == ["• " + p for p in PARAGRAPHS[1:]]


@examples
@given(any_text(400))
def test_no_character_is_lost_or_gained_but_white_space(dump: str) -> None:
    assert letters("".join(texts(dump))) == letters(dump)


SHAPES = st.sampled_from(["Word. ", "two ", "Three", "\n", "\t", " | ", "。", "好", "•  ", "a-\n"])


@examples
@given(st.lists(SHAPES, max_size=400))
def test_no_character_is_lost_in_the_shapes_that_are_split(parts: list[str]) -> None:
    dump = "".join(parts)
    assert letters("".join(texts(dump))) == letters(dump)


def test_a_separator_separates_documents() -> None:
    lines = ["first", "", "=====\n", "second\r\n", "  =====  ", "", "====="]
    assert list(split_documents(lines, "=====")) == ["first\n", "second"]


def test_a_form_feed_separates_documents() -> None:
    assert list(split_documents(["one\n", "\ftwo\n", "\f\n", "three"], "\f")) == ["one", "two", "three"]


def test_documents_are_read_one_at_a_time() -> None:
    def endless() -> object:
        while True:
            yield "text"
            yield "--"

    documents = split_documents(endless(), "--")  # type: ignore[arg-type]
    assert [next(documents) for _ in range(3)] == ["text"] * 3


@pytest.mark.parametrize("unit", [".", ". ", '."', "a.A", "。", "| ", "a\t", "- ", "word ", "•", "1. ", "\u3042"])
def test_time_grows_no_faster_than_the_dump(unit: str) -> None:
    begin = time.process_time()
    texts(unit * (100_000 // len(unit)))
    texts((unit * 60 + "\n") * (100_000 // len(unit) // 60))
    assert time.process_time() - begin < 2.0
