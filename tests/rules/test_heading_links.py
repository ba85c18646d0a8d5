"""Links beside headings: the sign that links to the heading itself, and links to its editor."""

import pytest

from cleaners import Page, clean
from cleaners.document import Cleaned
from cleaners.options import DEFAULT
from cleaners.plan import document_of
from cleaners.rules.heading_links import cut_heading_links

TEXT = "<p>The mill on the river opened its doors to visitors on Sunday, for the first time in ten years.</p>"


def left_of(html: str) -> str:
    """The text of a snippet after this cleaner alone."""
    document = document_of(Page(html))
    return Cleaned(document, tuple(cut_heading_links(document, (), DEFAULT).marks)).text


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ('<h2>Rye<a class="headerlink" href="#rye" title="Permalink to this heading">¶</a></h2>', "Rye"),
        ('<h2><a class="anchor" href="#rye">#</a>Rye</h2>', "Rye"),
        ('<h3>Rye<a class="hash-link" href="#rye">&#8203;</a></h3>', "Rye"),
        ('<h3><a href="/rye">Rye</a> <a href="#rye">§</a></h3>', "Rye"),
        ('<dl><dt>grind(<em>rye</em>)<a href="#grind">¶</a></dt></dl>', "grind(rye)"),
        ('<h2>Rye<span class="mw-editsection">[<a href="/e">edit</a> | <a>edit source</a>]</span></h2>', "Rye"),
        ('<h2>Roggen<a class="mw-editsection" href="?action=edit">Bearbeiten</a></h2>', "Roggen"),
        ('<h2><a href="#top">#</a></h2>', ""),
    ],
)
def test_a_control_beside_a_heading_is_cut(html: str, left: str) -> None:
    assert left_of(html) == left


@pytest.mark.parametrize(
    "html",
    [
        '<h2><a href="#rye">Rye</a></h2>',
        "<h2>What a baker has to edit</h2>",
        '<h2>Bake and <a href="/edit-films">films</a></h2>',
        '<h2>The sign <a href="/signs">§</a></h2>',
        '<p>See <a href="#note">#</a></p>',
    ],
)
def test_other_links_of_a_heading_stay(html: str) -> None:
    assert left_of(html) == document_of(Page(html)).blocks[0].text


def test_the_reason_is_given() -> None:
    cleaned = clean(f'<body><article><h1>Mill</h1>{TEXT}<h2>Rye<a href="#rye">¶</a></h2>{TEXT * 3}</article></body>')
    assert ("¶", "page_tools") in {(block.text, mark.reason) for block, mark in cleaned.dropped}
