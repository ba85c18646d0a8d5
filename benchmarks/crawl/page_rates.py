"""Tunes and measures the table of page kinds: python -m benchmarks.crawl.page_rates SET …

Uses five folds with domains apart. For each fold, a model of kinds is trained on the pages of the others (only on sets
that name more kinds than the table needs, and news421), the points of pipelines/record/kinds/page_kinds.toml are fitted
by logistic regression, and the fold's pages are judged. Prints the points from all pages together (the table has them,
rounded), then recall and precision of is_article and the share of each kind that is called an article or kept by a
crawl: with points fitted out of fold, and by the present table (with the kinds out of fold).

A set is a folder with truth.jsonl (id, url, kind) and pages/ID.html.gz. Pages without a kind are passed over. Pages
that kinds_read.toml names count as what they were read to be.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from cleaners.classifier.html import html_scores, page_row
from cleaners.features.html import features
from cleaners.page import Page
from cleaners.training.folds import fold_of
from cleaners.training.html import KIND_PARAMETERS, KIND_ROUNDS
from cleaners.training.pages import content_of, truth_rows
from pipelines.record.build import record_of
from pipelines.record.kinds.page_facts import kind_facts, page_facts
from pipelines.record.kinds.page_kinds import ARTICLE_POINTS, DOUBTFUL_POINTS, PageRule, page_rules

FOLDS: Final = 5
A_LOGIT: Final = 4
"""Points for a unit of log odds: quarters are as fine as so few listings can tell."""
RIDGE: Final = 2.0
SURE: Final = -20
"""Points from here down are decisions of our own, left out of the fit."""
NO_ARTICLES: Final = ("listing", "collection", "product", "service", "page with a form")
"""Kinds of page that are clearly not articles. Manuals and threads are neither: the fit leaves them out."""
NEWS_SET: Final = "news421"
_NUMBER: Final = re.compile(r"[-_]?\d+$")
Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Judged(NamedTuple):
    """A page of a set.

    kind       the kind that it was read to be, else the set's
    fold       the part of the pages that its domain belongs to
    facts      what the table looks at
    row        the features for the model of kinds; None for a page without blocks
    has_kinds  whether the model of kinds may learn from it: the set means by its kinds what the model does
    """

    source: str
    kind: str
    fold: int
    facts: dict[str, float]
    row: NDArray[np.float32] | None
    has_kinds: bool


def pages_of(folder: Path) -> Iterator[Judged]:
    """Make the record of every page of a set that has a kind."""
    rows = [row for row in truth_rows(folder) if row.get("kind")]
    has_kinds = folder.name == NEWS_SET or "documentation" in {row["kind"] for row in rows}
    read = kinds_read()
    for row in rows:
        kind = read.get(row["id"], row["kind"])
        yield _judged(folder, row, kind, has_kinds)


def kinds_read() -> dict[str, str]:
    """The kind of each page that was read and is not what its set says, by id."""
    table = tomllib.loads(Path(__file__).with_name("kinds_read.toml").read_text(encoding="utf-8"))
    return {page: kind for page, (kind, _) in table["read"].items()}


def _judged(folder: Path, row: dict[str, Any], kind: str, has_kinds: bool) -> Judged:
    record = record_of(Page(content_of(folder, row["id"]), url=row.get("url")))
    document = record.cleaned.document
    found = page_row(features(document, html_scores())) if document.blocks else None
    facts = page_facts(record.article, record.cleaned)
    return Judged(folder.name, kind, fold_of(row.get("url") or site_in(row["id"]), FOLDS), facts, found, has_kinds)


def site_in(page: str) -> str:
    """The id of a page without the number that tells it from other pages of its site.

    >>> site_in("gne_163_4")
    'gne_163'
    """
    return _NUMBER.sub("", page)


def with_unseen_kinds(pages: list[Judged]) -> list[dict[str, float]]:
    """The facts of each page, with the kind predicted by a model that saw no page of its domain."""
    names = sorted({page.kind for page in pages if page.has_kinds})
    facts = [dict(page.facts) for page in pages]
    for fold in range(FOLDS):
        seen = [page for page in pages if page.fold != fold and page.row is not None and page.has_kinds]
        labels = np.array([names.index(page.kind) for page in seen])
        rows = lgb.Dataset(np.vstack([page.row for page in seen if page.row is not None]), label=labels)
        model = lgb.train({**KIND_PARAMETERS, "num_class": len(names)}, rows, KIND_ROUNDS)
        for own, page in zip(facts, pages, strict=True):
            if page.fold == fold and page.row is not None:
                found: Any = model.predict(page.row)
                own.update(kind_facts(dict(zip(names, found[0], strict=True))))
    return facts


def fired(rules: list[PageRule], facts: list[dict[str, float]]) -> Matrix:
    """Which rules apply to which page, and a column of 1."""
    return np.array([[*(float(rule.fires(own)) for rule in rules), 1.0] for own in facts])


def fit(rows: Matrix, labels: Matrix) -> Matrix:
    """Ridge logistic regression by Newton's method: a weight for each rule, in points.

    Articles weigh as much, all together, as the other pages.
    """
    weights = np.where(labels == 1, 1.0, labels.sum() / (1 - labels).sum())
    ridge = np.diag([*[RIDGE] * (rows.shape[1] - 1), 1e-6])
    found = np.zeros(rows.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-rows @ found))
        slope = rows.T @ (weights * (chance - labels)) + ridge @ found
        found -= np.linalg.solve((rows * (weights * chance * (1 - chance))[:, None]).T @ rows + ridge, slope)
    return np.asarray(found * A_LOGIT)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, metavar="SET", help="has truth.jsonl and pages/ID.html.gz")
    report([page for folder in parser.parse_args().sets for page in pages_of(folder)])


def report(pages: list[Judged]) -> None:
    """Print the points, and how many pages of each kind are called articles and kept by a crawl."""
    fitted = [rule for rule in page_rules() if rule.points > SURE and rule.for_crawls]
    facts = with_unseen_kinds(pages)
    rows = fired(fitted, facts)
    labels = np.array([float(page.kind == "article") for page in pages])
    points = fit(*_learned(pages, rows, labels, np.ones(len(pages), bool)))
    for name, value in zip([*(rule.name for rule in fitted), "where counting starts"], points, strict=True):
        print(f"{value:5.0f} {name}")
    out_of_fold = unseen_points(pages, rows, labels) - points[-1]
    table = rows @ np.array([*(rule.points for rule in fitted), 0])
    extra = [rule for rule in page_rules() if not rule.for_crawls]
    doubt = fired(extra, facts)[:, :-1] @ np.array([rule.points for rule in extra])
    ruled_out = np.array([any(r.points <= SURE and r.fires(own) for r in page_rules()) for own in facts])
    for how, total in (("points fitted out of fold", out_of_fold), ("the table as it is", table)):
        print(f"\n{how}:")
        called, kept = total + doubt >= ARTICLE_POINTS, total >= DOUBTFUL_POINTS
        for line in rates(pages, called & ~ruled_out, kept & ~ruled_out):
            print(line)


def unseen_points(pages: list[Judged], rows: Matrix, labels: Matrix) -> Matrix:
    """The points of each page, with where counting starts, fitted on the pages of other folds."""
    folds = np.array([page.fold for page in pages])
    found = np.zeros(len(pages))
    for fold in range(FOLDS):
        own = folds == fold
        found[own] = rows[own] @ fit(*_learned(pages, rows, labels, ~own))
    return found


def _learned(pages: list[Judged], rows: Matrix, labels: Matrix, wanted: Flags) -> tuple[Matrix, Matrix]:
    wanted = wanted & np.isin([page.kind for page in pages], ["article", *NO_ARTICLES])
    return rows[wanted], labels[wanted]


def rates(pages: list[Judged], called: Flags, kept: Flags) -> Iterator[str]:
    """Lines of a table: for each set and for all, recall and precision; then each kind of page."""
    kinds, sources = np.array([page.kind for page in pages]), np.array([page.source for page in pages])
    for name in [*dict.fromkeys(sources.tolist()), "all"]:
        own = (sources == name) | (name == "all")
        yield f"{name:12} {recall_and_precision(called[own], kinds[own])}"
        for kind in sorted(set(kinds[own].tolist())):
            chosen = own & (kinds == kind)
            yield (f"  {kind:18} {chosen.sum():5} pages, {called[chosen].sum():4} called articles"
                   f" ({called[chosen].mean():.3f}), {kept[chosen].mean():.3f} written by a crawl")  # fmt: skip


def recall_and_precision(called: Flags, kinds: NDArray[np.str_]) -> str:
    """Recall and precision of "is an article" against pages that are clearly not articles."""
    found, false = called[kinds == "article"], called[np.isin(kinds, NO_ARTICLES)]
    precision = found.sum() / max(1, found.sum() + false.sum())
    return f"recall {found.mean():.3f}, precision {precision:.3f} against {len(false)} other pages"


if __name__ == "__main__":
    main()
