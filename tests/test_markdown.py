"""The Markdown body keeps the structure of the kept blocks."""

import pytest
from lxml import html

from cleaners import Page
from cleaners.document import Cleaned, Mark
from cleaners.plan import document_of
from pipelines.rendering.markdown import as_markdown
from pipelines.rendering.parts import parts_of

CASES = {
    "heading": ("<h2>A title</h2><p>Text.</p>", "## A title\n\nText."),
    "emphasis and code": (
        "<p>A <b>bold</b>, <em>soft</em>, <code>x*y</code> word</p>",
        "A **bold**, *soft*, `x*y` word",
    ),
    "emphasis on a word's end": ("<p>un<b>tied</b>, <i><b>both</b></i></p>", "un**tied**, ***both***"),
    "emphasis whose sign would be read as text": (
        "<p><b>Tide:</b>table and <b>more</b>: <i>(low)</i>water</p>",
        "Tide:table and **more**: (low)water",
    ),
    "link": ('<p>See <a href="/a b">the page</a>.</p>', "See [the page](http://example.org/a%20b)."),
    "script link": ('<p>See <a href="javascript:void(0)">the page</a>.</p>', "See the page."),
    "lists": ("<ul><li>one<ul><li>sub</li></ul></li><li>two</li></ul>", "- one\n    - sub\n- two"),
    "numbered list": ("<ol><li>one<li>two</ol>", "1. one\n2. two"),
    "quote": ("<blockquote><p>one</p><p>two</p></blockquote>", "> one\n>\n> two"),
    "code": ("<pre>def f():\n    return 1\n</pre>", "```\ndef f():\n    return 1\n```"),
    "language of code": (
        '<div class="highlight-python"><pre>if x:\n    y</pre></div>'
        '<pre><code class="language-c++">int x;</code></pre>',
        "```python\nif x:\n    y\n```\n\n```c++\nint x;\n```",
    ),
    "code with a fence in it": ("<pre>```\na\n```</pre>", "````\n```\na\n```\n````"),
    "line break": ("<p>one<br>two</p>", "one\\\ntwo"),
    "paragraphs of an item": ("<ul><li>one<p>more</p></li><li>two</ul>", "- one\n\n    more\n- two"),
    "item without text of its own": ("<ul><li><ul><li>inner</ul></ul>", "- inner"),
    "list in a quote": ("<blockquote><p>one</p><ul><li>two</ul></blockquote>", "> one\n>\n> - two"),
    "list from a number on": ('<ol start="4"><li>one<li>two</ol>', "4. one\n5. two"),
    "link in a link": (
        '<p><a href="/a">one <a href="/b">two</a></a></p>',
        "[one](http://example.org/a) [two](http://example.org/b)",
    ),
    "quote in an item": (
        "<ul><li>He said:<blockquote><p>Go.</p></blockquote><p>We went.</li><li>Then rain</ul>",
        "- He said:\n\n    > Go.\n\n    We went.\n- Then rain",
    ),
    "item that begins with a quote": (
        "<ul><li><blockquote><p>Go.</p><p>Now.</p></blockquote></li><li>two</ul>",
        "- > Go.\n    >\n    > Now.\n\n- two",
    ),
    "item that begins with code": ("<ul><li><pre>if x:\n    y</pre></li></ul>", "- ```\n  if x:\n      y\n  ```"),
    "text between numbered items": ("<ol><li>one</li>/<li>two</ol>", "1. one\n\n/\n\n2. two"),
    "list from a number on under the text of an item": (
        '<ul><li>one<ol start="3"><li>two</ol></li><li>three</ul>',
        "- one\n\n    3. two\n- three",
    ),
    "three digits before an item": (
        '<ol start="100"><li>one<p>more</p></li><li>two</ol>',
        "100. one\n\n     more\n101. two",
    ),
    "exclamation mark before a link": ('<p>New!<a href="/a">See</a></p>', "New\\![See](http://example.org/a)"),
    "code that is raised, after code": ("<p><code>2</code><sup><code>nd</code></sup> y</p>", "`2nd` y"),
    "link in code": (
        '<p><code>use <a href="/a">spawn</a>;</code><code>rt</code></p>',
        "`use` [`spawn`](http://example.org/a)`;rt`",
    ),
    "address with signs": (
        '<p><a href="/`a\\b)?x&amp;amp;y">here</a> `c`</p>',
        "[here](http://example.org/%60a%5Cb%29?x&amp;amp;y) \\`c\\`",
    ),
    "number sign at the end of a heading": ("<h2>Learn C #</h2>", "## Learn C \\#"),
    "dashes under a line": ("<p>a | b<br>--- | ---</p>", "a | b\\\n\\--- | ---"),
    "table": (
        "<table><tr><th>A<th>B<tr><td>1<td>2|3</table>",
        "| A | B |\n| --- | --- |\n| 1 | 2\\|3 |",
    ),
    "special characters": ("<p># 2*3 [x] &lt;b></p>", "\\# 2\\*3 \\[x\\] \\<b>"),
}


def cleaned(markup: str, *marks: Mark) -> Cleaned:
    return Cleaned(document_of(Page(markup, url="http://example.org/x/")), marks)


@pytest.mark.parametrize("name", CASES)
def test_markup_becomes_markdown(name: str) -> None:
    markup, expected = CASES[name]
    assert as_markdown(parts_of(cleaned(markup))) == expected


@pytest.mark.parametrize("name", CASES)
def test_a_reader_of_commonmark_finds_the_words_of_the_markup(name: str) -> None:
    markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
    reader = markdown_it.MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    markup, markdown = CASES[name]
    assert signs(reader.render(markdown)) == signs(markup)


def signs(markup: str) -> str:
    """All visible characters of a page."""
    return "".join(str(html.fromstring(f"<div>{markup}</div>").xpath("string()")).split())


def test_dropped_blocks_are_not_in_the_markdown() -> None:
    found = cleaned("<p>Stay.</p><p>Go.</p>", Mark(1, "drop", "boilerplate", ""))
    assert as_markdown(parts_of(found)) == "Stay."


def test_a_cut_passage_is_not_in_the_markdown() -> None:
    found = cleaned("<p>Share The <b>minister</b> spoke.</p>", Mark(0, "cut", "share_bar", "", 0, 6))
    assert as_markdown(parts_of(found)) == "The minister spoke."
