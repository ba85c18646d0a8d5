"""Floors for our own accuracy: F1 over words on the sample pages, so that no change lowers it unnoticed.

usage: python -m benchmarks.floors [--write]

Without --write: exit status 1 and a line for each page that has fallen below its floor. With --write: the floors
are set to the present F1, less a margin. We wrote the sample pages and their bodies.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.pages import read_pages
from benchmarks.scoring import word_score
from cleaners import Page, clean

SAMPLES = Path(__file__).parent / "samples"
FLOORS = Path(__file__).parent / "floors.json"
# F1 that a page may lose before the check fails: a word or two in a hundred.
_MARGIN = 0.02
_MEAN = "mean"


def reached() -> dict[str, float]:
    """The present F1 of each sample page, and the mean."""
    scores = {
        page.id: word_score(clean(Page(page.content, url=page.url)).text, page.body or "").f1
        for page in read_pages(SAMPLES)
    }
    return {**scores, _MEAN: sum(scores.values()) / len(scores)}


def fallen(scores: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """One line for each page below its floor, or without one."""
    return [
        f"{name}: F1 {scores.get(name, 0.0):.3f} is below the floor {floor:.3f} in benchmarks/floors.json"
        for name, floor in floors.items()
        if scores.get(name, 0.0) < floor
    ] + [f"{name}: no floor; run python -m benchmarks.floors --write" for name in scores if name not in floors]


def read_floors() -> dict[str, float]:
    """The floors by page."""
    floors: dict[str, float] = json.loads(FLOORS.read_text("utf-8"))
    return floors


def main(arguments: Sequence[str] | None = None) -> int:
    """Check or write the floors. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.floors", description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="set the floors to the present F1")
    scores = reached()
    if parser.parse_args(arguments).write:
        floors = {name: math.floor((score - _MARGIN) * 1000) / 1000 for name, score in sorted(scores.items())}
        FLOORS.write_text(json.dumps(floors, indent=2) + "\n", "utf-8")
        return 0
    losses = fallen(scores, read_floors())
    print("\n".join(losses) or f"{len(scores)} floors hold; mean F1 {scores[_MEAN]:.3f}")
    return 1 if losses else 0


if __name__ == "__main__":
    sys.exit(main())
