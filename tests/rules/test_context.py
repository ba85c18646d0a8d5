"""Headings stay with their text; headings without text are removed."""

from cleaners.document import Mark
from cleaners.options import DEFAULT
from cleaners.page import Page
from cleaners.plan import document_of
from cleaners.rules.headings import keep_headings_with_text


def verdict(html: str, *dropped: str, reason: str = "boilerplate") -> dict[str, tuple[str, str]]:
    """The decisions of the context rules, by text, if an engine has dropped the blocks with these texts."""
    document = document_of(Page(html))
    marks = [Mark(b.index, "drop", reason, "p = 0.1") for b in document.blocks if b.text in dropped]
    found = keep_headings_with_text(document, marks, DEFAULT).marks
    return {document.blocks[mark.block].text: (mark.action, mark.reason) for mark in found}


LONG = (
    "The mill is open to visitors every day but Monday from nine in the morning until the miller goes home, which in"
    " summer is late, and in winter is as soon as the lamps are lit."
)


def test_a_subheading_over_long_kept_text_is_kept() -> None:
    assert verdict(f"<h1>Mill</h1><h2>Hours</h2><p>{LONG}</p>", "Hours") == {"Hours": ("keep", "headline")}


def test_the_engine_decides_about_a_subheading_over_a_few_words() -> None:
    assert verdict("<h1>Mill</h1><h2>Hours</h2><p>Open daily.</p>", "Hours") == {}


def test_a_subheading_over_dropped_text_stays_dropped() -> None:
    assert verdict(f"<p>Text.</p><h2>Hours</h2><p>{LONG}</p>", "Hours", LONG) == {}


def test_a_heading_that_a_rule_dropped_stays_dropped() -> None:
    assert verdict(f"<h2>Related articles</h2><p>{LONG}</p>", "Related articles", reason="related_links") == {}


def test_the_page_headline_is_not_brought_back() -> None:
    assert verdict(f"<h1>Mill</h1><p>{LONG}</p>", "Mill") == {}


def test_a_heading_left_with_nothing_but_teasers_goes() -> None:
    html = "<h2>Hours</h2><p>Open daily.</p><h2>Shop</h2><p>Rye on offer</p>"
    assert verdict(html, "Rye on offer", reason="related_links") == {"Shop": ("drop", "orphan_heading")}


def test_the_engine_decides_about_a_heading_over_text_that_only_it_dropped() -> None:
    assert verdict("<h2>Hours</h2><p>Open daily.</p><h2>Shop</h2><p>Rye.</p>", "Rye.") == {}


def test_a_heading_stays_for_the_sake_of_text_under_its_subheading() -> None:
    html = "<h2>Visit</h2><p>Rye on offer</p><h3>Hours</h3><p>Open daily.</p>"
    assert verdict(html, "Rye on offer", reason="related_links") == {}


def test_text_under_the_next_heading_of_the_same_level_does_not_help() -> None:
    html = "<h2>Visit</h2><p>Rye on offer</p><h2>Hours</h2><p>Open daily.</p>"
    assert verdict(html, "Rye on offer", reason="related_links") == {"Visit": ("drop", "orphan_heading")}


def test_a_list_of_headings_stays() -> None:
    html = "<p>Loaves:</p><h3>Rye</h3><h3>Wheat</h3><h3>Spelt</h3><p>Rye on offer</p>"
    assert verdict(html, "Rye on offer", reason="related_links") == {}


def test_a_dump_has_no_headings_to_judge() -> None:
    assert not keep_headings_with_text(document_of(Page("Hours\n\nOpen.", "text")), (), DEFAULT).marks
