"""Kills crawlers that share a frontier, and Redis, and checks that nothing is lost, written twice, or impolite.

    python -m benchmarks.crawl.shared --kills 60 --redis-kills 5

Serves two made-up sites and starts crawlers with one frontier in their own Redis (AOF, --fsync). At random moments it
kills a random crawler without warning and starts it again, and sometimes Redis. Then it lets them finish, merges their
parts, and prints the result and the shortest time between two requests to one site, from the sites' log. Exit status 1
if an article is lost or written twice, or if the time between two requests was shorter than the delay.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from copydesk.cli.main import main as copydesk
from crawler.urls.spelling import one_spelling
from tests.crawl.redis_server import RedisServer
from tests.crawl.running import ROOT, crawl_command, environment, records, serving_apart
from tests.crawl.site import Site

LEASE = 3.0
EARLY = 0.05
"""Seconds that a request may come early: the log is written when it was read, not when it was sent."""


class Crawlers:
    """Processes that crawl the same seeds, each with its own part."""

    def __init__(self, count: int, seeds: Path, address: str, delay: float) -> None:
        self.parts = [seeds.with_name(f"part-{number}.jsonl") for number in range(count)]
        self._commands = [
            crawl_command(
                "-a", f"seeds={seeds}", "-o", str(part), FRONTIER=address, LEASE=str(LEASE), CLEAN_WORKERS="1",
                DOWNLOAD_DELAY=str(delay), RANDOMIZE_DOWNLOAD_DELAY="0", CONCURRENT_REQUESTS_PER_DOMAIN="1",
                SYNC_SECONDS="0.5", LOG_LEVEL="WARNING",
            )
            for part in self.parts
        ]  # fmt: skip
        self.processes = [self._started(number) for number in range(count)]

    def _started(self, number: int) -> subprocess.Popen[bytes]:
        with self.parts[number].with_suffix(".log").open("ab") as log:
            return subprocess.Popen(self._commands[number], cwd=ROOT, env=environment(), stdout=log, stderr=log)

    def kill(self, number: int) -> bool:
        """Kill a crawler and start it again. Returns whether it was running."""
        running = self.processes[number].poll() is None
        self.processes[number].kill()
        self.processes[number].wait()
        self.processes[number] = self._started(number)
        return running

    def alive(self) -> bool:
        """Whether a crawler is at work."""
        return any(process.poll() is None for process in self.processes)

    def wait(self) -> list[int]:
        """Let all finish. Returns their exit statuses."""
        return [process.wait() for process in self.processes]


class Gap(NamedTuple):
    """Seconds between a request and the one before it, and the paths of both."""

    seconds: float
    paths: tuple[str, str]


def gaps(times: Path) -> list[Gap]:
    """The gaps between one request and the next, from a site's log."""
    rows = sorted((float(moment), path) for moment, path in map(str.split, times.read_text().splitlines()))
    return [Gap(later[0] - earlier[0], (earlier[1], later[1])) for earlier, later in pairwise(rows)]


def attack(crawlers: Crawlers, server: RedisServer, kills: int, redis_kills: int, chance: random.Random) -> str:
    """Kill crawlers and Redis at random moments. Returns how often each was killed, as text."""
    killed = redis_killed = 0
    while killed < kills and crawlers.alive():
        time.sleep(chance.uniform(1.0, 8.0))
        killed += crawlers.kill(chance.randrange(len(crawlers.parts)))
        if redis_killed < redis_kills * killed / max(kills, 1):
            server.kill()
            time.sleep(chance.uniform(0.1, 2.0))
            server.start()
            redis_killed += 1
    return f"{killed} killed, Redis killed {redis_killed} times"


class Merged(NamedTuple):
    """The merged output: lost articles, articles written twice, records in the parts, and the status of the merge."""

    lost: set[str]
    twice: list[str]
    in_parts: int
    status: int


def merge(parts: Sequence[Path], articles: set[str], frontier: str) -> Merged:
    """Merge the parts of all crawlers, and compare the output with the articles of the sites."""
    merged = parts[0].with_name("merged.jsonl")
    status = copydesk(["merge", *map(str, parts), "-o", str(merged), "--frontier", frontier])
    written = Counter(one_spelling(str(row["url"])) for row in records(merged))
    twice = [url for url, count in written.items() if count > 1]
    return Merged(articles - set(written), twice, sum(len(records(part)) for part in parts), status)


def politeness(logs: Sequence[Path], delay: float) -> tuple[int, str]:
    """How many requests came sooner than the delay, and a line about all of them. Prints those that came too soon."""
    found = [gap for log in logs for gap in gaps(log)]
    early = [gap for gap in found if gap.seconds < delay - EARLY]
    for gap in early:
        print(f"only {gap.seconds:.3f} s between {gap.paths[0]} and {gap.paths[1]}")
    requests = sum(len(log.read_text().splitlines()) for log in logs)
    soonest = min(found).seconds
    line = f"{requests} requests, {len(early)} sooner than {delay} s after another, the soonest after {soonest:.3f} s"
    return len(early), line


def main() -> None:
    wanted = _parser().parse_args()
    server = RedisServer("--appendonly", "yes", "--appendfsync", wanted.fsync)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        logs = [Path(name, f"site-{number}.times") for number in range(2)]
        changed = ",".join(map(str, range(wanted.articles)))
        bases = [
            stack.enter_context(serving_apart(wanted.articles, "--no-traps", "--times", str(log), *options))
            for log, options in zip(logs, [(), ("--changed", changed)], strict=True)
        ]
        seeds = Path(name, "seeds.txt")
        seeds.write_text("".join(f"{base}/\n" for base in bases))
        crawlers = Crawlers(wanted.crawlers, seeds, server.address, wanted.delay)
        kills = attack(crawlers, server, wanted.kills, wanted.redis_kills, random.Random(wanted.seed))
        statuses = crawlers.wait()
        articles = {one_spelling(url) for base in bases for url in Site(wanted.articles, base).urls()}
        found = merge([part for part in crawlers.parts if part.exists()], articles, server.address)
        early, requests = politeness(logs, wanted.delay)
    server.close()
    print(f"AOF {wanted.fsync}, {len(articles)} articles, {wanted.crawlers} crawlers, {kills}: {len(found.lost)} lost, "
          f"{len(found.twice)} twice in the merged output ({found.in_parts} in the parts), {requests}; "
          f"exit statuses {statuses}, merge {found.status}")  # fmt: skip
    sys.exit(1 if found.lost or found.twice or early or found.status else 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crawlers", type=int, default=3)
    parser.add_argument("--articles", type=int, default=150, help="articles of each of the two sites")
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--redis-kills", type=int, default=5)
    parser.add_argument("--fsync", choices=("always", "everysec"), default="always", help="when Redis writes (always)")
    parser.add_argument("--delay", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=1, help="seed of the random moments")
    return parser


if __name__ == "__main__":
    main()
