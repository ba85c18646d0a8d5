"""A crawl with entries about a site: the next pages of an article, and the page with the whole article."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests import warm
from tests.crawl.handler_server import answering
from tests.crawl.running import FAST, records
from tests.records.making import PARAGRAPH

ENTRY = """
domain = "127.0.0.1"
valid_until = 2090-01-01
reason = "The links to further pages have no number and no rel."
next_page = "css:a.onward"
single_page = "css:a.whole"
"""
CONFIG = "next_page_link: //a[@class='onward']\nsingle_page_link: //a[@class='whole']/@href\n"


def page(title: str, text: str, link: str = "") -> str:
    facts = {"@type": "NewsArticle", "headline": title, "datePublished": "2024-05-03"}
    body = "".join(f"<p>{text} {PARAGRAPH}</p>" for _ in range(4))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<script type="application/ld+json">{json.dumps(facts)}</script></head>'
        f"<body><main><article><h1>{title}</h1>{body}{link}</article></main></body></html>"
    )


VOTE, CLOCK = "The bridge vote goes on", "The tower clock is right again"
WHOLE = '<a class="whole" href="/all/tower-clock.html">all</a>'
PAGES = {
    "/": f'<!doctype html><title>Post</title><h2><a href="/news/bridge-vote.html">{VOTE}</a></h2>'
    f'<h2><a href="/news/tower-clock.html">{CLOCK}</a></h2>',
    "/news/bridge-vote.html": page(VOTE, "First.", '<a class="onward" href="bridge-b.html">on</a>'),
    "/news/bridge-b.html": page(VOTE, "Second.", '<a class="onward" href="bridge-c.html">on</a>'),
    "/news/bridge-c.html": page(VOTE, "Third.", '<a class="onward" href="https://elsewhere.example/">on</a>'),
    "/news/tower-clock.html": page(CLOCK, "A part.", WHOLE),
    "/all/tower-clock.html": page(CLOCK, "All of it.", WHOLE),
}


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        text = PAGES.get(self.path)
        self.send_response(200 if text else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((text or "").encode())

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    with answering(Site) as base:
        yield base


@pytest.mark.parametrize(("name", "text"), [("post.toml", ENTRY), ("127.0.0.1.txt", CONFIG)], ids=["entry", "config"])
def test_a_crawl_follows_the_links_that_an_entry_names(tmp_path: Path, address: str, name: str, text: str) -> None:
    (tmp_path / "entries").mkdir()
    (tmp_path / "entries" / name).write_text(text, encoding="utf-8")
    output = tmp_path / "articles.jsonl"
    settings = [part for key, value in FAST.items() for part in ("--setting", f"{key}={value}")]
    entries = ["--sites", str(tmp_path / "entries")]
    done = warm.run("copydesk", "crawl", f"{address}/", "-o", str(output), *entries, *settings)
    assert done.returncode == 0, done.stderr
    by_path = {record["url"].removeprefix(address): record for record in records(output)}
    assert by_path.keys() == {"/news/bridge-vote.html", "/all/tower-clock.html"}, done.stderr
    bridge = by_path["/news/bridge-vote.html"]
    assert all(word in bridge["body"] for word in ("First.", "Second.", "Third."))
    names = [url.rpartition("/")[2] for url in bridge["page_urls"]]
    assert names == ["bridge-vote.html", "bridge-b.html", "bridge-c.html"]
    assert "All of it." in by_path["/all/tower-clock.html"]["body"]
