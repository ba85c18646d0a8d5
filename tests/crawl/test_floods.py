"""Endless sitemaps and an unreadable robots.txt neither flood a crawl nor allow what is forbidden."""

from __future__ import annotations

import contextlib
import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from scrapy.http import Response

from crawler.fetching.robots_length import ROBOTS_BYTES, unpacked_start, with_whole_lines
from crawler.running.leads import SITEMAPS_BEFORE_ARTICLES
from tests.crawl.handler_server import answering
from tests.crawl.running import crawl, records

SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
STORY = "<p>" + "The pilots' association has asked for the buoys below the point to be lit again before winter. " * 12
PAGE = (
    f"<!doctype html><html lang=en><title>Buoys</title><body><article><h1>Buoys to be lit again</h1>{STORY}</article>"
)

RULES = b"User-agent: *\nDisallow: /news/\n"
FILLER = b"# nothing but words\n"


class Flood(BaseHTTPRequestHandler):
    asked: list[str]
    named: int
    robots: str
    sent: int

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        kind, body = self.answer()
        if self.path == "/robots.txt" and type(self).robots == "inside":
            self.send_response(302)
            self.send_header("Location", "http://10.0.0.1/robots.txt")
        else:
            self.send_response(200)
        if self.path == "/robots.txt" and type(self).robots == "bomb":
            body = gzip.compress(RULES + FILLER * 1_000_000)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", kind)
        if self.path == "/robots.txt" and type(self).robots == "endless":
            self.end_headers()
            self.endless()
            return
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def endless(self) -> None:
        """Send rules, and then words until the client stops reading."""
        with contextlib.suppress(OSError):
            self.wfile.write(RULES)
            while True:
                self.wfile.write(FILLER * 1000)
                type(self).sent += 1000 * len(FILLER)

    def answer(self) -> tuple[str, bytes]:
        base = f"http://{self.headers['Host']}"
        if self.path == "/robots.txt":
            named = [f"Sitemap: {base}/map-{n}.xml" for n in range(type(self).named)]
            return "text/plain", "\n".join(["User-agent: *", "Disallow:", *named]).encode()
        if self.path.startswith("/map-"):
            name = self.path.removesuffix(".xml")
            more = "".join(f"<sitemap><loc>{base}{name}{side}.xml</loc></sitemap>" for side in "ab")
            return (
                "text/xml",
                f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{more}</sitemapindex>'.encode(),
            )
        if self.path.startswith("/news/"):
            return "text/html", PAGE.encode()
        return (
            "text/html",
            f'<html><body><a href="{base}/news/buoys-to-be-lit-again-before-winter">Buoys</a>'.encode(),
        )

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def flood() -> Iterator[tuple[str, type[Flood]]]:
    handler = type("ThisFlood", (Flood,), {"asked": [], "named": 1, "robots": "", "sent": 0})
    with answering(handler) as base:
        yield base, handler


@pytest.mark.crawl
def test_nested_sitemap_indexes_end_and_the_article_does_not_wait(
    flood: tuple[str, type[Flood]], tmp_path: Path
) -> None:
    base, handler = flood
    done = crawl("-a", f"url={base}/", "-O", str(tmp_path / "a.jsonl"))
    assert done.returncode == 0, done.stderr
    maps = [path for path in handler.asked if path.startswith("/map-")]
    assert len(maps) == 1 + 2 + 4 + 8
    article = next(n for n, path in enumerate(handler.asked) if path.startswith("/news/"))
    assert sum(path.startswith("/map-") for path in handler.asked[:article]) <= 1 + 2 + 4
    assert len(records(tmp_path / "a.jsonl")) == 1


@pytest.mark.crawl
def test_a_robots_txt_full_of_sitemaps_is_read_up_to_the_limit(flood: tuple[str, type[Flood]], tmp_path: Path) -> None:
    base, handler = flood
    handler.named = 5_000
    done = crawl("-a", f"url={base}/", "-O", str(tmp_path / "a.jsonl"), SITEMAPS_MAX="12")
    assert sum(path.startswith("/map-") for path in handler.asked) == 12
    assert done.stderr.count("names more than 12 sitemaps; the others are left out") == 1
    assert len(records(tmp_path / "a.jsonl")) == 1


@pytest.mark.crawl
def test_articles_come_before_most_of_the_sitemaps_that_a_site_names(
    flood: tuple[str, type[Flood]], tmp_path: Path
) -> None:
    base, handler = flood
    handler.named = 60
    done = crawl("-a", f"url={base}/", "-O", str(tmp_path / "a.jsonl"), SITEMAPS_MAX="60")
    assert done.returncode == 0, done.stderr
    article = next(n for n, path in enumerate(handler.asked) if path.startswith("/news/"))
    maps = [n for n, path in enumerate(handler.asked) if path.startswith("/map-")]
    assert len(maps) == 60
    # On a busy machine, some more are fetched before the first page is read and its article is known.
    assert sum(n < article for n in maps) <= SITEMAPS_BEFORE_ARTICLES + 25


@pytest.mark.crawl
def test_a_robots_txt_that_was_refused_allows_nothing(flood: tuple[str, type[Flood]], tmp_path: Path) -> None:
    base, handler = flood
    handler.robots = "inside"
    done = crawl("-a", f"url={base}/", "-O", str(tmp_path / "a.jsonl"))
    assert done.returncode == 1
    assert set(handler.asked) == {"/robots.txt"}
    assert "its robots.txt cannot be read" in done.stderr


@pytest.mark.crawl
@pytest.mark.parametrize("robots", ["bomb", "endless"])
def test_the_beginning_of_an_endless_robots_txt_is_obeyed(
    flood: tuple[str, type[Flood]], tmp_path: Path, robots: str
) -> None:
    base, handler = flood
    handler.robots = robots
    done = crawl("-a", f"url={base}/", "-O", str(tmp_path / "a.jsonl"))
    assert done.returncode == 0, done.stderr
    assert set(handler.asked) == {"/robots.txt", "/"}, "what it forbids is left alone, and nothing else"
    assert "/robots.txt is longer than 500 KiB" in done.stderr
    assert handler.sent < 100_000_000


def test_a_long_robots_txt_is_cut_after_a_whole_line_and_unpacked_no_further() -> None:
    rules = FILLER * 26_000
    assert len(unpacked_start(gzip.compress(rules) + gzip.compress(rules))) == ROBOTS_BYTES + 1
    cut = with_whole_lines(Response("http://a.example/robots.txt", body=rules)).body
    assert rules.startswith(cut)
    assert len(cut) % len(FILLER) == len(FILLER) - 1, "without the line break after its last line"
    assert ROBOTS_BYTES - len(FILLER) < len(cut) <= ROBOTS_BYTES
