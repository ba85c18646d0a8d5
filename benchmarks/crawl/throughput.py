"""Compares a crawl with plain Scrapy and trafilatura's JSON in a process pool, on the same saved pages, in one run.

    python -m benchmarks.crawl.throughput FOLDER --pages 400

FOLDER has saved pages (.html or .html.gz), which are served on loopback without delays. Prints for each program the
pages per second, the event loop's lag at the 99th percentile, and the CPU time per page (Linux): for all processes with
their start, and for the process that fetches. Other work on the machine changes pages per second and lag, but hardly
the CPU time.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ctypes
import gzip
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple, Self

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler

from tests.crawl.running import ROOT, crawl_command, environment
from tests.crawl.server import serve
from tests.crawl.site import Answer, Site

PR_SET_CHILD_SUBREAPER = 36
HTML = (("Content-Type", "text/html"),)


class SavedPages(Site):
    """Serves the pages of a folder as /page/0, /page/1 …"""

    def load(self, folder: Path, count: int) -> None:
        files = sorted(path for path in folder.iterdir() if path.name.endswith((".html", ".html.gz")))[:count]
        self.bodies = [gzip.decompress(f.read_bytes()) if f.suffix == ".gz" else f.read_bytes() for f in files]

    def answer(self, target: str, headers: dict[str, str] | None = None) -> Answer:
        number = target.removeprefix("/page/")
        return Answer(200, self.bodies[int(number)], HTML) if number.isdigit() else Answer(404)


class LagMeter:
    """Extension: measures how late the event loop wakes a task that sleeps 5 ms, and the CPU time of its process."""

    def __init__(self, crawler: Crawler) -> None:
        self.stats: Any = crawler.stats
        self.late: list[float] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        meter = cls(crawler)
        crawler.signals.connect(meter.opened, signals.spider_opened)
        crawler.signals.connect(meter.closed, signals.spider_closed)
        return meter

    def opened(self) -> None:
        self.started = time.process_time()
        self.task = asyncio.get_event_loop().create_task(self.measure())

    def closed(self) -> None:
        self.task.cancel()
        late = sorted(self.late)
        print(f"LAG {late[int(len(late) * 0.99)] * 1000:.1f}", flush=True)
        print(f"CPU {time.process_time() - self.started:.2f}", flush=True)

    async def measure(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            self.late.append(time.perf_counter() - before - 0.005)


def extract(body: bytes, url: str) -> str | None:
    import trafilatura

    return trafilatura.extract(body, url=url, output_format="json", with_metadata=True)


class PlainSpider(scrapy.Spider):
    """Plain Scrapy: trafilatura in a pool of two processes, with its result written to a feed."""

    name = "plain"
    count: str  # how many pages, and where: arguments of the command
    base: str

    async def start(self) -> Any:
        self.pool = ProcessPoolExecutor(2, mp_context=get_context("spawn"))
        for n in range(int(self.count)):
            yield scrapy.Request(f"{self.base}/page/{n}", self.parse)

    async def parse(self, response: Any) -> Any:
        from benchmarks.crawl.throughput import extract  # under a name that the worker processes can import

        loop = asyncio.get_running_loop()
        yield {"record": await loop.run_in_executor(self.pool, extract, response.body, response.url)}


class Measured(NamedTuple):
    """The cost of one crawl: pages per second, lag at the 99th percentile, CPU time per page here and in all (ms)."""

    rate: float
    lag: float
    own: float
    total: float


def timed(command: list[str], pages: int, folder: Path) -> Measured:
    before = children_seconds()
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True)
    wait_for_orphans()
    total = children_seconds() - before
    lag = re.search(r"LAG ([\d.]+)", done.stdout)
    own = re.search(r"CPU ([\d.]+)", done.stdout)
    elapsed = re.search(r"'elapsed_time_seconds': ([\d.]+)", done.stderr)
    if not (lag and own and elapsed) or re.search("^Traceback", done.stderr, re.MULTILINE):
        sys.exit(done.stderr[-3000:])
    each = 1000 / pages
    return Measured(pages / float(elapsed[1]), float(lag[1]), float(own[1]) * each, total * each)


def adopt_orphans() -> None:
    """Become the parent of orphaned grandchildren, because a crawl's workers are children of their fork server."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def wait_for_orphans() -> None:
    """Wait for the processes that a crawl left behind, because their time counts only then."""
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def children_seconds() -> float:
    """CPU time of the finished child processes and of their children."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def both(base: str, count: int, folder: Path) -> None:
    meter = "{'benchmarks.crawl.throughput.LagMeter': 1}"
    plain = [sys.executable, "-m", "scrapy", "runspider", __file__, "-a", f"base={base}"]
    plain += ["-a", f"count={count}", "-O", str(folder / "plain.jsonl"), "-s", "EXTENSIONS=" + meter.replace("'", '"')]
    plain += [
        "-s",
        "TELNETCONSOLE_ENABLED=0",
        "-s",
        "REMOTE_CONTROL_ENABLED=0",
        "-s",
        "CONCURRENT_REQUESTS_PER_DOMAIN=16",
    ]
    seeds = folder / "seeds.csv"
    seeds.write_text("url,depth\n" + "".join(f"{base}/page/{n},0\n" for n in range(count)))
    extensions = json.dumps(
        {"benchmarks.crawl.throughput.LagMeter": 1, "crawler.fetching.robots_rules.CrawlDelay": 100}
        | {"crawler.running.progress.CrawlProgress": 200}
    )
    ours = crawl_command(
        "-a", f"seeds={seeds}", "-O", str(folder / "ours.jsonl"), EXTENSIONS=extensions, WRITE_LISTINGS="1",
        ARCHIVE=str(folder / "crawl.warc.gz"), CONCURRENT_REQUESTS_PER_DOMAIN="16", CONCURRENT_REQUESTS="32",
    )  # fmt: skip
    for name, command in (("plain", plain), ("copydesk", ours)):
        took = timed(command, count, folder if name == "plain" else ROOT)
        print(f"{name:9} {took.rate:6.1f} pages/s, lag {took.lag:.1f} ms at the 99th percentile; CPU time a page: "
              f"{took.total:.1f} ms in all, {took.own:.1f} ms in the process that fetches", flush=True)  # fmt: skip


async def _serve_and(site: SavedPages, count: int) -> None:
    server = await serve(site)
    async with server:
        with tempfile.TemporaryDirectory() as folder:
            await asyncio.to_thread(both, site.base, count, Path(folder))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=400)
    wanted = parser.parse_args()
    site = SavedPages()
    site.load(wanted.folder, wanted.pages)
    adopt_orphans()
    asyncio.run(_serve_and(site, len(site.bodies)))


if __name__ == "__main__":
    main()
