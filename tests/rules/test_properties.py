"""Properties of the rules on any page."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import CleanOptions, Page
from cleaners.document import Document
from cleaners.plan import document_of
from cleaners.rules.headings import keep_headings_with_text
from cleaners.rules.icons import mark_icon_labels
from cleaners.rules.reasons import REASONS
from cleaners.rules.structure import name_structure
from cleaners.rules.wording import match_blocks, name_wording, word_count, wording_index
from tests.drawn import any_text, examples

CLEANERS = (name_wording, name_structure, mark_icon_labels, keep_headings_with_text)
OPTIONS = CleanOptions()

words = st.sampled_from(
    "Share|Read more: Rye|© 2024 Mill|Home|The mill opened.|chevron_right|3 Comments|広告|ﬃ İ ẞ|\u2028|12".split("|")
)
tags = st.sampled_from("p div nav h2 h3 li span svg footer button figcaption".split())
names = st.sampled_from(["", "share-bar", "icon", "menu-item sub", "sr-only", "Comment_List", "é" * 500])
pages = st.lists(st.tuples(tags, names, words, st.booleans()), max_size=25).map(
    lambda parts: "".join(f"<{t} class='{n}'>{w}" + (f"</{t}>" if closed else "") for t, n, w, closed in parts)
)


@examples
@given(pages)
def test_marks_name_blocks_of_the_page_with_reasons_of_the_table(html: str) -> None:
    document = document_of(Page(html))
    for cleaner in CLEANERS:
        for mark in cleaner(document, (), OPTIONS).marks:
            assert 0 <= mark.block < len(document.blocks)
            assert mark.reason in REASONS
            assert 0 <= mark.start <= mark.end <= len(document.blocks[mark.block].text)


@examples
@given(pages)
def test_the_same_page_gets_the_same_marks_again(html: str) -> None:
    first, second = document_of(Page(html)), document_of(Page(html))
    for cleaner in CLEANERS:
        assert cleaner(first, (), OPTIONS) == cleaner(second, (), OPTIONS)


@examples
@given(any_text(300))
def test_any_text_at_all_is_read(text: str) -> None:
    name_wording(document_of(Page(text, "text")), (), OPTIONS)


@pytest.mark.parametrize(
    ("text", "count"), [("The mill opened.", 3), ("水車が開いた", 3), ("", 0), ("방앗간이 열렸다", 2)]
)
def test_words_are_counted_in_scripts_without_spaces(text: str, count: int) -> None:
    assert word_count(text) == count


@pytest.mark.parametrize(
    "page",
    [
        lambda n: "<div class='share-bar menu-item'>" * n + "x",
        lambda n: "<p>Read more: " + "rye " * 20 + "</p>" + "<h2>Share</h2>" * n,
        lambda n: "<p>" + "icon_" * n + "</p>",
        lambda n: "<p>" + "".join(f"<i class='a{i} icon'>chevron_right</i>" for i in range(n)) + "</p>",
    ],
    ids=["deep", "wide", "one long word", "one block of many runs"],
)
def test_the_cost_grows_with_the_page_and_no_faster(page: Callable[[int], str]) -> None:
    small, large = (document_of(Page(page(n))) for n in (1_000, 8_000))
    assert seconds(large) < 8 * 4 * max(seconds(small), 0.005)  # eight times the size; factor four for a busy machine


def seconds(document: Document) -> float:
    best = 60.0
    for _ in range(2):
        start = time.process_time()
        for cleaner in CLEANERS:
            cleaner(document, (), OPTIONS)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("sign", ["\x1e", "\n", "\x00"])
def test_a_control_character_inside_a_block_shifts_no_mark(sign: str) -> None:
    texts = [f"The mill{sign}opened.", "Share this article"]
    assert [block for block, _ in match_blocks(texts, wording_index("text"))] == [1]
