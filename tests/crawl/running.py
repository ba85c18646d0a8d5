"""Serves the made-up site and runs the crawler as a person would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from tests import warm
from tests.crawl.server import served_in_a_thread

ROOT = Path(__file__).resolve().parents[2]
FAST = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "0",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "8",
    "DOWNLOAD_TIMEOUT": "60",
    "BACKOFF": "0.2",
    "HOST_PAUSE": "0.2",
    "PROGRESS_SECONDS": "1",
    "CLEAN_WORKERS": "1",
}


@contextmanager
def serving(articles: int, *options: str) -> Iterator[str]:
    """Serve the site on a free port, in this process; yields its address."""
    with served_in_a_thread(("--articles", str(articles), *options)) as site:
        yield site.base


def serving_plainly(articles: int, *options: str) -> AbstractContextManager[str]:
    """Serve the site without the pages that make a crawl wait: endless answers, pages that fail."""
    return serving(articles, "--no-traps", *options)


@contextmanager
def serving_apart(articles: int, *options: str) -> Iterator[str]:
    """Serve the site in a process of its own, for measurements; yields its address."""
    command = [sys.executable, "-m", "tests.crawl.site", "--articles", str(articles), *options]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


def crawl_arguments(*arguments: str, **settings: str) -> list[str]:
    pairs = [part for name, value in (FAST | settings).items() for part in ("-s", f"{name}={value}")]
    return ["crawl", "articles", *arguments, *pairs]


def crawl_command(*arguments: str, **settings: str) -> list[str]:
    return [sys.executable, "-m", "scrapy", *crawl_arguments(*arguments, **settings)]


def crawl(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one crawl to its end."""
    return warm.run("scrapy", *crawl_arguments(*arguments, **settings), folder=ROOT)


def start_crawl(arguments: list[str], said: Path) -> warm.Started:
    """Start a crawl without waiting for it; its stderr is added to the file."""
    return warm.Started("scrapy", *arguments, folder=ROOT, errors=said)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def seen_by(base: str) -> dict[str, int]:
    """How often each path of the site was requested."""
    with urllib.request.urlopen(f"{base}/requests-seen") as answer:
        seen: dict[str, int] = json.load(answer)
    return seen
