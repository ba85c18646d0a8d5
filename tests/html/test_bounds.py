"""A page that is too long is read up to a limit, and its record says so."""

from __future__ import annotations

import pytest

from cleaners import Page, clean
from cleaners.parsing import html, text

ARTICLE = (
    "<h1>The weir</h1>"
    + "<p>The weir was mended on Monday by four people and one borrowed crane, said the miller.</p>" * 9
)


@pytest.mark.parametrize(
    "tail", ["<br>a" * 500, "<p>a</p>" * 500, "<div>" * 500 + "a"], ids=["breaks", "blocks", "depth"]
)
def test_elements_beyond_the_bound_are_left_out(monkeypatch: pytest.MonkeyPatch, tail: str) -> None:
    monkeypatch.setattr(html, "MAX_ELEMENTS", 200)
    cleaned = clean(Page(f"<body>{ARTICLE}{tail}"))
    assert "truncated" in cleaned.flags
    assert cleaned.document.tree is not None
    assert len(cleaned.document.tree.tags) <= 200
    assert "four people and one borrowed crane" in cleaned.document.blocks[1].text


def test_a_page_within_the_bound_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MAX_ELEMENTS", 200)
    assert clean(Page(f"<body>{ARTICLE}")).flags == ()


@pytest.mark.parametrize(
    "dump", ["a line\n\n" * 500, "A sentence of five words. " * 5_000], ids=["lines", "one giant line"]
)
def test_lines_beyond_the_bound_are_left_out(monkeypatch: pytest.MonkeyPatch, dump: str) -> None:
    monkeypatch.setattr(text, "MAX_BLOCKS", 100)
    cleaned = clean(Page(dump, "text"))
    assert len(cleaned.document.blocks) == 100
    assert "truncated" in cleaned.flags
