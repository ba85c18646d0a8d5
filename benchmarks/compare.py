"""Compare Copydesk with other extractors on a folder of labelled pages.

usage: python -m benchmarks.compare DATA_DIR... [--engines A,B] [--pages N] [--records] [--rounds N]
                                   [--out FOLDER] [--figures FILE]
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.engines import ENGINES, RECORD_ENGINES, load_engine
from benchmarks.figures import remember
from benchmarks.pages import LabelledPage, read_pages
from benchmarks.report import Result, accuracy_table, cost_of, cost_table, plot, records_table, result_of
from benchmarks.running import Outcome, run_interleaved
from cleaners.errors import CopydeskError

_BASELINE = "trafilatura"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison with these arguments. Returns the exit status."""
    given = _parser().parse_args(arguments)
    logging.disable(logging.CRITICAL)  # hides messages of the engines; their failures are counted
    warnings.simplefilter("ignore")
    try:
        sets = {folder.name: read_pages(folder, given.pages) for folder in given.data_dirs}
        if given.records:
            compare_records(sets, given.rounds)
            return 0
        for name, pages in sets.items():
            out = given.out / name if given.out and len(sets) > 1 else given.out
            results = compare_bodies(pages, given.engines.split(","), out)
            if given.figures:
                remember(given.figures, name, len(pages), results)
    except CopydeskError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def compare_bodies(pages: Sequence[LabelledPage], names: Sequence[str], out: Path | None) -> dict[str, Result]:
    """Print the accuracy and cost of each engine's body as tables, and write them with a plot to a folder."""
    outcomes = run_interleaved({name: load_engine(name) for name in names}, pages)
    results = {name: result_of(pages, made) for name, made in outcomes.items()}
    costs = {name: result.cost for name, result in results.items()}
    text = f"{accuracy_table(results)}\n\n{cost_table(costs, _BASELINE)}\n"
    print(text)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        (out / "compare.md").write_text(text, "utf-8")
        (out / "pages.jsonl").write_text("".join(_page_rows(pages, outcomes)), "utf-8")
        plot(results, out / "compare.png")
    return results


def compare_records(sets: Mapping[str, Sequence[LabelledPage]], rounds: int) -> None:
    """Print the cost of whole records, ours and trafilatura's JSON with metadata, with one row per set.

    The time of a page is the least of all rounds, because other work on the machine only adds to it.
    """
    engines = {name: load() for name, load in RECORD_ENGINES.items()}
    costs = {}
    for name, pages in sets.items():
        runs = [run_interleaved(engines, pages) for _ in range(rounds)]
        costs[name] = {engine: cost_of(least([run[engine] for run in runs])) for engine in engines}
    print(records_table(costs, {name: len(pages) for name, pages in sets.items()}, _BASELINE))


def least(runs: Sequence[Sequence[Outcome]]) -> list[Outcome]:
    """For each page the outcome that took the least time."""
    return [min(outcomes, key=lambda outcome: outcome.milliseconds) for outcomes in zip(*runs, strict=True)]


def _page_rows(pages: Sequence[LabelledPage], outcomes: Mapping[str, Sequence[Outcome]]) -> list[str]:
    """One JSON line per page and engine, to examine single pages."""
    return [
        json.dumps({"id": page.id, "engine": name, "ms": round(made.milliseconds, 2), "error": made.error}) + "\n"
        for name, all_made in outcomes.items()
        for page, made in zip(pages, all_made, strict=True)
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__.splitlines()[0])
    parser.add_argument("data_dirs", type=Path, nargs="+", metavar="DATA_DIR", help="has truth.jsonl and pages/")
    parser.add_argument("--engines", default=",".join(ENGINES), help=f"comma-separated, of: {', '.join(ENGINES)}")
    parser.add_argument("--pages", type=int, help="use a random sample of this many pages, always the same")
    parser.add_argument("--records", action="store_true", help="time whole records: ours against trafilatura's JSON")
    parser.add_argument("--rounds", type=int, default=1, help="with --records: keep the least time of N rounds")
    parser.add_argument("--out", type=Path, help="folder for compare.md, compare.png and pages.jsonl")
    parser.add_argument("--figures", type=Path, help="file of figures to update (docs/lab/figures.json)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
