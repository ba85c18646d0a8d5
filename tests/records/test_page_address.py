"""A saved page without an address has the one that it states."""

import pytest

from cleaners import Page
from pipelines.record.build import record_of

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


def test_a_given_address_stands() -> None:
    page = Page(
        f'<link rel="canonical" href="https://mill.example/weir">{BODY}', url="https://mill.example/weir?page=2"
    )
    assert record_of(page).article.url == "https://mill.example/weir?page=2"
