"""Operating long crawls: metrics, a log for programs, and correct files for containers."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from copydesk.cli.main import parser
from tests.crawl.running import ROOT, serving_plainly
from tests.warm import Started

COMPOSE = ROOT / "compose.yaml"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@pytest.mark.crawl
def test_a_crawl_serves_its_numbers_and_logs_lines_of_json(tmp_path: Path) -> None:
    pytest.importorskip("prometheus_client", reason="prometheus-client is not installed: pip install copydesk[metrics]")
    port, seen = free_port(), ""
    with serving_plainly(6) as base:
        settings = [
            "-s",
            f"METRICS_PORT={port}",
            "-s",
            "PROGRESS_SECONDS=0.5",
            "--delay",
            "0.2",
            "--log-format",
            "json",
        ]
        crawler = Started("copydesk", "crawl", f"{base}/", "-o", "out.jsonl", *settings, folder=tmp_path)
        while crawler.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=2) as answer:
                    seen = answer.read().decode()
            except OSError:
                pass
            time.sleep(0.1)
    assert crawler.returncode == 0, crawler.stderr
    assert 'copydesk_addresses_total{outcome="record"}' in seen
    assert "copydesk_responses_total" in seen
    rows = [json.loads(line) for line in crawler.stderr.splitlines()]
    assert all({"time", "level", "logger", "message"} <= row.keys() for row in rows)
    assert any("6 records written" in row["message"] for row in rows), "the closing summary is in the log, too"


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
