"""Kills a crawl again and again and checks that nothing is lost and nothing is there twice.

    python -m tests.crawl.kill --kills 50 --articles 2000

Serves the made-up site, starts `scrapy crawl articles -O`, kills it without warning (SIGKILL) a random time after its
first request, starts the same command again, and so on; then lets it finish. Prints what it found; exit status 1 if
anything is wrong: an article lost or there twice, a forbidden request, or after any kill more addresses fetched again
than can have been under way.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from crawler.address import one_spelling
from tests.crawl.running import FAST, ROOT, crawl_command, environment, records, seen_by, serving
from tests.crawl.site import Site

UNDER_WAY = 2 * int(FAST["CONCURRENT_REQUESTS_PER_DOMAIN"])
"""Addresses of one host that a crawl may have under way: as many on the wire as it may ask for at once, as many being
read."""


@dataclass(frozen=True)
class Found:
    """What a killed and resumed crawl left: articles lost, written twice, addresses fetched again after each kill."""

    articles: int
    kills: int
    lost: list[str]
    twice: list[str]
    again: list[int]
    forbidden: int

    @property
    def right(self) -> bool:
        return not self.lost and not self.twice and not self.forbidden and max(self.again, default=0) <= UNDER_WAY

    def __str__(self) -> str:
        return (
            f"{self.articles} articles, {self.kills} kills: {len(self.lost)} lost, {len(self.twice)} twice, "
            f"{sum(self.again)} fetched again ({sum(self.again) / max(self.kills, 1):.1f} a kill, at most "
            f"{max(self.again, default=0)} after one; {UNDER_WAY} may be under way), "
            f"{self.forbidden} requests that robots.txt forbids"
        )


def kill_and_resume(articles: int, kills: int, seed: int, folder: Path, longest: float, report: bool = False) -> Found:
    """Crawl with kills at random moments, then to the end."""
    chance = random.Random(seed)
    output = folder / "articles.jsonl"
    with serving(articles) as base:
        command = crawl_command("-a", f"url={base}/", "-O", str(output), LOG_LEVEL="ERROR", DOWNLOAD_TIMEOUT="2")
        hit = 0
        asked = [seen_by(base)]
        while hit < kills and not output.exists():
            hit += _killed(command, base, chance.uniform(0.0, longest))
            asked.append(seen_by(base))
            if report:
                print(f"kill {hit}: {_lines(output)} records so far", flush=True)
        if not output.exists():
            subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, timeout=900)
            asked.append(seen_by(base))
        return _found(output, Site(articles, base), hit, asked)


def _killed(command: list[str], base: str, seconds: float) -> bool:
    before = _asked(base)
    crawl = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while crawl.poll() is None and _asked(base) == before:
        time.sleep(0.05)
    time.sleep(seconds)
    running = crawl.poll() is None
    crawl.send_signal(signal.SIGKILL)
    crawl.wait()
    return running


def _asked(base: str) -> int:
    return sum(n for path, n in seen_by(base).items() if path != "/requests-seen")


def _lines(output: Path) -> int:
    part = output.with_name(output.name + ".part")
    return part.read_bytes().count(b"\n") if part.exists() else 0


def fetched_again(asked: list[dict[str, int]]) -> list[int]:
    """Addresses of articles fetched again, by the run that last asked for them and was killed; pages are one address.

    `asked` says how often each path was asked for, at first and after each run.

    >>> a = "/2024/05/a"
    >>> fetched_again([{}, {a: 1}, {a: 1}, {a: 2, a + "?page=2": 1}])
    [1, 0, 0]
    """
    last: dict[str, int] = {}
    again: list[set[str]] = [set() for _ in asked[1:]]
    for run, (before, after) in enumerate(pairwise(asked)):
        for path in (path for path, n in after.items() if n > before.get(path, 0)):
            if path in last and ("/20" in path or path.startswith("/story.php")):
                again[last[path]].add(path.partition("?page=")[0])
            last[path] = run
    return [len(addresses) for addresses in again]


def _found(output: Path, site: Site, kills: int, asked: list[dict[str, int]]) -> Found:
    written = Counter(one_spelling(record["url"]) for record in records(output))
    wanted = {one_spelling(url) for url in site.urls()}
    return Found(
        articles=site.articles,
        kills=kills,
        lost=sorted(wanted - set(written)),
        twice=sorted(url for url, n in written.items() if n > 1),
        again=fetched_again(asked),
        forbidden=sum(n for path, n in asked[-1].items() if path.startswith("/private/")),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1, help="of the random moments")
    parser.add_argument("--longest", type=float, default=4.0, help="seconds from the first request to a kill, at most")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = kill_and_resume(wanted.articles, wanted.kills, wanted.seed, Path(folder), wanted.longest, report=True)
    print(found)
    sys.exit(0 if found.right else 1)


if __name__ == "__main__":
    main()
