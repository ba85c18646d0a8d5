"""Measures documents per second on WET-like text, and where the time goes.

usage: python -m benchmarks.text_throughput SET_DIR [--documents N] [--rounds N] [--records | --together N] [--profile]

SET_DIR has truth.jsonl and pages/ID.html.gz. Pages are flattened with Resiliparse and cut to about 500 words, which
gives text like that of WET files. The time of a document is the least of all rounds. --records measures the whole way
to its JSON line, and --together N measures N documents at once, as the workers of a run clean them.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from cleaners import Page, clean
from cleaners.parsing.decode import decode
from cleaners.training.flatten import laid_out
from cleaners.training.pages import content_of, truth_rows
from pipelines.record.build import record_of, records_of_dumps

_WORDS = 500


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set_dir", type=Path)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--records", action="store_true")
    parser.add_argument("--together", type=int, default=0, metavar="N")
    parser.add_argument("--profile", action="store_true")
    chosen = parser.parse_args()
    dumps = wet_like(chosen.set_dir, chosen.documents)
    step = chosen.together or 1
    parts = [dumps[at : at + step] for at in range(0, len(dumps), step)]
    work = _together if chosen.together else _records if chosen.records else _cleaned
    work(dumps[:1])
    profile = cProfile.Profile()
    if chosen.profile:
        profile.enable()
    spent = sum(map(min, zip(*(_times(work, parts) for _ in range(chosen.rounds)), strict=True)))
    profile.disable()
    words = sum(len(dump.split()) for dump in dumps)
    lines = sum(len(dump.splitlines()) for dump in dumps)
    print(f"{len(dumps)} documents, {words / len(dumps):.0f} words and {lines / len(dumps):.0f} lines each")
    print(f"{len(dumps) / spent:.0f} documents a second of one core, the least of {chosen.rounds} rounds each")
    if chosen.profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)


def _cleaned(dumps: Sequence[str]) -> object:
    return [clean(dump, markup="text") for dump in dumps]


def _records(dumps: Sequence[str]) -> object:
    return [record_of(Page(dump, "text")).json_line() for dump in dumps]


def _together(dumps: Sequence[str]) -> object:
    return [record.json_line() for record in records_of_dumps([Page(dump, "text") for dump in dumps])]


def _times(work: Callable[[Sequence[str]], object], parts: Sequence[Sequence[str]]) -> list[float]:
    """CPU seconds of each part of the documents."""
    times = []
    for part in parts:
        begin = time.process_time()
        work(part)
        times.append(time.process_time() - begin)
    return times


def wet_like(folder: Path, count: int) -> list[str]:
    """The text of the first pages in the form of WET files, each cut after about 500 words."""
    dumps: list[str] = []
    for row in truth_rows(folder):
        page = content_of(folder, row["id"])
        lines, words = [], 0
        for text in laid_out(decode(page).text).splitlines():
            lines.append(text)
            words += len(text.split())
            if words >= _WORDS:
                dumps.append("\n".join(lines))
                break
        if len(dumps) == count:
            break
    return dumps


if __name__ == "__main__":
    main()
