"""Documents a second on WET-like text, and where the time goes.

usage: python benchmarks/text_throughput.py SET_DIR [--documents 200] [--profile]

SET_DIR holds truth.jsonl and pages/ID.html.gz. Pages are flattened by Resiliparse, as WET files are, and cut to about
500 words.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import json
import pstats
import time
from pathlib import Path

from cleaners import clean
from cleaners.decode import decode
from cleaners.training.text_flatten import laid_out

_WORDS = 500


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set_dir", type=Path)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--profile", action="store_true")
    chosen = parser.parse_args()
    dumps = wet_like(chosen.set_dir, chosen.documents)
    clean(dumps[0], markup="text")
    profile = cProfile.Profile()
    if chosen.profile:
        profile.enable()
    begin, wall = time.process_time(), time.perf_counter()
    for dump in dumps:
        clean(dump, markup="text")
    spent = time.process_time() - begin
    profile.disable()
    words = sum(len(dump.split()) for dump in dumps)
    lines = sum(len(dump.splitlines()) for dump in dumps)
    print(f"{len(dumps)} documents, {words / len(dumps):.0f} words and {lines / len(dumps):.0f} lines each")
    print(f"{len(dumps) / spent:.0f} documents a second of one core ({time.perf_counter() - wall:.1f} s by the clock)")
    if chosen.profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)


def wet_like(folder: Path, count: int) -> list[str]:
    """The first pages' text as WET files have it, each cut after about 500 words."""
    dumps: list[str] = []
    for line in (folder / "truth.jsonl").open(encoding="utf-8"):
        page = gzip.decompress((folder / "pages" / f"{json.loads(line)['id']}.html.gz").read_bytes())
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
