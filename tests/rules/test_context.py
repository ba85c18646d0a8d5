"""Headings stay with their text; those with none go."""

from cleaners.document import Mark
from cleaners.options import DEFAULT
from cleaners.page import Page
from cleaners.plan import document_of
from cleaners.rule_context import keep_headings_with_text


def verdict(html: str, *dropped: str, reason: str = "boilerplate") -> dict[str, tuple[str, str]]:
    """What the context rules say, by text, when an engine has dropped the blocks with these texts."""
    document = document_of(Page(html))
    marks = [Mark(b.index, "drop", reason, "p = 0.1") for b in document.blocks if b.text in dropped]
    found = keep_headings_with_text(document, marks, DEFAULT).marks
    return {document.blocks[mark.block].text: (mark.action, mark.reason) for mark in found}


def test_a_subheading_over_kept_text_is_kept():
    assert verdict("<h1>Mill</h1><h2>Hours</h2><p>Open daily.</p>", "Hours") == {"Hours": ("keep", "headline")}


def test_a_subheading_over_dropped_text_stays_dropped():
    assert verdict("<p>Text.</p><h2>Hours</h2><p>Open daily.</p>", "Hours", "Open daily.") == {}


def test_a_heading_that_a_rule_dropped_stays_dropped():
    assert verdict("<h2>Related articles</h2><p>Rye.</p>", "Related articles", reason="related_links") == {}


def test_the_page_headline_is_not_brought_back():
    assert verdict("<h1>Mill</h1><p>Open daily.</p>", "Mill") == {}


def test_a_heading_with_no_text_left_under_it_goes():
    html = "<h2>Hours</h2><p>Open daily.</p><h2>Shop</h2><p>Buy flour.</p>"
    assert verdict(html, "Buy flour.") == {"Shop": ("drop", "orphan_heading")}


def test_a_heading_stays_for_the_sake_of_text_under_its_subheading():
    html = "<h2>Visit</h2><h3>Hours</h3><p>Open daily.</p><h2>Shop</h2><p>Buy flour.</p>"
    assert verdict(html) == {}


def test_text_under_the_next_heading_of_the_same_level_does_not_help():
    html = "<h2>Hours</h2><p>Open daily.</p><h2>Visit</h2><h2>Shop</h2><p>Buy flour.</p>"
    assert verdict(html) == {"Visit": ("drop", "orphan_heading")}


def test_a_list_of_headings_stays():
    assert verdict("<p>Loaves:</p><h3>Rye</h3><h3>Wheat</h3><h3>Spelt</h3>") == {}


def test_a_dump_has_no_headings_to_judge():
    assert not keep_headings_with_text(document_of(Page("Hours\n\nOpen.", "text")), (), DEFAULT).marks
