"""Kills at random moments: children of a run, the run itself, a crawl, and one of two crawls with one store.

`python -m tests.hostile.kills --children 500 --main 60 --crawl 60 --store 20` makes this many kills and reports
what was lost.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from benchmarks.crawl.kill import Start, from_a_shell, kill_and_resume
from crawler.urls.spelling import one_spelling
from tests import warm
from tests.crawl.running import crawl_arguments, records, serving_plainly
from tests.crawl.site import Site
from tests.offline import samples

ROOT: Final = Path(__file__).parents[2]
HANGING: Final = 300.0
"""Seconds after which a run that is attacked counts as hanging."""
GAPS: Final = (0.005, 0.4)
"""Seconds between two kills: at random between these."""
KILLS_A_CRAWL: Final = 20
KILLS_A_RUN: Final = 14
"""The most kills in one run, so that workers get beyond their first page."""


class Attack(NamedTuple):
    """The result of a run: its kills, its exit status (None: it hung), lost pages, repeated pages, and its messages."""

    kills: int
    status: int | None
    lost: tuple[str, ...]
    twice: tuple[str, ...]
    said: str

    @property
    def is_survived(self) -> bool:
        """Whether every page was written once or reported, and the run ended."""
        return self.status in (0, 1) and not self.lost and not self.twice and "Traceback" not in self.said


def descendants(pid: int) -> list[int]:
    """The processes below a process, as the system lists them now."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, IndexError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                parents.setdefault(parent, []).append(int(entry.name))
    found = list(parents.get(pid, []))
    for child in found:
        found += parents.get(child, [])
    return found


def clean_command(folder: Path, output: Path, workers: int = 2) -> list[str]:
    """A run of all pages of a folder."""
    return [sys.executable, "-m", "copydesk", "clean", str(folder), "-o", str(output), "--workers", str(workers)]


def attack_children(folder: Path, output: Path, most: int, chance: Random) -> Attack:
    """Clean a folder and kill random descendants of the run, up to a number of kills, until it ends."""
    errors = output.with_suffix(".err")
    kills = 0
    with errors.open("wb") as stderr:
        run = subprocess.Popen(clean_command(folder, output), cwd=ROOT, stderr=stderr, stdout=stderr)
        deadline = time.monotonic() + HANGING
        while run.poll() is None and time.monotonic() < deadline:
            time.sleep(chance.uniform(*GAPS))
            below = descendants(run.pid)
            if below and kills < most:
                with suppress(ProcessLookupError):
                    os.kill(chance.choice(below), signal.SIGKILL)
                    kills += 1
        status = run.poll()
        if status is None:
            run.kill()
            run.wait()
    return judged(folder, output, kills, status, errors.read_text("utf-8", "replace"))


def judged(folder: Path, output: Path, kills: int, status: int | None, said: str) -> Attack:
    """Compare the written and reported pages with the pages in the folder."""
    pages = [str(path) for path in sorted(folder.glob("*.html"))]
    lines = output.read_text("utf-8").splitlines() if output.exists() else []
    written = Counter(json.loads(line)["source_path"] for line in lines)
    lost = tuple(page for page in pages if not written[page] and f"{page}: no record" not in said)
    return Attack(kills, status, lost, tuple(page for page, count in written.items() if count > 1), said)


def attack_main(folder: Path, output: Path, chance: Random) -> Attack:
    """Kill a run itself at a random moment, then run it again. The output must be absent after the first run and whole
    after the second, with nothing of the first left beside it."""
    run = subprocess.Popen(clean_command(folder, output), cwd=ROOT, stderr=subprocess.DEVNULL)
    time.sleep(chance.uniform(0.2, 6.0))
    was_running = run.poll() is None
    run.kill()
    run.wait()
    if was_running and output.exists():
        return Attack(1, 0, (f"{output} is there after a kill",), (), "")
    again = warm.run("copydesk", *clean_command(folder, output)[3:])
    left = [path.name for path in sorted(output.parent.iterdir()) if path.name.startswith(f".{output.name}")]
    found = judged(folder, output, int(was_running), again.returncode, again.stderr)
    return found._replace(lost=(*found.lost, *left))


def attack_crawl(articles: int, kills: int, seed: int, folder: Path) -> Attack:
    """Kill a crawl of the made-up site several times, resume it each time, and let it finish."""
    found = kill_and_resume(articles, kills, seed, folder, longest=4.0, timeout=10.0)
    said = str(found) if found.right else f"{found}\n{found.said}"
    return Attack(found.kills, 0, (*found.lost, *found.needless), tuple(found.twice), said)


def attack_store(articles: int, folder: Path, chance: Random, start: Start = from_a_shell) -> Attack:
    """Start two crawls with one store and separate outputs, kill one, and let both finish one after the other.

    Only one of them may have the store; the other must end at once with status 2. Every article must be in one of the
    two outputs, once.
    """
    outputs = [folder / "one.jsonl", folder / "other.jsonl"]
    logs = [output.with_suffix(".err") for output in outputs]
    with serving_plainly(articles) as base:
        crawls = [
            crawl_arguments(
                "-a", f"url={base}/", "-o", str(output), STORE=str(folder / "both.crawl"), LOG_LEVEL="ERROR"
            )
            for output in outputs
        ]
        both = [start(arguments, log) for arguments, log in zip(crawls, logs, strict=True)]
        time.sleep(chance.uniform(0.0, 8.0))
        chance.choice(both).kill()
        wrong = [str(status) for run in both if (status := run.wait()) not in (0, 2, -signal.SIGKILL)]
        said = "".join(log.read_text("utf-8", "replace") for log in logs)
        status = 0
        for arguments, log in zip(crawls, logs, strict=True):
            status = max(status, start(arguments, log).wait())
            said += log.read_text("utf-8", "replace")
        written = Counter(one_spelling(row["url"]) for output in outputs if output.exists() for row in records(output))
        wanted = {one_spelling(url) for url in Site(articles, base).urls()}
    lost = (*sorted(wanted - set(written)), *wrong)
    return Attack(1, status, lost, tuple(url for url, count in written.items() if count > 1), said)


def main() -> int:
    """Run the attacks. Exit status 1 if anything was lost, written twice, or hung."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.kills", description=__doc__)
    parser.add_argument("--children", type=int, default=0, metavar="N", help="kills of children of `copydesk clean`")
    parser.add_argument("--main", type=int, default=0, metavar="N", help="kills of `copydesk clean` itself")
    parser.add_argument("--crawl", type=int, default=0, metavar="N", help="kills of a crawl, twenty in each")
    parser.add_argument("--store", type=int, default=0, metavar="N", help="kills of one of two crawls with one store")
    parser.add_argument("--articles", type=int, default=400, help="articles of a crawl that is killed (400)")
    parser.add_argument("--pages", type=int, default=120, help="pages of a run (120)")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    chance = Random(asked.seed)
    failed = kills = runs = 0
    with tempfile.TemporaryDirectory() as name:
        folder, output = Path(name, "pages"), Path(name, "out.jsonl")
        if asked.children or asked.main:
            samples.folder(folder, asked.pages)
        while kills < asked.children:
            attack = attack_children(folder, output, min(KILLS_A_RUN, asked.children - kills), chance)
            kills, runs, failed = kills + attack.kills, runs + 1, failed + _told(attack)
            output.unlink(missing_ok=True)
        print(f"{kills} kills of children in {runs} runs of {asked.pages} pages: {failed} runs failed", flush=True)
        broken = 0
        for _ in range(asked.main):
            broken += _told(attack_main(folder, output, chance))
            output.unlink(missing_ok=True)
        print(f"{asked.main} kills of the run itself: {broken} failed", flush=True)
    return 1 if failed + broken + _attack_crawls(asked, chance) else 0


def _attack_crawls(asked: argparse.Namespace, chance: Random) -> int:
    failed = kills = 0
    while kills < asked.crawl:
        with tempfile.TemporaryDirectory() as name:
            attack = attack_crawl(
                asked.articles, min(KILLS_A_CRAWL, asked.crawl - kills), chance.randrange(10**6), Path(name)
            )
        kills, failed = kills + max(1, attack.kills), failed + _told(attack)
        print(f"{kills} kills of a crawl: {attack.said}", flush=True)
    for done in range(1, asked.store + 1):
        with tempfile.TemporaryDirectory() as name:
            failed += _told(attack_store(8, Path(name), chance))
        print(f"{done} kills of one of two crawls with one store: {failed} failed", flush=True)
    return failed


def _told(attack: Attack) -> int:
    if attack.is_survived:
        return 0
    said = attack.said[-2500:]
    print(f"status {attack.status}, lost {attack.lost[:3]}, twice {attack.twice[:3]}: {said}", flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
