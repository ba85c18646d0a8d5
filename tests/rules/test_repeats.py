"""Text that a page repeats is in the body once."""

import pytest

from cleaners import Page
from cleaners.options import DEFAULT
from cleaners.plan import document_of
from cleaners.rules.repeats import drop_repeats

LINE = "The mill on the lower weir has ground no corn since the flood."

CASES = {
    "a quoted post": (f"<p>{LINE}</p><blockquote>{LINE}</blockquote>", [1]),
    "a copy for small screens": (
        f'<div class="wide">{LINE}</div><div>Other words here.</div><div class="phone">{LINE}</div>',
        [2],
    ),
    "a line that recurs in one flow": (f"<div>{LINE}</div><div>Other words here.</div><div>{LINE}</div>", []),
    "a short label": ("<p>Read on</p><p>Read on</p>", []),
    "a refrain": (f"<p>{LINE}<br>And the river runs on</p><p>{LINE}<br>And the river runs on</p>", []),
    "a table's cells": (f"<table><tr><td>{LINE}<td>{LINE}</table>", []),
    "one word differs": (f"<p>{LINE}</p><p>{LINE.replace('lower', 'upper')}</p>", []),
}


@pytest.mark.parametrize("name", CASES)
def test_accidental_repeats_are_dropped(name: str) -> None:
    markup, dropped = CASES[name]
    found = drop_repeats(document_of(Page(markup)), [], DEFAULT).marks
    assert [mark.block for mark in found] == dropped
    assert {mark.reason for mark in found} <= {"repeated_on_page"}
