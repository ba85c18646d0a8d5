"""Markup, however broken, becomes Blocks in reading order."""

import gc
import time
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st
from w3lib.encoding import resolve_encoding

from cleaners import Page
from cleaners.document import Document
from cleaners.parsing.html import Builder, parse
from cleaners.parsing.soup import replay
from cleaners.plan import document_of
from tests.drawn import examples


def segmented(markup: str) -> Document:
    return document_of(Page(markup))


def texts(markup: str) -> list[str]:
    return [block.text for block in segmented(markup).blocks]


CASES = {
    "block-level tags part text": ("<p>one<p>two<div>three</div>four", ["one", "two", "three", "four"]),
    "inline tags do not": ("<p>on<b>e</b> <a href=x>two</a></p>", ["one two"]),
    "a break parts lines": ("<p>one<br>two<br><br>three</p>", ["one", "two", "three"]),
    "scripts and styles are not text": ("<p>one</p><script>x()</script><style>p{}</style><p>two", ["one", "two"]),
    "noscript is": ("<noscript><p>The thread</p></noscript>", ["The thread"]),
    "a drawing's title leaves the sentence whole": (
        "<p>one <svg><title>icon</title></svg>two</p>",
        ["icon", "one two"],
    ),
    "so does text for screen readers": ("<p>one <span class=sr-only>new tab</span>two</p>", ["new tab", "one two"]),
    "a hidden frame is no label": ("<span hidden><p>one</p><p>two</p></span>", ["one", "two"]),
    "a NUL ends nothing": ("<p>one\x00</p><p>two</p>", ["one", "two"]),
    "cells are blocks": ("<table><tr><td>one<td>two</table>", ["one", "two"]),
    "nothing gives nothing": ("", []),
}


@pytest.mark.parametrize("name", CASES)
def test_markup_becomes_blocks(name: str) -> None:
    markup, expected = CASES[name]
    assert texts(markup) == expected


def test_the_line_after_a_break_continues_its_paragraph() -> None:
    assert [block.continues for block in segmented("<p>one<br>two<br><br>three</p>").blocks] == [False, True, False]


def test_elements_are_listed_by_their_class_as_it_is_written() -> None:
    tree = segmented("<body><p class=a>one<p class='A b'>two<p class>three<p class=a>four<p>five").tree
    assert tree is not None
    assert {label: [tree.text(e) for e in found] for label, found in tree.by_class.items()} == {
        "a": ["one", "four"],
        "A b": ["two"],
        "": ["three"],
    }


def test_link_characters_are_counted() -> None:
    (block,) = segmented("<p>See <a href=x>the page</a></p>").blocks
    assert block.link_chars == len("the page")


def test_structured_data_and_the_title_are_kept_for_the_fields() -> None:
    tree, _ = parse('<title>Tides &amp; boats</title><script type="application/ld+json">{"a": 1}</script>')
    assert tree.title == "Tides & boats"
    assert tree.json_ld == ['{"a": 1}']


def test_every_element_knows_its_subtree() -> None:
    tree, blocks = parse("<div><p>one</p><p>two</p></div><p>three</p>")
    div = tree.all("div")[0]
    assert tree.last_block[div] - tree.first_block[div] == 2
    assert tree.text(div) == "onetwo"
    assert tree.tags[div + 1 : tree.ends[div]] == ["p", "p"]
    assert len(blocks) == 3


def test_every_element_knows_its_depth() -> None:
    tree, _ = parse("<html><body><div><p>one<b>two</b></div><p>three</p>")
    assert tree.depths.tolist() == [len(list(tree.ancestors(element))) - 1 for element in range(len(tree.tags))]
    assert tree.depths[tree.all("b")[0]] == 4


def test_elements_are_found_by_their_attributes() -> None:
    tree, _ = parse("<p class='a b' id=x>one<p class='a b'>two<p role=note itemprop=text>three<p hidden>four")
    assert tree.having("class") == tree.all("p")[:2]
    assert tree.having("hidden") == tree.all("p")[3:]
    assert tree.having("style") == []


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_text_and_the_bytes_it_came_in_give_the_same_blocks(charset: str) -> None:
    markup = f"<meta charset={charset}><p>Fähre <a href=x>im  Hafen</a></p><script>“</script><p title=‘é’>“Nein”</p>"
    served = document_of(Page(markup.encode(charset)))
    assert served.decoded.encoding == resolve_encoding(charset)
    assert [block.text for block in served.blocks] == ["Fähre im Hafen", "“Nein”"]
    assert served.blocks == segmented(markup).blocks
    assert served.tree == segmented(markup).tree


def test_the_fallback_parser_gives_the_same_blocks() -> None:
    markup = "<div><p>one <b>two</b></p><ul><li>three</li><li>four<br>five</li></ul></div>"
    builder = Builder()
    replay(markup, builder, 1_000)
    assert [(b.text, b.continues) for b in builder.blocks] == [(b.text, b.continues) for b in segmented(markup).blocks]


@pytest.mark.parametrize(
    "unit", ["<div>", "<b>", "<p>x<br>", "<a>", "<table><tr><td>", "</p>", "<svg>", "<span hidden>"]
)
def test_fifty_thousand_tags_take_seconds_not_hours(unit: str) -> None:
    start = time.process_time()
    segmented(unit * 50_000 + "<p>end")
    assert time.process_time() - start < 10


def test_a_page_does_not_wait_for_the_garbage_collector() -> None:
    gc.disable()
    try:
        document = segmented("<div class=a><p>one <a href=x>two</a></p></div>")
        page = weakref.ref(document.tree)
        del document
        assert page() is None
    finally:
        gc.enable()


@examples
@given(st.text(alphabet=st.sampled_from(list("<>/ab =\"'&;!-\x00é")), max_size=200))
def test_no_markup_raises(markup: str) -> None:
    tree = segmented(markup).tree
    assert tree is not None
    assert len(tree.ends) == len(tree.tags)
