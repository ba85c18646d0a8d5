"""The view of one page: complete, safe, and usable by mouse, keyboard, on a phone and in the dark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cleaners.page import Page
from pipelines.record.build import record_of
from pipelines.review.page import page_html
from pipelines.review.view import view_of

SAMPLE = Path(__file__).parents[2] / "seeds" / "site" / "news" / "ferry-timetable.html"
HOSTILE = b"""<!doctype html><html><head><title>A <script>alert(1)</script> title</title>
<meta http-equiv="refresh" content="0; url=http://127.0.0.1:9/away"><base href="http://127.0.0.1:9/">
<link rel="preconnect" href="http://127.0.0.1:9"><link rel="stylesheet" href="http://127.0.0.1:9/a.css"></head>
<body onload="document.title='run'"><h1>The harbour &lt;script&gt;document.title='run'&lt;/script&gt; wall</h1>
<p>The wall on the north side of the harbour is to be raised by a metre before the winter storms, the council said.
"><img src=x onerror="document.title='run'"></p><script>document.title = 'run'</script>
<p>Work begins on Monday and takes five weeks; boats are moved to the inner basin while the cranes stand on the quay.
<a href="javascript:document.title='run'">Read the plan</a> <img src="http://127.0.0.1:9/picture.png"></p>
<iframe src="http://127.0.0.1:9/frame"></iframe><p class="share">Share this article</p></body></html>"""


def html_of(content: bytes) -> str:
    return page_html(view_of(record_of(Page(content, url="https://example.org/a"))))


@pytest.fixture
def sample(tmp_path: Path) -> str:
    path = tmp_path / "view.html"
    path.write_text(html_of(SAMPLE.read_bytes()), "utf-8")
    return path.as_uri()


def opened(browser: Any, address: str, **options: Any) -> Any:
    page = browser.new_context(**options).new_page()
    page.goto(address)
    return page


def test_every_block_of_the_page_is_in_the_view() -> None:
    made = record_of(Page(SAMPLE.read_bytes(), url="https://example.org/a"))
    view = view_of(made)
    assert [block.text for block in view.blocks] == [block.text for block in made.cleaned.document.blocks]
    assert {block.index for block in view.blocks if not block.kept} == {
        block.index for block, mark in made.cleaned.dropped if mark.action == "drop"
    }


def test_every_field_shows_its_candidates_with_their_probabilities() -> None:
    view = view_of(record_of(Page(SAMPLE.read_bytes(), url="https://example.org/a")))
    headline = next(field for field in view.fields if field.name == "headline")
    assert headline.value == headline.candidates[0].text == "Night ferry returns after six winters"
    assert headline.candidates[0].probability is not None
    assert len(headline.candidates) > 1


@pytest.mark.browser
def test_a_block_says_why_it_was_removed_when_it_is_chosen(browser: Any, sample: str) -> None:
    page = opened(browser, sample)
    line = page.locator("li.dropped", has_text="READ MORE").first
    assert not line.locator(".why").is_visible()
    line.locator("summary").click()
    assert "read more" in line.locator(".why").inner_text()


@pytest.mark.browser
def test_the_keyboard_reaches_every_line_and_opens_it(browser: Any, sample: str) -> None:
    page = opened(browser, sample)
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    opened_lines = page.locator("ol.blocks details[open]")
    assert opened_lines.count() == 1
    assert "We use cookies" in opened_lines.inner_text()


@pytest.mark.browser
def test_a_reason_filters_the_blocks(browser: Any, sample: str) -> None:
    page = opened(browser, sample)
    page.locator('button[data-show="cookie_notice"]').click()
    shown = [one for one in page.locator("ol.blocks li[data-reason]").all() if one.is_visible()]
    assert {one.get_attribute("data-reason") for one in shown} == {"cookie_notice"}
    page.locator('button[data-show="body"]').click()
    assert page.locator("li.kept").first.is_visible()
    assert not page.locator('li[data-reason="cookie_notice"]').first.is_visible()


@pytest.mark.browser
def test_a_phone_needs_no_sideways_scrolling(browser: Any, sample: str) -> None:
    page = opened(browser, sample, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not page.locator(".original").is_visible()
    assert not page.locator("#beside").is_visible(), "there is nothing beside on a phone"


@pytest.mark.browser
def test_the_dark_scheme_has_light_letters_on_a_dark_page(browser: Any, sample: str) -> None:
    page = opened(browser, sample, color_scheme="dark")
    colours = page.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")
    letters, paper = (sum(int(n) for n in one.strip("rgb()").split(",")[:3]) for one in colours)
    assert letters > 600
    assert paper < 150


@pytest.mark.browser
def test_nothing_of_a_hostile_page_runs_or_is_loaded(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(html_of(HOSTILE), "utf-8")
    page = browser.new_context(viewport={"width": 1500, "height": 900}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_timeout(300)
    assert [url for url in asked if url.startswith("http")] == []
    assert page.title() != "run"
    assert len(page.frames) == 2  # ours, and the original's sandbox
    assert "north side of the harbour" in page.frame_locator("iframe").locator("body").inner_text()


def test_what_a_browser_would_run_is_gone_from_the_file_itself() -> None:
    made = html_of(HOSTILE).lower()
    signs = ("onerror=", "onload=", "javascript:", "preconnect", 'http-equiv="refresh', "http-equiv=&quot;refresh")
    assert [sign for sign in signs if sign in made] == []
