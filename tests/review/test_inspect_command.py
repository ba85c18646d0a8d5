"""`copydesk inspect`: a saved page, a fetched one, and what is refused."""

from __future__ import annotations

import socket
import subprocess
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest

from tests import warm
from tests.crawl.handler_server import answering
from tests.crawl.running import serving_plainly

SEEDS = Path(__file__).parents[2] / "seeds"


def inspect(*arguments: str) -> subprocess.CompletedProcess[str]:
    return warm.run("copydesk", "inspect", *arguments)


def test_a_saved_page_becomes_one_file(tmp_path: Path) -> None:
    done = inspect(str(SEEDS / "site" / "news" / "school-roof.html"), "-o", str(tmp_path / "view.html"))
    assert (done.returncode, done.stderr) == (0, "")
    made = (tmp_path / "view.html").read_text("utf-8")
    assert made.startswith("<!doctype html>")
    assert made.count("<script>") == 1


def test_a_text_dump_is_shown_too() -> None:
    done = inspect(str(SEEDS / "dump.txt"), "-o", "-")
    assert done.returncode == 0
    assert '<ol class="blocks">' in done.stdout


@pytest.mark.crawl
def test_an_address_is_fetched_and_shown(tmp_path: Path) -> None:
    with serving_plainly(3) as base:
        done = inspect(f"{base}/", "-o", str(tmp_path / "view.html"))
    assert (done.returncode, done.stderr) == (0, "")
    assert base in (tmp_path / "view.html").read_text("utf-8")


@pytest.mark.crawl
def test_a_page_that_cannot_be_fetched_gives_one_line_and_status_1(tmp_path: Path) -> None:
    with serving_plainly(3) as base:
        done = inspect(f"{base}/nowhere", "-o", str(tmp_path / "view.html"))
    assert done.returncode == 1
    assert done.stderr == f"copydesk: {base}/nowhere: the server answered 404.\n"
    assert not (tmp_path / "view.html").exists()


@pytest.mark.crawl
def test_a_file_that_is_no_page_is_not_shown_as_one(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_bytes(b"%PDF-1.7\n" + b"The harbour board met on Monday. " * 50)
    with answering(partial(SimpleHTTPRequestHandler, directory=str(tmp_path))) as base:
        done = inspect(f"{base}/report.html", "-o", "-")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"copydesk: {base}/report.html: a PDF document, not a page."


@pytest.mark.crawl
def test_a_page_whose_host_does_not_answer_is_told_apart_from_one_that_robots_txt_forbids() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    unread = inspect(f"http://127.0.0.1:{port}/", "-o", "-")
    with serving_plainly(3, "--robots-status", "503") as base:
        refused = inspect(f"{base}/", "-o", "-")
    for done in (unread, refused):
        assert done.returncode == 1
        assert "not fetched, because" in done.stderr
        assert "check the address, or try again later" in done.stderr
        assert done.stderr.count("\n") == 1


def test_the_page_itself_is_never_overwritten(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>The tide table is wrong.</p>", "utf-8")
    link = tmp_path / "link.html"
    link.hardlink_to(page)
    assert inspect(str(page), "-o", str(link)).returncode == 2
    assert page.read_text("utf-8") == "<p>The tide table is wrong.</p>"


def test_many_pages_are_refused() -> None:
    done = inspect(str(SEEDS / "archive.warc.gz"), "-o", "-")
    assert done.returncode == 2
    assert "more than one page" in done.stderr
