from __future__ import annotations

import pytest

from cleaners.words.addresses import host_name, registered_domain


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://edition.example.com/a", "example.com"),
        ("https://money.example.com/a", "example.com"),
        ("https://www.news.example.com.au:8080/a?b#c", "example.com.au"),
        ("https://reader:secret@m.example.co.jp/", "example.co.jp"),
        ("http://192.0.2.7/a", "192.0.2.7"),
        ("http://m.paper.test/a", "paper.test"),
        ("http://localhost:5000/a", "localhost"),
        ("http://[::1]:5000/a", "::1"),
        ("http://[broken/a", ""),
        ("pages/story.html", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_the_registered_domain_of_an_address(url: str | None, domain: str) -> None:
    assert registered_domain(url) == domain


def test_the_host_of_an_address_has_no_www_and_no_capitals() -> None:
    assert host_name("https://WWW.Example.org/") == "example.org"
    assert host_name("https://www2.example.org/") == "www2.example.org"
