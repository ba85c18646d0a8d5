"""Trains on all sets but one and tests on that one: how good the classifier is on pages of a kind it has never seen.

usage: python -m benchmarks.left_out SET SET ... [--unlabelled SET] [--threads N]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.report import table
from cleaners.errors import CopydeskError
from cleaners.training.evaluation import Outcome, expected_and_real, outcome_of, scores_by_set
from cleaners.training.html import learn, read_pages, teach
from cleaners.training.metrics import calibration
from cleaners.training.pages import LabelledPage
from cleaners.training.self_labelled import UnlabelledPage
from cleaners.words.addresses import registered_domain

_HEAD = ("set left out", "pages", "precision", "recall", "F1", "short bodies", "long bodies", "calibration error")


def main(arguments: Sequence[str] | None = None) -> int:
    """Train once per set, and print a row for each. Returns the exit status."""
    given = _parser().parse_args(arguments)
    try:
        pages, others = read_pages(given.sets, given.unlabelled, _say)
    except CopydeskError as error:
        print(error, file=sys.stderr)
        return 2
    results: dict[str, list[Outcome]] = {}
    for folder in given.sets:
        results[folder.name] = left_out(folder.name, pages, others, given.threads)
        _say(f"{folder.name} done")
    print(table(_HEAD, [_row(name, _scores(name, pages, results)) for name in results]))
    return 0


def left_out(name: str, pages: Sequence[LabelledPage], others: Sequence[UnlabelledPage], threads: int) -> list[Outcome]:
    """The result of a model of all other sets on the pages of this one. The model sees no page of their domains."""
    own = [page for page in pages if page.source == name]
    domains = {_domain(page) for page in own}
    known = [page for page in pages if page.source != name and _domain(page) not in domains]
    taught = teach(known, [page for page in others if _domain(page) not in domains], threads)
    learned = learn([*known, *taught], threads)
    return [outcome_of(page, learned.predict(page)) for page in own]


def _domain(page: LabelledPage | UnlabelledPage) -> str:
    return registered_domain(page.url) or page.id


def _scores(name: str, pages: Sequence[LabelledPage], results: dict[str, list[Outcome]]) -> dict[str, Any]:
    """The scores of one set; its confidence is calibrated on the results of the other sets when they were left out."""
    known = [result for other, found in results.items() if other != name for result in found]
    calibrated = calibration(*expected_and_real(known or results[name]))
    own = [page for page in pages if page.source == name]
    return scores_by_set(own, results[name], calibrated)[name]


def _row(name: str, scores: dict[str, Any]) -> list[str]:
    parts = [scores[part] for part in ("short_bodies", "long_bodies")]
    return [
        name,
        str(scores["pages"]),
        *(f"{scores[key]:.3f}" for key in ("precision", "recall", "f1")),
        *("–" if part["f1"] is None else f"{part['f1']:.3f} ({part['pages']})" for part in parts),
        f"{scores['calibration_error']:.3f}",
    ]


def _say(line: str) -> None:
    if sys.stderr.isatty():
        print(f"left_out: {line}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.left_out", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sets", nargs="+", type=Path, metavar="SET", help="a folder with truth.jsonl and pages/")
    parser.add_argument("--unlabelled", type=Path, action="append", default=[], metavar="SET", help="as in `train`")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="threads that LightGBM may use (1)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
