"""A saved page without an address gets the address that it states."""

from collections.abc import Sequence

import pytest

from cleaners import CleanOptions, Page
from cleaners.document import CleanerResult, Document, Mark
from cleaners.options import Cleaner
from pipelines.record.build import record_of
from pipelines.workers.site_learning import lines_of

BODY = "<p>The mill on the lower weir has ground no corn since the flood, and nobody has asked for the key.</p>"

CASES = {
    "canonical link": ('<link rel="canonical" href="https://mill.example/weir">', "https://mill.example/weir"),
    "og:url": (
        '<meta property="og:url" content="https://mill.example/weir?utm_source=x">',
        "https://mill.example/weir",
    ),
    "canonical before og:url": (
        '<meta property="og:url" content="https://mill.example/b"><link rel=canonical href="https://mill.example/a">',
        "https://mill.example/a",
    ),
    "a home page": ('<link rel="canonical" href="https://mill.example/">', None),
    "a relative link": ('<link rel="canonical" href="/weir">', None),
    "another scheme": ('<link rel="canonical" href="file:///etc/passwd">', None),
    "nothing": ("", None),
}


@pytest.mark.parametrize("name", CASES)
def test_the_address_is_what_the_page_states(name: str) -> None:
    head, url = CASES[name]
    assert record_of(Page(f"<head>{head}</head><body>{BODY}</body>")).article.url == url


def test_a_given_address_is_kept() -> None:
    page = Page(
        f'<link rel="canonical" href="https://mill.example/weir">{BODY}', url="https://mill.example/weir?page=2"
    )
    assert record_of(page).article.url == "https://mill.example/weir?page=2"


def test_cleaners_and_the_memory_of_a_site_know_the_address_that_a_page_states() -> None:
    page = Page(f'<link rel="canonical" href="https://mill.example/weir">{BODY}')
    seen: list[str | None] = []

    def look(document: Document, marks: Sequence[Mark], options: CleanOptions) -> CleanerResult:
        seen.append(document.url)
        return CleanerResult()

    record_of(page, CleanOptions(plan=(Cleaner("look", ("html",), look),)))
    assert seen == [lines.url for lines in lines_of((page,))] == ["https://mill.example/weir"]
