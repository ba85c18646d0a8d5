"""Measures the gain from a second crawler with the same frontier, in CPU time and wall time, on sites without delays.

    python -m benchmarks.crawl.two_crawlers --articles 1000 --cores 0.3

Two made-up sites with different texts have one server process each and no delay, so only the work limits the crawl. The
servers need CPU time too, which slows the crawlers on a machine with few cores. With `--cores` each crawler has the
same small share of a core, as if on its own machine, and the servers have the rest. The CPU time per record shows the
cost of sharing. It is the time of the processes that fetch, from their start; cleaning a page costs the same in both.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from benchmarks.crawl.quota import Quota
from benchmarks.report import table
from tests.crawl.redis_server import RedisServer
from tests.crawl.running import ROOT, crawl_command, environment, records, serving_apart


class Run(NamedTuple):
    """The result of some crawlers together: records, seconds of wall time, seconds of CPU time."""

    written: int
    clock: float
    cpu: float


def crawled(crawlers: int, seeds: Path, address: str, cores: float | None) -> Run:
    """Crawl the seeds with several crawlers that share a frontier, each with a share of a core if one is given."""
    parts = [seeds.with_name(f"{crawlers}-{number}.jsonl") for number in range(crawlers)]
    commands = [
        crawl_command("-a", f"seeds={seeds}", "-o", str(part), FRONTIER=f"{address}?prefix=of{crawlers}",
                      CLEAN_WORKERS="1", LOG_LEVEL="ERROR")
        for part in parts
    ]  # fmt: skip
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with ExitStack() as stack:
        running = [subprocess.Popen(command, cwd=ROOT, env=environment()) for command in commands]
        if cores is not None:
            for number, process in enumerate(running):
                stack.enter_context(Quota(str(number), cores)).hold(process.pid)
        for process in running:
            process.wait()
    clock, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(sum(len(records(part)) for part in parts if part.exists()), clock, cpu)


def main() -> None:
    """Crawl with one and with two, and print both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100, help="articles of each site (100)")
    parser.add_argument("--cores", type=float, metavar="SHARE", help="share of a core per crawler (Linux, as root)")
    asked = parser.parse_args()
    server = RedisServer()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        changed = ",".join(map(str, range(asked.articles)))
        texts: tuple[tuple[str, ...], ...] = ((), ("--changed", changed))
        bases = [stack.enter_context(serving_apart(asked.articles, "--no-traps", *text)) for text in texts]
        seeds = Path(name, "seeds.txt")
        seeds.write_text("".join(f"{base}/\n" for base in bases))
        runs = {count: crawled(count, seeds, server.address, asked.cores) for count in (1, 2)}
    server.close()
    rows = [
        [str(count), str(run.written), f"{run.written / run.clock:.1f}", f"{1000 * run.cpu / run.written:.0f}"]
        for count, run in runs.items()
    ]
    print(table(["crawlers", "records", "records a second", "ms of CPU a record, fetching"], rows))


if __name__ == "__main__":
    main()
