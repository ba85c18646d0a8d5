"""Operating long crawls: metrics, a log for programs, and correct files for containers."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from copydesk.cli.main import parser
from tests.crawl.handler_server import answering
from tests.crawl.ports import free_port
from tests.crawl.running import ROOT
from tests.warm import Started

COMPOSE = ROOT / "compose.yaml"


STORY = "<p>" + "The lock keeper opens the upper gate at six, says the notice on the door of the mill. " * 12


class Patient(BaseHTTPRequestHandler):
    """A site with two articles; the second one is not answered before `seen` is set."""

    seen: threading.Event

    def do_GET(self) -> None:
        if self.path == "/news/the-second-report-of-the-mill":
            self.seen.wait(120)
        links = "".join(f'<a href="/news/the-{one}-report-of-the-mill">The mill</a>' for one in ("first", "second"))
        body = links if self.path == "/" else f"<article><h1>The mill {self.path}</h1>{STORY}{self.path}</article>"
        page = f"<!doctype html><html lang=en><title>Mill</title><body>{body}</body></html>".encode()
        self.send_response(404 if self.path == "/robots.txt" else 200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def metrics(port: int) -> str:
    """The metrics of a crawl; empty while it serves none."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
            text: str = answer.read().decode()
            return text
    except OSError:
        return ""


@pytest.mark.crawl
def test_a_crawl_serves_its_numbers_and_logs_lines_of_json(tmp_path: Path) -> None:
    pytest.importorskip("prometheus_client", reason="prometheus-client is not installed: pip install copydesk[metrics]")
    port, seen = free_port(), threading.Event()
    with answering(type("ThisSite", (Patient,), {"seen": seen})) as base:
        settings = ["-s", f"METRICS_PORT={port}", "-s", "DOWNLOAD_TIMEOUT=150", "--delay", "0", "--log-format", "json"]
        crawler = Started("copydesk", "crawl", f"{base}/", "-o", "out.jsonl", *settings, folder=tmp_path)
        while crawler.poll() is None and 'copydesk_addresses_total{outcome="record"}' not in (shown := metrics(port)):
            time.sleep(0.1)
        seen.set()
        assert crawler.wait() == 0, crawler.stderr
    assert 'copydesk_addresses_total{outcome="record"} 1.0' in shown
    assert "copydesk_responses_total" in shown
    rows = [json.loads(line) for line in crawler.stderr.splitlines()]
    assert all({"time", "level", "logger", "message"} <= row.keys() for row in rows)
    assert any("2 records written" in row["message"] for row in rows), "the closing summary is in the log, too"


def compose() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))
    return loaded


def test_the_compose_file_starts_three_crawlers_with_one_frontier_and_a_part_each() -> None:
    services = compose()["services"]
    calls = [parser("crawl").parse_args(services[f"crawler-{number}"]["command"]) for number in (1, 2, 3)]
    assert {call.frontier for call in calls} == {"redis://redis:6379/0"}
    assert len({call.output for call in calls}) == 3
    assert "always" in services["redis"]["command"], "with any other policy a crash of Redis may lose addresses"


def test_the_image_runs_without_privileges_and_has_a_health_check() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    assert "USER copydesk" in lines
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line]
    assert [name for names in copied for name in names if not (ROOT / name).exists()] == []


def has_docker() -> bool:
    """Whether Docker can run containers here, with compose."""
    if shutil.which("docker") is None:
        return False
    asked = [
        subprocess.run(["docker", *what], capture_output=True, timeout=30) for what in (["info"], ["compose", "ls"])
    ]
    return all(answer.returncode == 0 for answer in asked)


def test_docker_accepts_the_compose_file() -> None:
    if not has_docker():
        pytest.skip("no Docker that runs containers is to be had here: the compose file is only read")
    subprocess.run(["docker", "compose", "-f", str(COMPOSE), "config", "--quiet"], check=True, timeout=60)
