"""Measures the speed and memory of `copydesk select` from JSON Lines to Parquet, with filters and duplicates.

    python -m benchmarks.select_records 200000 [SET_DIR] [--workers N]

Makes records from the bodies of a reference set (truth.jsonl), or from made-up sentences: of each ten, one is a near
copy of another, one is in another language and one is short. Prints one line of JSON: records per second of wall time,
CPU time of the process that selects and of its workers in microseconds per record, and the peak memory of all processes
together, with shared memory counted once. With --workers 0 one process does everything. Needs psutil.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from pipelines.record.article import Article, Image, Removed

LOOKS = 0.2
"""Seconds between two looks at the processes of a run."""

_SHAPE = Article(
    canonical_url="https://example.org/a", headline="The wall is wet", site_name="The Example", confidence=0.93,
    published_day="2024-05-03", date_published="2024-05-03T10:00:00+02:00", published_at="2024-05-03T08:00:00Z",
    authors=["Ada Quill"], images=[Image("https://example.org/a.jpg", "A wall")], removed=[Removed("menu", 12)],
    page_kind="article", is_article=True, fetched_at="2024-05-04T08:00:00Z", cleaner_version="0.1.0",
)  # fmt: skip


def sentences_of(folder: Path | None, chance: random.Random) -> list[str]:
    """Sentences of the set's bodies, or made-up ones."""
    if folder is None:
        words = [bytes(chance.choices(b"abdegilmnorstu", k=chance.randint(2, 9))).decode() for _ in range(20_000)]
        return [" ".join(chance.choices(words, k=18)) + "." for _ in range(40_000)]
    rows = map(json.loads, (folder / "truth.jsonl").open(encoding="utf-8"))
    return [part for row in rows for part in (row.get("body") or "").split("\n") if len(part.split()) > 8]


def lines(count: int, folder: Path | None) -> Iterator[str]:
    """`count` records as lines of JSON."""
    chance = random.Random(5)
    sentences = sentences_of(folder, chance)
    body = ""
    for number in range(count):
        kind = number % 10
        parts = body.split("\n\n")
        if kind == 7:  # a near copy of the one before
            body = "\n\n".join([*parts[:-1], chance.choice(sentences)])
        else:
            body = "\n\n".join(chance.choices(sentences, k=2 if kind == 8 else 22))
        made = replace(
            _SHAPE, id=f"{number:064x}", url=f"https://example.org/{number}", body=body, body_sha256=f"{number:064x}",
            word_count=len(body.split()), language="de" if kind == 9 else "en",
        )  # fmt: skip
        yield json.dumps(made.as_dict(), ensure_ascii=False, separators=(",", ":")) + "\n"


class Use(NamedTuple):
    """The cost of a run: CPU seconds of its first process and of the others, and their peak memory in bytes."""

    first: float
    others: float
    peak: int


def use_of(run: psutil.Popen) -> Use:
    """Wait for a run and watch its processes. A process counts only as long as it was seen."""
    seconds: dict[int, float] = {}
    peak = 0
    while run.poll() is None:
        size = 0
        for process in [run, *children_of(run)]:
            with contextlib.suppress(psutil.Error):
                times = process.cpu_times()
                seconds[process.pid] = times.user + times.system
                size += process.memory_full_info().pss
        peak = max(peak, size)
        time.sleep(LOOKS)
    return Use(seconds.get(run.pid, 0.0), sum(seconds.values()) - seconds.get(run.pid, 0.0), peak)


def children_of(run: psutil.Popen) -> list[psutil.Process]:
    """The processes that a run has started; none if it has ended."""
    with contextlib.suppress(psutil.Error):
        return list(run.children(recursive=True))
    return []


def main() -> None:
    """Make the records, select among them, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("set", nargs="?", type=Path)
    parser.add_argument("--workers", default="1")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        source = Path(home, "in.jsonl")
        with source.open("w", encoding="utf-8") as file:
            file.writelines(lines(arguments.count, arguments.set))
        print(json.dumps(figures_of(source, arguments.count, arguments.workers)))


def figures_of(source: Path, count: int, workers: str) -> dict[str, Any]:
    """Select among the records of a file, and measure it."""
    target, messages = source.with_name("out.parquet"), source.with_name("said")
    options = ["--articles", "--language", "en", "--min-words", "60", "--no-duplicates", "--workers", workers]
    command = [sys.executable, "-m", "copydesk", "select", str(source), "-o", str(target), *options]
    start = time.perf_counter()
    with messages.open("w", encoding="utf-8") as said:
        use = use_of(psutil.Popen(command, stderr=said))
    wall = time.perf_counter() - start
    return {
        "records": count,
        "workers": int(workers),
        "megabytes": round(source.stat().st_size / 1e6),
        "summary": messages.read_text("utf-8").strip(),
        "seconds": round(wall, 1),
        "records_a_second": round(count / wall),
        "microseconds_first": round(use.first / count * 1e6),
        "microseconds_workers": round(use.others / count * 1e6),
        "peak_mb": use.peak >> 20,
        "sha256": hashlib.sha256(target.read_bytes()).hexdigest()[:16],
    }


if __name__ == "__main__":
    main()
