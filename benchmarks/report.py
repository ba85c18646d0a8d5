"""Shows outcomes as tables (Markdown) and a plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.pages import LabelledPage
from benchmarks.running import Outcome
from benchmarks.scoring import Interval, interval, pooled_shingle_score, snippet_score, word_score


class Cost(NamedTuple):
    """CPU milliseconds per page."""

    median: float
    mean: float
    p99: float


class Result(NamedTuple):
    """An engine's figures: word F1 by kind of page ("all" first), pooled shingle F1, snippets, cost, failures."""

    kinds: dict[str, Interval]
    shingles: float | None
    snippets: Interval | None
    cost: Cost
    failures: int


def result_of(pages: Sequence[LabelledPage], outcomes: Sequence[Outcome]) -> Result:
    """An engine's figures over all pages."""
    pairs = [(page, outcome.output) for page, outcome in zip(pages, outcomes, strict=True)]
    scored = [(page.kind, word_score(output, page.body).f1) for page, output in pairs if page.body]
    kinds = {"all": [f1 for _, f1 in scored]} if scored else {}
    for kind in sorted({kind for kind, _ in scored}):
        kinds[kind] = [f1 for other, f1 in scored if other == kind]
    snippets = [snippet_score(output, p.present, p.absent) for p, output in pairs if p.present or p.absent]
    return Result(
        {kind: interval(values) for kind, values in kinds.items()},
        pooled_shingle_score((output, page.body) for page, output in pairs if page.body).f1 if scored else None,
        interval(snippets) if snippets else None,
        cost_of(outcomes),
        sum(bool(outcome.error) for outcome in outcomes),
    )


def cost_of(outcomes: Sequence[Outcome]) -> Cost:
    """Median, mean and 99th percentile of the CPU time per page."""
    times = np.array([outcome.milliseconds for outcome in outcomes])
    return Cost(float(np.median(times)), float(times.mean()), float(np.percentile(times, 99)))


def accuracy_table(results: Mapping[str, Result]) -> str:
    """Word F1 by kind with 95 % intervals, pooled shingle F1, snippets."""
    kinds = [*dict.fromkeys(kind for result in results.values() for kind in result.kinds)]
    pages = {k: i.pages for result in results.values() for k, i in result.kinds.items()}
    head = ["engine", *(f"{kind} ({pages[kind]})" for kind in kinds), "shingles", "snippets", "failed"]
    rows = [[name, *_accuracy_cells(result, kinds)] for name, result in results.items()]
    return table(head, rows)


def cost_table(costs: Mapping[str, Cost], against: str) -> str:
    """CPU milliseconds per page, and how many times faster than `against` (ratio of means)."""
    head = ["engine", "median ms", "mean ms", "p99 ms", f"{against} / engine"]
    base = costs[against].mean if against in costs else None
    rows = [
        [name, f"{c.median:.1f}", f"{c.mean:.1f}", f"{c.p99:.1f}", f"{base / c.mean:.1f}" if base and c.mean else "–"]
        for name, c in costs.items()
    ]
    return table(head, rows)


def records_table(costs: Mapping[str, Mapping[str, Cost]], pages: Mapping[str, int], against: str) -> str:
    """CPU milliseconds per record by set and engine, and how many times faster than `against`."""
    engines = [*next(iter(costs.values()), ())]
    head = ["set (pages)", *(f"{engine}, median and mean ms" for engine in engines), "ratio of the means"]
    rows = []
    for name, by_engine in costs.items():
        cells = [f"{by_engine[engine].median:.1f}, {by_engine[engine].mean:.1f}" for engine in engines]
        ratios = [by_engine[against].mean / by_engine[engine].mean for engine in engines if engine != against]
        rows.append([f"{name} ({pages[name]})", *cells, ", ".join(f"{ratio:.1f}" for ratio in ratios)])
    return table(head, rows)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table with padded columns."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = [_line(head, widths), "|" + "|".join("-" * (width + 2) for width in widths) + "|"]
    return "\n".join([*lines, *(_line(row, widths) for row in rows)])


def plot(results: Mapping[str, Result], path: Path) -> None:
    """Draw accuracy against speed: one point per engine, with whiskers for the 95 % interval."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 5))
    for name, result in results.items():
        whole = result.kinds.get("all") or result.snippets
        if whole is None:
            continue
        reach = [[whole.mean - whole.low], [whole.high - whole.mean]]
        axes.errorbar(result.cost.mean, whole.mean, yerr=reach, fmt="o", capsize=3)
        axes.annotate(name, (result.cost.mean, whole.mean), xytext=(6, 4), textcoords="offset points")
    axes.set_xscale("log")
    axes.set_xlabel("CPU milliseconds per page (mean, log scale)")
    axes.set_ylabel("mean F1 over words" if any(r.kinds for r in results.values()) else "share of snippets right")
    axes.grid(True, alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, dpi=150)
    pyplot.close(figure)


def _accuracy_cells(result: Result, kinds: Sequence[str]) -> list[str]:
    cells = [_interval(result.kinds.get(kind)) for kind in kinds]
    shingles = "–" if result.shingles is None else f"{result.shingles:.3f}"
    return [*cells, shingles, _interval(result.snippets), str(result.failures)]


def _interval(value: Interval | None) -> str:
    return "–" if value is None else f"{value.mean:.3f} ({value.low:.3f}–{value.high:.3f})"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"
