"""`copydesk crawl` in any folder, as a user who installed the package runs it."""

from __future__ import annotations

import csv
import gzip
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from copydesk.cli.documents import DOCUMENT_FORMATS
from pipelines.outputs.formats import format_of
from tests import warm
from tests.crawl.handler_server import answering
from tests.crawl.running import environment, serving_plainly

FAST = ("--delay", "0", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8")


def crawl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return warm.run("copydesk", "crawl", *arguments, folder=folder)


def crawl_from_a_shell(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
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
    messages = done.stderr.splitlines()
    assert messages[0] == "records go to articles.jsonl; -o names another file"
    assert len(messages) < 15, "what a person wants to know, no lists of settings"
    assert "http_404" not in done.stderr


@pytest.mark.crawl
def test_files_of_the_user_with_our_names_break_neither_command_nor_workers(tmp_path: Path) -> None:
    (tmp_path / "pipelines.py").write_text("raise SystemExit('not yours')\n")
    (tmp_path / "cleaners.py").write_text("raise SystemExit('not yours')\n")
    (tmp_path / "crawler").mkdir()
    (tmp_path / "crawler" / "__init__.py").write_text("raise SystemExit('not yours')\n")
    with serving_plainly(3) as base:
        done = crawl_from_a_shell(tmp_path, f"{base}/", "-o", "out.jsonl.gz", *FAST)
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
        (["seeds.csv"], "seeds.csv: no such file, and no address. Check the path."),
        (["."], ".: a folder. Give addresses, or one seed file."),
        (["ftp://a.example/"], "a crawl fetches only addresses that begin with http:// or https://"),
        (["https://a.example/", "b.example"], "give addresses that begin with http:// or https://"),
        (["https://a.example/", "-o", "a.tsv"], "no format is called '.tsv'"),
        (["https://a.example/", "--explain", "/dev/null/why.jsonl"], "/dev/null/why.jsonl: cannot be written (Not a"),
        (["https://a.example/", "-s", "DOWNLOAD_DELAY=soon"], "DOWNLOAD_DELAY=soon: cannot be read (could not"),
        (["https://a.example/", "-s", "OBEY_NOINDEX=ja"], "OBEY_NOINDEX=ja: cannot be read (Supported values for"),
        (["https://a.example/", "-s", "WANTED={"], "WANTED={: cannot be read (Expecting property name"),
        (["https://a.example/", "-s", "DELAY"], "write NAME=VALUE"),
        (["https://a.example/", "--since", "May"], "argument --since: 'May' is no day; write it as 2026-05-31"),
        (["https://a.example/", "--keep", "("], "is not a regular expression"),
    ],
)
def test_a_wrong_command_gives_one_line_and_status_2(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = crawl(tmp_path, *arguments)
    assert done.returncode == 2
    assert said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "articles.jsonl").exists()


@pytest.mark.crawl
def test_scrapy_itself_crawls_outside_of_the_checkout(tmp_path: Path) -> None:
    with serving_plainly(3) as base:
        command = ["crawl", "articles", "-a", f"url={base}/", "-O", "a.jsonl"]
        settings = {**environment(), "SCRAPY_SETTINGS_MODULE": "crawler.settings"}
        fast = ["-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0"]
        done = warm.run("scrapy", *command, *fast, folder=tmp_path, variables=settings)
    assert done.returncode == 0, done.stderr
    assert len(records(tmp_path / "a.jsonl")) == 3


def test_a_misspelt_spider_gets_the_nearest_name(tmp_path: Path) -> None:
    settings = {**environment(), "SCRAPY_SETTINGS_MODULE": "crawler.settings"}
    command = ["crawl", "article", "-a", "url=https://a.example/"]
    done = warm.run("scrapy", *command, folder=tmp_path, variables=settings)
    assert done.returncode == 2
    assert "did you mean 'articles'?" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@contextmanager
def serving_folder(folder: Path) -> Iterator[str]:
    """Serve a folder as a site on a free port; yields its address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with answering(partial(Quiet, directory=str(folder))) as base:
        yield f"{base}/"


SHELL = "<!doctype html><title>App</title><div id=root></div><script src=app.js></script><noscript>Enable it</noscript>"


@pytest.mark.crawl
def test_the_log_is_for_people(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "2026" / "05").mkdir(parents=True)
    (site / "index.html").write_text("<title>News</title><a href=/2026/05/the-app-page>A story that an app shows</a>")
    (site / "2026" / "05" / "the-app-page").mkdir()
    (site / "2026" / "05" / "the-app-page" / "index.html").write_text(SHELL)
    with serving_folder(site) as base:
        done = crawl(
            tmp_path,
            base,
            "http://127.0.0.1:9/",
            "http://nosuch.invalid/",
            "-s",
            "RETRY_TIMES=0",
            *FAST,
            "-s",
            "DONWLOAD_TIMEOUT=5",
        )
    said = done.stderr
    assert done.returncode == 1, said
    assert "1  pages without text until their scripts run; --render shells renders them" in said
    log, closing = said.split(" pages fetched in ")
    for host in ("127.0.0.1:9", "nosuch.invalid"):
        assert [f"http://{host}/" in line for line in log.splitlines()].count(True) == 1, log
        assert closing.count(f"http://{host}/: not fetched") == 1
    assert "did you mean 'DOWNLOAD_TIMEOUT'?" in said
    assert "Scrapy 2" not in said
    assert "robots_unread" not in said


def table(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".json":
        found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
        return found
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    parquet = pytest.importorskip("pyarrow.parquet", reason="Parquet needs pyarrow")
    rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    return rows


@pytest.mark.crawl
@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "a.json"])
def test_the_name_of_the_output_selects_its_format(tmp_path: Path, name: str) -> None:
    with serving_plainly(3) as base:
        done = crawl(tmp_path, f"{base}/", "-o", name, *FAST)
        assert done.returncode == 0, done.stderr
        assert f"{name} holds all records" in done.stderr.splitlines()[-1]
        assert len(table(tmp_path / name)) == 3
        assert crawl(tmp_path, f"{base}/", "-o", name, *FAST).returncode == 0
    assert len(table(tmp_path / name)) == 3, "a further run adds what is new, and nothing else"


def test_records_are_one_xml_document_which_may_be_compressed(tmp_path: Path) -> None:
    output = tmp_path / "a.xml.gz"
    with format_of(output.name, DOCUMENT_FORMATS).open(str(output)) as rows:
        rows.write(b'{"headline": "Tides & quays", "tags": ["sea"]}\n{"headline": "Weirs"}\n')
    document = ElementTree.fromstring(gzip.decompress(output.read_bytes()))
    assert [item.findtext("headline") for item in document] == ["Tides & quays", "Weirs"]


class Waits(SimpleHTTPRequestHandler):
    """A front page with links to stories, which are answered when `may_answer` is set."""

    asked = threading.Event()
    may_answer = threading.Event()

    def do_GET(self) -> None:
        links = "".join(f"<p><a href=/news/the-weir-is-mended-for-the-{n}-time>A weir is mended</a>" for n in range(40))
        if self.path.startswith("/news/"):
            self.asked.set()
            self.may_answer.wait(20)
        self.send_response(404 if self.path == "/robots.txt" else 200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(links.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def crawling_until_a_story(base: str, folder: Path) -> Iterator[warm.Started]:
    """A crawl that has asked for a story and waits for the answer."""
    Waits.asked.clear()
    Waits.may_answer.clear()
    command = warm.Started("copydesk", "crawl", f"{base}/", "-o", "a.jsonl", *FAST, folder=folder)
    try:
        assert Waits.asked.wait(60), command.stderr
        yield command
    finally:
        Waits.may_answer.set()
        command.wait(60)


@pytest.mark.crawl
@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no SIGHUP")
def test_a_closed_terminal_ends_a_crawl_in_good_order_and_a_second_signal_at_once(tmp_path: Path) -> None:
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        pytest.skip("SIGHUP is ignored here")
    with answering(Waits) as base:
        with crawling_until_a_story(base, tmp_path) as first:
            first.send_signal(signal.SIGHUP)
            until(lambda: "Received SIGTERM" in first.stderr)
        assert first.returncode == 1
        assert "left: run the same command again to go on" in first.stderr.splitlines()[-1]
        with crawling_until_a_story(base, tmp_path) as second:
            second.send_signal(signal.SIGTERM)
            until(lambda: "Received SIGTERM" in second.stderr)
            second.send_signal(signal.SIGTERM)
            assert second.wait(60) == 1
    assert second.stderr.splitlines()[-1] == "stopped before its end: run the same command again to go on"
    assert "Overridden" not in first.stderr + second.stderr


def until(happened: Callable[[], bool]) -> None:
    """Wait until something has happened, for a minute at most."""
    end = time.monotonic() + 60
    while not happened() and time.monotonic() < end:
        time.sleep(0.02)
    assert happened()


@pytest.mark.crawl
def test_a_crawl_explains_what_it_removed(tmp_path: Path) -> None:
    with serving_plainly(3) as base:
        done = crawl(tmp_path, f"{base}/", "-o", "a.jsonl", "--explain", "why.jsonl", "--explain-kept", *FAST)
    assert done.returncode == 0, done.stderr
    ids = {record["id"] for record in records(tmp_path / "a.jsonl")}
    rows = records(tmp_path / "why.jsonl")
    assert {row["id"] for row in rows} == ids
    assert {"reason", "kept", "field"} <= {key for row in rows for key in row}


def test_a_torn_line_of_an_explanation_is_cut(tmp_path: Path) -> None:
    from crawler.running.explanations import _end_of_lines

    for text, end in (("", 0), ("{}", 0), ("{}\n", 3), ("{}\n{", 3), ("{}\n" + "x" * 100_000, 3)):
        (tmp_path / "why.jsonl").write_text(text)
        with (tmp_path / "why.jsonl").open() as file:
            assert _end_of_lines(file.fileno()) == end


@pytest.mark.crawl
def test_only_new_does_not_fetch_changed_articles(tmp_path: Path) -> None:
    with serving_plainly(10) as base:
        port = base.rpartition(":")[2]
        assert crawl(tmp_path, f"{base}/", "-o", "day1.jsonl", "--store", "seen.crawl", *FAST).returncode == 0
    with serving_plainly(12, "--port", port, "--changed", "8") as base:
        done = crawl(tmp_path, f"{base}/", "-o", "day2.jsonl", "--store", "seen.crawl", "--only-new", *FAST)
    assert done.returncode == 0, done.stderr
    assert {str(record["url"]).rpartition("-")[2] for record in records(tmp_path / "day2.jsonl")} == {"10", "11"}


@pytest.mark.crawl
def test_a_crawl_counts_what_its_filters_leave_out_and_keeps_it(tmp_path: Path) -> None:
    with serving_plainly(5) as base:
        filters = ("--language", "de", "--rejected", "left.jsonl")
        done = crawl(tmp_path, f"{base}/", "-o", "news/", *filters, *FAST)
    assert done.returncode == 0, done.stderr
    left = records(tmp_path / "left.jsonl")
    assert {record["rejected"] for record in left} == {"language"}
    assert f"{len(left):>7}  left out by a filter: language" in done.stderr
    kept = records(tmp_path / "news.jsonl")
    assert {record["language"] for record in kept} <= {"de"}
    assert len(kept) + len(left) == 5
    assert f"{len(kept):,} records with" in (tmp_path / "news" / "README.md").read_text("utf-8")
