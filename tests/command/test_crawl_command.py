"""`copydesk crawl` from any folder, as someone who installed the package calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawl.running import environment, serving_plainly

FAST = ("--delay", "0", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8")


def crawl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "copydesk", "crawl", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment(), timeout=120)


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.crawl
def test_a_site_is_crawled_from_a_folder_without_any_project(tmp_path: Path) -> None:
    with serving_plainly(6) as base:
        done = crawl(tmp_path, f"{base}/", *FAST)
    assert done.returncode == 0, done.stderr
    assert len(records(tmp_path / "articles.jsonl")) == 6
    told = done.stderr.splitlines()
    assert told[0] == "records go to articles.jsonl; -o names another file"
    assert len(told) < 15, "what a person wants to know, no lists of settings"
    assert "http_404" not in done.stderr


@pytest.mark.crawl
def test_files_of_ones_own_with_our_names_break_neither_command_nor_workers(tmp_path: Path) -> None:
    (tmp_path / "pipelines.py").write_text("raise SystemExit('not yours')\n")
    (tmp_path / "cleaners.py").write_text("raise SystemExit('not yours')\n")
    (tmp_path / "crawler").mkdir()
    (tmp_path / "crawler" / "__init__.py").write_text("raise SystemExit('not yours')\n")
    with serving_plainly(3) as base:
        done = crawl(tmp_path, f"{base}/", "-o", "out.jsonl.gz", *FAST)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.jsonl.gz").stat().st_size > 0


@pytest.mark.crawl
def test_a_further_run_adds_only_what_is_new_and_overwrite_starts_over(tmp_path: Path) -> None:
    with serving_plainly(4) as base:
        first = crawl(tmp_path, f"{base}/", "-o", "a.jsonl", *FAST)
        again = crawl(tmp_path, f"{base}/", "-o", "a.jsonl", *FAST)
        assert (first.returncode, again.returncode) == (0, 0)
        assert len(records(tmp_path / "a.jsonl")) == 4
        assert crawl(tmp_path, f"{base}/", "-o", "a.jsonl", "--overwrite", "--pages", "2", *FAST).returncode == 0
    assert len(records(tmp_path / "a.jsonl")) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["example.org"], "Did you mean https://example.org ?"),
        (["https://a.example/", "b.example"], "give addresses that begin with http:// or https://"),
        (["https://a.example/", "-o", "a.tsv"], "no format is called '.tsv'"),
        (["https://a.example/", "-o", "a.csv.gz"], "only .jsonl can be compressed"),
        (["https://a.example/", "-s", "DELAY"], "write NAME=VALUE"),
        (["https://a.example/", "--since", "May"], "since 'May' is not a day like 2024-05-31"),
        (["https://a.example/", "--keep", "("], "is not a regular expression"),
    ],
)
def test_a_call_that_cannot_be_meant_is_one_line_and_status_2(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = crawl(tmp_path, *arguments)
    assert done.returncode == 2
    assert said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "articles.jsonl").exists()


@pytest.mark.crawl
def test_scrapy_itself_crawls_outside_of_the_checkout(tmp_path: Path) -> None:
    with serving_plainly(3) as base:
        command = [sys.executable, "-m", "scrapy", "crawl", "articles", "-a", f"url={base}/", "-O", "a.jsonl"]
        settings = {**environment(), "SCRAPY_SETTINGS_MODULE": "crawler.settings"}
        fast = ["-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0"]
        done = subprocess.run([*command, *fast], cwd=tmp_path, capture_output=True, text=True, env=settings)
    assert done.returncode == 0, done.stderr
    assert len(records(tmp_path / "a.jsonl")) == 3


def test_a_mistyped_spider_is_answered_with_the_nearest(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scrapy", "crawl", "article", "-a", "url=https://a.example/"]
    settings = {**environment(), "SCRAPY_SETTINGS_MODULE": "crawler.settings"}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=settings)
    assert done.returncode == 2
    assert "did you mean 'articles'?" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
