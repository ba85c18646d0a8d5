"""The README's table and the picture of accuracy against speed.

Both are made from figures that `benchmarks.compare --figures` keeps in docs/lab/figures.json.

usage: python -m benchmarks.figures
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.report import Result, table
from cleaners.errors import UsageError

PROJECT: Final = Path(__file__).parents[1]
FIGURES: Final = PROJECT / "docs" / "lab" / "figures.json"
PICTURE: Final = PROJECT / "docs" / "pictures" / "speed.svg"
README: Final = PROJECT / "README.md"
SHOWN: Final = ("copydesk", "trafilatura", "readability-lxml", "newspaper4k", "resiliparse")
"""The engines of the table, in its order."""
_PLACE: Final = re.compile(r"(<!-- figures: [^\n]* -->\n).*?(<!-- end of figures -->)", re.DOTALL)


def remember(path: Path, name: str, pages: int, results: Mapping[str, Result]) -> None:
    """Keep the figures of one set: for each engine the accuracy and the median of its CPU time per page."""
    kept = json.loads(path.read_text("utf-8")) if path.exists() else {}
    of_set = kept.setdefault(name, {"title": name})
    of_set["pages"] = pages
    for engine, result in results.items():
        whole = result.kinds.get("all") or result.snippets
        of_set.setdefault("engines", {})[engine] = {
            "accuracy": round(whole.mean, 3) if whole else None,
            "ms": round(result.cost.median, 1),
        }
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


def readme_table(figures: Mapping[str, Any]) -> str:
    """One row per engine, one column per set, and the CPU time per page on the last set.

    On sets that our model learned from, `out_of_fold` takes the place of the measured accuracy: the mean over pages
    that the model of their fold had not seen.
    """
    *_, timed = figures.values()
    head = ["", *(one["title"] for one in figures.values()), "ms per page"]
    rows = [
        [engine, *(_accuracy(one, engine) for one in figures.values()), _cell(timed, engine, "ms")] for engine in SHOWN
    ]
    return table(head, rows)


def with_table(readme: str, figures: Mapping[str, Any]) -> str:
    """The README with a new table. Raises UsageError if it has no markers for one."""
    if not _PLACE.search(readme):
        raise UsageError("README.md has no lines that begin with <!-- figures: and <!-- end of figures")
    return _PLACE.sub(lambda found: f"{found[1]}\n{readme_table(figures)}\n\n{found[2]}", readme)


def draw(figures: Mapping[str, Any], path: Path) -> None:
    """Draw accuracy against CPU time per page for every engine on the last set. The same figures give the same file."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams.update({"svg.hashsalt": "copydesk", "svg.fonttype": "none"})
    from matplotlib import pyplot

    *_, timed = figures.values()
    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    for engine, measured in timed["engines"].items():
        place = measured["ms"], measured["accuracy"]
        axes.plot(*place, "o", color="C0" if engine == "copydesk" else "C7")
        is_above = any(_is_close(measured, other) for other in timed["engines"].values())
        offset, side = ((0, 8), "center") if is_above else ((7, -3), "left")
        axes.annotate(engine, place, xytext=offset, textcoords="offset points", ha=side)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.margins(x=0.25, y=0.1)
    axes.set_xlabel("CPU milliseconds per page (median, log scale)")
    axes.set_ylabel(timed["title"])
    axes.grid(True, alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def _is_close(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Whether another engine's point lies where the name to the right of this point would be."""
    return 1 < other["ms"] / one["ms"] < 2 and abs(other["accuracy"] - one["accuracy"]) < 0.03


def _accuracy(of_set: Mapping[str, Any], engine: str) -> str:
    if engine == "copydesk" and "out_of_fold" in of_set:
        return f"{of_set['out_of_fold']:.3f}"
    return _cell(of_set, engine, "accuracy")


def _cell(of_set: Mapping[str, Any], engine: str, name: str) -> str:
    value = of_set.get("engines", {}).get(engine, {}).get(name)
    return "–" if value is None else f"{value:.1f}" if name == "ms" else f"{value:.3f}"


def main() -> int:
    """Update the table and the picture of the README. Returns the exit status."""
    argparse.ArgumentParser(prog="python -m benchmarks.figures", description=__doc__.splitlines()[0]).parse_args()
    figures = json.loads(FIGURES.read_text("utf-8"))
    try:
        draw(figures, PICTURE)
    except ModuleNotFoundError as error:
        sys.exit(f"{error.name} is not installed, and nothing was changed; run pip install 'copydesk[bench]'")
    README.write_text(with_table(README.read_text("utf-8"), figures), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
