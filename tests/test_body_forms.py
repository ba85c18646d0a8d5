"""The forms of a body hold the same words, on made pages and on the reference pages."""

from __future__ import annotations

import gzip
import os
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from cleaners import CleanOptions, Page
from cleaners.document import Block, Cleaned, Document, Mark, paragraphs
from cleaners.page import Decoded
from cleaners.plan import document_of
from pipelines.record.build import record_of
from pipelines.record.multipage import joined
from pipelines.rendering.blocks import as_blocks
from pipelines.rendering.html import Figure, as_html
from pipelines.rendering.markdown import as_markdown
from pipelines.rendering.parts import Part, parts_of
from pipelines.rendering.text import as_text
from tests.records.making import PARAGRAPH, page_of

REFERENCE = Path(__file__).parents[2] / "shared" / "data"
ALL = "COPYDESK_ALL_PAGES" in os.environ
ALL_FORMS = CleanOptions(markdown=True, html=True, blocks=True)
PAGES = sorted(REFERENCE.glob("*/pages/*.html.gz"))[:: 1 if ALL else 150]


def letters(text: str) -> str:
    """Only letters and digits, with superscripts as normal characters: no form may change these."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def shown(markup: str) -> str:
    return str(html.fromstring(f"<div>{markup}</div>").xpath("string()")) if markup else ""


def whole(page: bytes) -> Cleaned:
    """The page with every block kept."""
    return Cleaned(document_of(Page(page, url="https://example.org/a/b")), ())


TEXT = {
    "code": (
        "<p>See:</p><pre>def f():\n    return 1\n\n\n    # end</pre>",
        "See:\n\ndef f():\n    return 1\n\n\n    # end",
    ),
    "code with a line an element": (
        "<pre><code><span><i>    </i><b>return</b> 1</span><br><span>x</span><br><br><span>\ty</span></code></pre>",
        "    return 1\nx\n\n\ty",
    ),
    "code in divisions": ("<pre><div>if x:</div><div>    y\n</div></pre>", "if x:\n    y"),
    "table": (
        "<table><tr><th>Port<th>Boats<tr><td>Rye<td>7<tr><td>Hull<br>East<td>9</table>",
        "Port | Boats\nRye | 7\nHull East | 9",
    ),
    "layout table": ("<table><tr><td>" + "A passage of text. " * 40 + "<td>Menu</table>", None),
    "one column": ("<table><tr><td>one<tr><td>two</table>", "one\n\ntwo"),
    "lists": (
        "<p>Take:<ul><li>rope<ul><li>thin</ul><li>tar<p>and a brush</ul><p>Go.",
        "Take:\n\n- rope\n  - thin\n- tar\n  and a brush\n\nGo.",
    ),
    "item without a list": ("<div><li>one<li>two</div>", "- one\n- two"),
    "posts in a list": ("<ol><li><h3>Ann</h3><p>Yes.<li><h3>Ben</h3><p>No.</ol>", "Ann\n\nYes.\n\nBen\n\nNo."),
    "quote": ("<p>She said:<blockquote>Go.<br>Now.</blockquote>", "She said:\n\n> Go.\n> Now."),
    "the whole body in a quote": ("<blockquote>" + "<p>word" * 12 + "</blockquote>", "\n\n".join(["word"] * 12)),
    "raised and lowered": (
        "<p>CO<sub>2</sub>, x<sup>2</sup>, 10<sup>-3</sup>, x<sup>n+1</sup>, v<sub>max</sub>, the 19<sup>th</sup>, "
        "a note<sup>[3]</sup>",
        "CO₂, x², 10⁻³, x^(n+1), v_max, the 19th, a note[3]",
    ),
    "short quote": ("<p>He said <q>no</q> twice.", "He said “no” twice."),
}


def of(markup: str) -> list[Part]:
    return parts_of(whole(markup.encode()))


@pytest.mark.parametrize("name", TEXT)
def test_text_keeps_its_form(name: str) -> None:
    markup, expected = TEXT[name]
    text = as_text(of(markup))
    assert text == expected if expected is not None else " | " not in text


def test_html_is_a_few_elements_and_nested_as_in_the_page() -> None:
    markup = (
        "<h2 id=x>A <b>b</b></h2><ul><li>one<ol><li>two</ol><li>three</ul>"
        "<blockquote><p>q</blockquote><pre style=x>x &lt; y\n  z</pre>"
    )
    assert as_html(of(markup)).replace("\n</", "</") == (
        "<h2>A <strong>b</strong></h2>\n<ul>\n<li>one\n<ol>\n<li>two</li></ol></li>\n<li>three</li></ul>\n"
        "<blockquote>\n<p>q</p></blockquote>\n<pre><code>x &lt; y\n  z</code></pre>"
    )


def test_the_outer_hundred_of_endlessly_nested_lists_are_kept() -> None:
    parts = of("<ul><li>tar " * 2_000 + "rope")
    assert 90 < max(len(part.holders) for part in parts) <= 100  # without those that only serve the layout
    assert letters(shown(as_html(parts))) == "tar" * 2_000 + "rope"


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        " JAVASCRIPT:x",
        "java\nscript:x",
        "data:text/html,x",
        "vbscript:x",
        "http://[",
        "&#106;avascript:x",
    ],
)
def test_html_and_blocks_hold_no_link_that_runs(href: str) -> None:
    parts = of(
        f'<p onclick="x()">See <a href="{href}" onmouseover="x()">this</a> <img src=x onerror=x()>now.</p>'
        "<script>x()</script>"
    )
    assert as_html(parts) == "<p>See this now.</p>"
    assert as_blocks(parts)[0].links == ()


def test_markup_that_is_text_stays_text_in_html() -> None:
    made = as_html(of("<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;</p><p><a href='/a?b=\"><script>'>x</a>"))
    assert "<script" not in made
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;" in made


PICTURES = (
    '<figure><img src="/up/wall-1024x683.jpg" alt="A &quot;new&quot; wall"><figcaption>Photo: the wall</figcaption>'
    f"</figure><p>{PARAGRAPH}</p><ul><li>rope and tar for boats<img src=//cdn.example/rope.png><li>nothing else</ul>"
    '<p><img src="javascript:x()"><img src="/up/wall.jpg"><img width=20 src=/i.gif> And so it ends.</p>'
)


def test_html_shows_the_pictures_of_the_article_where_the_page_has_them() -> None:
    page = page_of("<title>Rope</title>", above="<h1>Rope</h1>" + PICTURES)
    made = (record_of(Page(page, url="https://a.example/b"), ALL_FORMS).article.body_html or "").split("\n")
    wall = (
        '<figure><img src="https://a.example/up/wall-1024x683.jpg" alt="A &quot;new&quot; wall">'
        "<figcaption>Photo: the wall</figcaption></figure>"
    )
    assert made[0] == wall
    assert made.count(wall) == sum("<img" in line for line in made) - 1 == 1, "once in its largest size, and no icon"
    rope = '<figure><img src="https://cdn.example/rope.png" alt=""></figure>'
    assert made.index(rope) == made.index("<ul>") - 1, "no list holds a figure"
    assert "javascript" not in "".join(made)


def test_figures_are_escaped_and_come_before_their_block() -> None:
    figures = [Figure(9, "https://a.example/z"), Figure(1, "https://a.example/x?a=1&b", "it's", "c < d")]
    assert as_html(of("<p>a<p>b"), figures).split("\n") == [
        "<p>a</p>",
        '<figure><img src="https://a.example/x?a=1&amp;b" alt="it&#x27;s"><figcaption>c &lt; d</figcaption></figure>',
        "<p>b</p>",
        '<figure><img src="https://a.example/z" alt=""></figure>',
    ]


def test_a_caption_that_is_in_the_body_is_not_repeated() -> None:
    caption = "The wall on the morning after the storm, seen from the pier with the boats behind it."
    above = f"<h1>Rope</h1><figure><img src=/wall.jpg><figcaption>{caption}</figcaption></figure>"
    kept = replace(ALL_FORMS, plan=(), engine="blocks")
    made = record_of(Page(page_of(above=above), url="https://a.example/b"), kept).article
    assert caption in made.body
    assert (made.body_html or "").count(caption) == 1


def test_blocks_have_kind_level_text_and_links() -> None:
    markup = (
        '<h3>Tides</h3><ul><li>high<ul><li><a href="/low">low <i>water</i></a></ul></ul>'
        "<table><tr><td>a<td>b<tr><td>c<td>d</table>"
    )
    made = [(one.kind, one.level, one.text, [tuple(link) for link in one.links]) for one in as_blocks(of(markup))]
    assert made == [
        ("heading", 3, "Tides", []),
        ("list_item", 1, "high", []),
        ("list_item", 2, "low water", [("low water", "https://example.org/low")]),
        ("table_row", 0, "a | b", []),
        ("table_row", 0, "c | d", []),
    ]


def test_a_record_has_every_form_that_is_asked_for() -> None:
    page = page_of("<title>Rope</title>", below="", body="A rope is <b>long</b>. " + PARAGRAPH)
    plain, full = (record_of(Page(page), options).article for options in (CleanOptions(), ALL_FORMS))
    assert (plain.body_markdown, plain.body_html, plain.blocks) == (None, None, [])
    assert (full.body, full.blocks[0].kind) == (plain.body, "paragraph")
    assert "**long**" in (full.body_markdown or "")
    assert "<strong>long</strong>" in (full.body_html or "")


def test_pages_of_one_article_are_joined_in_every_form() -> None:
    teaser, code = "<p>" + PARAGRAPH + "</p>", "<pre>for x in y:\n    print(x)\n\n}</pre>"
    pages = [page_of(body=teaser + f"<p>On page {n} the ferry sails. {PARAGRAPH}</p>" + code) for n in (1, 2)]
    one = joined([record_of(Page(page), ALL_FORMS).article for page in pages])
    for form in (one.body, one.body_markdown or "", one.body_html or "", " ".join(b.text for b in one.blocks)):
        assert form.count("On page 1") == form.count("On page 2") > 0
    assert one.body.count("    print(x)") == (one.body_html or "").count("    print(x)") >= 2
    assert sum(block.text == PARAGRAPH.strip() for block in one.blocks) == one.body.split("\n\n").count(
        PARAGRAPH.strip()
    )


def test_passages_that_two_cleaners_cut_take_no_other_text_with_them() -> None:
    blocks = (Block(0, "Menu Home Search Close The ferry sails again on Monday."),)
    document = Document(blocks, Decoded(blocks[0].text, "str", "given"))
    cuts = [Mark(0, "cut", "navigation", "", start, end) for start, end in ((10, 22), (0, 16), (5, 9))]
    assert Cleaned(document, tuple(cuts)).text == "The ferry sails again on Monday."


def test_an_article_whose_first_page_has_no_text_has_the_forms_of_the_others() -> None:
    further = Page(page_of(body="<p>" + PARAGRAPH + "</p>"), url="https://example.org/a?page=2")
    page = Page("<title>Rope</title>", url="https://example.org/a", more_pages=(further,))
    alone, joint = record_of(further, ALL_FORMS).article, record_of(page, ALL_FORMS).article
    assert (joint.body, joint.word_count) == (alone.body, alone.word_count)
    assert (joint.body_markdown, joint.body_html) == (alone.body_markdown, alone.body_html)
    plain = record_of(page, CleanOptions(fields=("body",))).article
    assert (plain.word_count, plain.body_markdown, plain.body_html) == (0, None, None)


@pytest.mark.skipif(not PAGES, reason="the reference pages are not here")
def test_the_forms_of_reference_pages_hold_the_words_of_their_blocks() -> None:
    markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
    reader = markdown_it.MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    wrong = []
    for path in PAGES:
        cleaned = whole(gzip.decompress(path.read_bytes()))
        parts = parts_of(cleaned)
        words = letters(paragraphs(cleaned.kept))
        forms = {
            "text": as_text(parts),
            "plain text": as_text(parts_of(cleaned, None, with_marks=False)),
            "blocks": " ".join(block.text for block in as_blocks(parts)),
            "html": shown(as_html(parts)),
            "markdown": shown(reader.render(as_markdown(parts))),
        }
        wrong += [(f"{path.parts[-3]}/{path.name}", name) for name, form in forms.items() if letters(form) != words]
    assert wrong == []
