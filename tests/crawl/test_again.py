"""The same crawl again: resumed, for new articles, or from scratch."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from benchmarks.crawl.kill import kill_and_resume
from crawler.urls.spelling import one_spelling
from tests.crawl.handler_server import answering
from tests.crawl.running import crawl, records, seen_by, serving_plainly, start_crawl
from tests.crawl.site import Site
from tests.crawl.words import paragraphs


def test_a_crawl_that_is_killed_and_resumed_has_every_article_exactly_once(tmp_path: Path) -> None:
    found = kill_and_resume(30, kills=2, seed=4, folder=tmp_path, longest=0.5, timeout=6.0, start=start_crawl)
    assert found.right, str(found)
    assert found.kills >= 1


def test_a_second_run_fetches_and_adds_only_what_is_new_or_changed(tmp_path: Path) -> None:
    output = tmp_path / "articles.jsonl"
    with serving_plainly(20) as base:
        port = base.rpartition(":")[2]
        crawl("-a", f"url={base}/", "-o", str(output))
        first = records(output)
        assert len(first) == 20
    with serving_plainly(24, "--port", port, "--changed", "8,15") as base:
        done = crawl("-a", f"url={base}/", "-o", str(output))
        seen = seen_by(base)
    added = records(output)[len(first) :]
    site_wide = {one_spelling(record["url"]).rpartition("-")[2] for record in added}
    assert site_wide == {"8", "15", "20", "21", "22", "23"}
    assert sum(n for path, n in seen.items() if "/20" in path) <= 20
    assert "unchanged since the last run" in done.stderr
    changed = next(record for record in added if record["url"].endswith("-15"))
    assert (changed["date_modified"], changed["date_modified_source"]) == ("2024-06-02", "sitemap")


def test_the_same_output_with_capital_o_starts_over(tmp_path: Path) -> None:
    output = tmp_path / "articles.jsonl"
    with serving_plainly(3) as base:
        crawl("-a", f"url={base}/", "-O", str(output))
        first = output.read_text(encoding="utf-8")
        crawl("-a", f"url={base}/", "-O", str(output))
    again = output.read_text(encoding="utf-8")
    assert sorted(json.loads(line)["id"] for line in first.splitlines()) == sorted(
        json.loads(line)["id"] for line in again.splitlines()
    )
    assert len(again.splitlines()) == 3


def test_a_seed_that_fails_is_named_and_the_exit_status_says_so(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds.csv"
    output = tmp_path / "articles.jsonl"
    with serving_plainly(5) as base:
        seeds.write_text(f"url\n{base}/\nhtp://bad\n{base}/nowhere\n", encoding="utf-8")
        done = crawl("-a", f"seeds={seeds}", "-O", str(output))
    assert done.returncode == 1
    assert f"{seeds}:3: 'htp://bad' is not an http(s) URL" in done.stderr
    assert f"{base}/nowhere: not fetched (the server answered 404); check the address" in done.stderr
    assert len(records(output)) == 5


class OnceBroken(BaseHTTPRequestHandler):
    """A page with a link to a story, which is broken at first."""

    is_broken = True

    def do_GET(self) -> None:
        link = b'<p><a href="/news/buoys-to-be-lit-again-before-winter">Buoys to be lit again before winter</a>'
        story = b"<html lang=en><article><h1>Buoys to be lit again</h1><p>" + b"The pilots asked for it at last. " * 60
        is_story = self.path.startswith("/news/")
        body = story if is_story else link if self.path == "/" else b""
        self.send_response(500 if is_story and self.is_broken else 200 if body else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def test_a_page_that_failed_is_fetched_by_the_next_run_though_no_listing_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "articles.jsonl"
    with answering(OnceBroken) as base:
        first = crawl("-a", f"url={base}/", "-o", str(output), RETRY_TIMES="0")
        assert records(output) == []
        assert "1  of these failures may be over by the next run, which asks again" in first.stderr
        monkeypatch.setattr(OnceBroken, "is_broken", False)
        crawl("-a", f"url={base}/", "-o", str(output))
    assert [record["headline"] for record in records(output)] == ["Buoys to be lit again"]


class Moved(BaseHTTPRequestHandler):
    """A page that links a story at an address from which it has moved."""

    story = "The keeper is on leave for a week. " * 60

    def do_GET(self) -> None:
        link = '<p><a href="/news/the-lighthouse-stays-dark-for-a-week">The lighthouse stays dark for a week</a>'
        story = f"<html lang=en><article><h1>The lighthouse stays dark</h1><p>{self.story}"
        body = {"/": link, "/news/the-lighthouse-stays-dark-for-a-week/": story}.get(self.path, "")
        self.send_response(200 if body else 301 if self.path.startswith("/news/") else 404)
        self.send_header("Location", f"{self.path}/")
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def test_an_article_that_moved_is_fetched_again_when_its_last_fetch_is_old_though_no_listing_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "articles.jsonl"
    with answering(Moved) as base:
        crawl("-a", f"url={base}/", "-o", str(output))
        monkeypatch.setattr(Moved, "story", "The keeper is back and the lamp burns again. " * 60)
        crawl("-a", f"url={base}/", "-o", str(output))
        assert len(records(output)) == 1
        crawl("-a", f"url={base}/", "-o", str(output), REFETCH_AGE="-1")  # all that was fetched before tomorrow
    assert [record["body"][:22] for record in records(output)] == ["The keeper is on leave", "The keeper is back and"]


def test_a_seed_that_is_an_article_is_fetched_again_and_still_leads_nowhere_else(tmp_path: Path) -> None:
    output = tmp_path / "articles.jsonl"
    path = Site().path_of(8)
    with serving_plainly(12) as base:
        crawl("-a", f"url={base}{path}", "-o", str(output))
    with serving_plainly(12, "--port", base.rpartition(":")[2], "--changed", "8") as base:
        crawl("-a", f"url={base}{path}", "-o", str(output))
        assert set(seen_by(base)) == {"/robots.txt", path, "/requests-seen"}
    assert [record["url"] for record in records(output)] == [base + path] * 2


def test_a_live_blog_that_grew_is_fetched_and_written_again_without_another_hint(tmp_path: Path) -> None:
    output = tmp_path / "articles.jsonl"
    live = Site().path_of(12)
    assert Site().is_live(12)
    with serving_plainly(14) as base:
        crawl("-a", f"url={base}/", "-o", str(output))
    first = [record for record in records(output) if "live_blog" in record["flags"]]
    assert [record["url"] for record in first] == [base + live]
    places = [first[0]["body"].index(text) for text in paragraphs(12)]
    assert places == sorted(places, reverse=True)
    with serving_plainly(14, "--port", base.rpartition(":")[2], "--changed", "8,12", "--untold") as base:
        crawl("-a", f"url={base}/", "-o", str(output))
    (again,) = records(output)[14:]
    assert again["url"] == base + live
    assert again["body"].index("This report was corrected") < again["body"].index(paragraphs(12)[-1])
