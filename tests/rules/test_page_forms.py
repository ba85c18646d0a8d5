"""What a page says of itself: each row of the table, and which of two statements counts."""

from __future__ import annotations

import pytest

from cleaners.page import Page
from cleaners.plan import document_of
from cleaners.rules.page_forms import Form, FormRow, form_rows, stated_form


def form_of(stated: str) -> Form | None:
    """The form of a page with this address, or with this markup."""
    if stated.startswith("https:"):
        return stated_form(document_of(Page("<p>Well baked!</p>", url=stated)))
    return stated_form(document_of(Page(f"<!doctype html>{stated}")))


@pytest.mark.parametrize("row", form_rows(), ids=lambda row: row.name)
def test_a_row_finds_its_hit_and_not_its_near_miss(row: FormRow) -> None:
    assert form_of(row.hit) == row.form
    assert form_of(row.miss) != row.form
    assert row.why


def test_a_thread_on_a_publishing_system_is_a_thread() -> None:
    markup = (
        '<meta name=generator content="WordPress 6.1"><body class="single forum bbpress"><div class=hentry>Hi</div>'
    )
    assert form_of(markup) == "thread"


@pytest.mark.parametrize("url", [None, "https://[broken/forum", "https://example.org/news/gift-to-the-community"])
def test_a_page_that_states_no_form_has_none(url: str | None) -> None:
    assert stated_form(document_of(Page("<p>Well baked!</p>", url=url))) is None
