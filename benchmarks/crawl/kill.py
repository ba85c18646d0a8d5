"""Kills a crawl again and again and checks that nothing is lost or written twice.

    python -m benchmarks.crawl.kill --kills 50 --articles 2000

Serves the made-up site, starts `scrapy crawl articles -O`, kills it without warning (SIGKILL) a random time after its
first request or, three times in four, its first record, starts the same command again, and so on; then lets it finish.
Prints the result. Exit status 1 if anything is wrong: an article lost or written twice, a forbidden request, or after
any kill an address fetched again that was not in progress. An address is in progress if it was requested and the store
does not have it as done.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Protocol

from crawler.urls.spelling import one_spelling
from tests.crawl.running import ROOT, crawl_arguments, environment, records, seen_by, serving
from tests.crawl.site import Site

FROM_FIRST_RECORD = 0.75
"""Share of kills that are timed from a run's first record: workers may need longer to start than a run lives."""


class Running(Protocol):
    """A crawl that was started, as `subprocess.Popen` has it."""

    def poll(self) -> int | None: ...

    def kill(self) -> None: ...

    def wait(self) -> int: ...


Start = Callable[[list[str], Path], Running]
"""Starts Scrapy with these arguments; what it says on stderr goes to the file."""


def from_a_shell(arguments: list[str], said: Path) -> Running:
    """Start a crawl as a person would, in a new interpreter."""
    command = [sys.executable, "-m", "scrapy", *arguments]
    with said.open("wb") as stderr:
        return subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=stderr)


@dataclass(frozen=True)
class Found:
    """The result of a killed and resumed crawl: articles lost and written twice, addresses in progress at each kill and
    fetched again after it, and addresses fetched again that were not in progress."""

    articles: int
    kills: int
    lost: list[str]
    twice: list[str]
    under_way: list[int]
    again: list[int]
    needless: list[str]
    forbidden: int
    said: str
    """What the last run wrote to stderr."""

    @property
    def right(self) -> bool:
        return not (self.lost or self.twice or self.forbidden or self.needless)

    def __str__(self) -> str:
        return (
            f"{self.articles} articles, {self.kills} kills: {len(self.lost)} lost, {len(self.twice)} twice, "
            f"{sum(self.under_way)} requests were under way at a kill ({self._a_kill(self.under_way)} each time), "
            f"{sum(self.again)} of them asked again ({self._a_kill(self.again)}), "
            f"{len(self.needless)} asked again that were not under way, "
            f"{self.forbidden} requests that robots.txt forbids"
        )

    def _a_kill(self, counts: list[int]) -> str:
        return f"{sum(counts) / max(self.kills, 1):.1f}"


def kill_and_resume(
    articles: int,
    kills: int,
    seed: int,
    folder: Path,
    longest: float,
    report: bool = False,
    timeout: float = 2.0,
    start: Start = from_a_shell,
) -> Found:
    """Crawl with kills at random moments, then to the end.

    An answer may take `timeout` seconds. On a busy machine a good answer may take as long; such an article is lost to
    this crawl, and the next run would fetch it again. The site's answer that never ends is given up at its limit of
    bytes.
    """
    chance = random.Random(seed)
    output = folder / "articles.jsonl"
    with serving(articles) as base:
        arguments = crawl_arguments("-a", f"url={base}/", "-O", str(output), DOWNLOAD_TIMEOUT=str(timeout),
                                    DOWNLOAD_MAXSIZE="2000000")  # fmt: skip
        log = folder / "said"
        hit = 0
        asked = [seen_by(base)]
        done: list[set[str]] = []
        while hit < kills and not output.exists():
            place = output if chance.random() < FROM_FIRST_RECORD else None
            hit += _killed(lambda: start(arguments, log), base, chance.uniform(0.0, longest), place)
            asked.append(seen_by(base))
            done.append(_done(output))
            if report:
                print(f"kill {hit}: {_lines(output)} records so far", flush=True)
        if not output.exists():
            start(arguments, log).wait()
            asked.append(seen_by(base))
        return _found(output, Site(articles, base), hit, asked, done, log.read_text("utf-8", "replace"))


def _killed(start: Callable[[], Running], base: str, seconds: float, output: Path | None) -> bool:
    before, lines = _asked(base), _lines(output) if output else 0
    crawl = start()
    while crawl.poll() is None and _asked(base) == before:
        time.sleep(0.05)
    while output and crawl.poll() is None and _lines(output) == lines:
        time.sleep(0.02)
    time.sleep(seconds)
    running = crawl.poll() is None
    crawl.kill()
    crawl.wait()
    return running


def _asked(base: str) -> int:
    return sum(n for path, n in seen_by(base).items() if path != "/requests-seen")


def _lines(output: Path) -> int:
    part = output.with_name(output.name + ".part")
    return part.read_bytes().count(b"\n") if part.exists() else 0


def _done(output: Path) -> set[str]:
    """The articles that are done in the store, by path; read from a copy, so that the crawl's store does not change.

    A record that was written just before a kill may not be in the store yet: it is cut off, and fetched again.
    """
    store = output.with_name(output.name + ".crawl")
    if output.exists() or not store.exists():
        return set()
    with tempfile.TemporaryDirectory() as name:
        for path in (store, store.with_name(store.name + "-wal")):
            if path.exists():
                shutil.copy(path, name)
        with closing(sqlite3.connect(Path(name, store.name))) as copy:
            try:
                rows = copy.execute("SELECT url FROM urls WHERE record_id IS NOT NULL AND state = 1").fetchall()
            except sqlite3.OperationalError:  # killed before the tables were made
                rows = []
    return {path_of(url) for (url,) in rows}


def path_of(url: str) -> str:
    """The path of an article's address; its further pages and versions count as the same."""
    path = "/" + url.split("/", 3)[-1] if "://" in url else url
    return path.partition("?page=")[0].partition("?utm_")[0].removeprefix("/amp").removeprefix("/print")


def fetched_again(asked: list[dict[str, int]], done: list[set[str]]) -> tuple[list[int], list[int], list[str]]:
    """For each kill, the requests in progress and those sent again; and the requests that were sent again without need.

    `asked` says how often each path was requested, at first and after each run; `done` says which articles were done in
    the store after each killed run. Only articles count, by one path each.

    >>> a, b = "/2024/05/a", "/2024/05/b"
    >>> fetched_again([{}, {a: 1, b: 1}, {a: 2, b: 1}], [{b}])
    ([1], [1], [])
    >>> fetched_again([{}, {a: 1, b: 1}, {a: 1, b: 2, a + "?page=2": 1}], [{a, b}])
    ([0], [0], ['/2024/05/b'])
    """
    ever: set[str] = set()
    under_way: list[set[str]] = []
    again: list[set[str]] = []
    needless: set[str] = set()
    open_since: dict[str, int] = {}  # articles in progress at a kill (its number) and not requested since
    for run, (before, after) in enumerate(pairwise(asked)):
        fetched = {path for path, n in after.items() if n > before.get(path, 0)}
        articles = {path_of(path) for path in fetched if "/20" in path or path.startswith("/story.php")}
        whole = {path for path in fetched if path_of(path) == path}
        for path in articles & ever & whole:
            if path in open_since:
                again[open_since.pop(path)].add(path)
            else:
                needless.add(path)
        ever |= articles
        if run < len(done):
            under_way.append(articles - done[run])
            again.append(set())
            open_since |= dict.fromkeys(under_way[-1], run)
    return [len(paths) for paths in under_way], [len(paths) for paths in again], sorted(needless)


def _found(output: Path, site: Site, kills: int, asked: list[dict[str, int]], done: list[set[str]], said: str) -> Found:
    written = Counter(one_spelling(record["url"]) for record in records(output))
    wanted = {one_spelling(url) for url in site.urls()}
    under_way, again, needless = fetched_again(asked, done)
    return Found(
        articles=site.articles,
        kills=kills,
        lost=sorted(wanted - set(written)),
        said=said,
        twice=sorted(url for url, n in written.items() if n > 1),
        under_way=under_way,
        again=again,
        needless=needless,
        forbidden=sum(n for path, n in asked[-1].items() if path.startswith("/private/")),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1, help="seed of the random moments")
    parser.add_argument(
        "--longest", type=float, default=4.0, help="the most seconds from the first request or record to a kill"
    )
    parser.add_argument("--timeout", type=float, default=2.0, help="seconds that an answer may take (2)")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = kill_and_resume(
            wanted.articles, wanted.kills, wanted.seed, Path(folder), wanted.longest, True, wanted.timeout
        )
    print(found)
    if not found.right:
        print(found.said, file=sys.stderr)
    sys.exit(0 if found.right else 1)


if __name__ == "__main__":
    main()
