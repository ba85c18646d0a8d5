"""Errors of users, and failures of the system: one line that reports them, and the right exit status."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from copydesk.cli.main import main
from tests.crawl.running import crawl, records
from tests.offline import samples


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_bytes(samples.page(1))
    return path


@pytest.mark.parametrize("option", ["--model", "--text-model", "--site-memory", "--sites"])
def test_a_damaged_table_ends_the_call_before_a_page_is_read(
    option: str, page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = tmp_path / "damaged.toml"
    damaged.write_bytes(b"[[not a table of anything\x00")
    out = tmp_path / "out.jsonl"
    named = tmp_path if option == "--sites" else damaged
    assert main(["clean", str(page), "-o", str(out), "--workers", "1", option, str(named)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert str(damaged) in said
    assert not out.exists()


def test_a_name_too_long_for_a_file_loses_no_other_input(
    page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["clean", "x" * 300, str(page), "-o", str(out), "--workers", "1", "--quiet"]) == 1
    assert len(records(out)) == 1
    assert "xxx: no such file or folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    "call",
    [
        "clean PAGE -o OUT --sites LONG",
        "clean PAGE -o OUT --model LONG",
        "train LONG -o OUT",
        "check PAGE --against LONG",
    ],
)
def test_a_name_too_long_for_a_file_is_reported_in_one_line(
    call: str, page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {"PAGE": str(page), "OUT": str(tmp_path / "out.jsonl"), "LONG": "x" * 300}
    assert main([names.get(word, word) for word in call.split()]) != 0
    said = capsys.readouterr().err.splitlines()
    assert sum("x" * 300 in line for line in said) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_device_is_reported_in_one_line(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clean", str(page), "-o", "/dev/full", "--workers", "1", "--quiet"]) == 3
    assert capsys.readouterr().err.count("\n") == 1


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


class ServerOfSix(ThreadingHTTPServer):
    address_family = socket.AF_INET6


@pytest.fixture
def at_six() -> Iterator[str]:
    try:
        server = ServerOfSix(("::1", 0), partial(QuietHandler, directory=str(samples.SITE)))
    except OSError:
        pytest.skip("this machine has no IPv6")
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://[::1]:{server.server_port}/"
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.mark.crawl
def test_a_seed_may_be_an_ipv6_literal(at_six: str, tmp_path: Path) -> None:
    done = crawl("-a", f"url={at_six}", "-a", "pages=2", "-O", str(tmp_path / "a.jsonl"))
    assert done.returncode == 0, done.stderr
    assert len(records(tmp_path / "a.jsonl")) == 2
