"""Tunes and measures the table of page kinds: python -m benchmarks.crawl.page_rates SET …

Uses five folds with domains apart. For each fold, a model of kinds is trained on the pages of the others (except sets
whose only kind is article), the points of pipelines/record/kinds/page_kinds.toml are fitted by logistic regression, and
the fold's pages are judged. Prints the points from all pages together (the table has them, rounded), how many pages of
each kind are kept out of fold, and how many by the present table.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

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
from pipelines.record.kinds.page_kinds import ARTICLE_POINTS, DOUBTFUL_POINTS, kind_facts, page_facts, page_rules

FOLDS = 5
A_LOGIT = 4
"""Points for a unit of log odds: quarters are as fine as so few listings can tell."""
OTHER_WEIGHT = 3.0
"""Another page weighs as much as three articles: there are two and a half times as many of those."""
LOOKED_AT = range(-2, 15, 2)
"""Points from which pages are kept, to see what that costs."""
RIDGE = 2.0
SURE = -20
"""Points from here down are decisions of our own, left out of the fit."""
_NO_ARTICLES = ("listing", "collection", "product", "service")
Matrix = NDArray[np.float64]


class Judged(NamedTuple):
    """A page of a set: its kind, its fold, the facts for the table, and the features for the model of kinds."""

    kind: str
    fold: int
    facts: dict[str, float]
    row: NDArray[np.float32] | None
    has_kinds: bool


def pages_of(folder: Path) -> list[Judged]:
    rows = list(truth_rows(folder))
    many = len({row.get("kind") for row in rows}) > 1
    return [_judged(folder, row, many or folder.name == "news421") for row in rows if row.get("kind")]


def _judged(folder: Path, row: dict[str, Any], has_kinds: bool) -> Judged:
    record = record_of(Page(content_of(folder, row["id"]), url=row.get("url")))
    document = record.cleaned.document
    found = page_row(features(document, html_scores())) if document.blocks else None
    facts = page_facts(record.article, record.cleaned)
    return Judged(row["kind"], fold_of(row.get("url") or row["id"], FOLDS), facts, found, has_kinds)


def with_unseen_kinds(pages: list[Judged]) -> list[dict[str, float]]:
    """The facts of each page, with the kind predicted by a model that saw no page of its domain."""
    names = sorted({page.kind for page in pages})
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


def fired(facts: list[dict[str, float]]) -> Matrix:
    """Which rows of the table apply to which page, and a column of 1."""
    return np.array([[*(float(rule.fires(own)) for rule in _fitted()), 1.0] for own in facts])


def fit(rows: Matrix, labels: Matrix) -> Matrix:
    """Ridge logistic regression by Newton's method: a weight for each row of the table, in points."""
    weights = np.where(labels == 1, 1.0, OTHER_WEIGHT)
    ridge = np.diag([*[RIDGE] * (rows.shape[1] - 1), 1e-6])
    found = np.zeros(rows.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-rows @ found))
        slope = rows.T @ (weights * (chance - labels)) + ridge @ found
        found -= np.linalg.solve((rows * (weights * chance * (1 - chance))[:, None]).T @ rows + ridge, slope)
    return np.asarray(np.round(found * A_LOGIT))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, metavar="SET", help="has truth.jsonl and pages/ID.html.gz")
    report([page for folder in parser.parse_args().sets for page in pages_of(folder)])


def report(pages: list[Judged]) -> None:
    """Print the points, and how many pages of each kind are kept."""
    rows = fired(with_unseen_kinds(pages))
    folds = np.array([page.fold for page in pages])
    kinds = np.array([page.kind for page in pages])
    labels = (kinds == "article").astype(float)
    told = np.isin(kinds, ["article", *_NO_ARTICLES])
    sure = np.array([any(r.points <= SURE and r.fires(page.facts) for r in page_rules()) for page in pages])
    points = fit(rows[told], labels[told])
    for name, value in zip([*(rule.name for rule in _fitted()), "where counting starts"], points, strict=True):
        print(f"{value:5.0f} {name}")
    unseen = np.zeros(len(pages))
    for fold in range(FOLDS):
        unseen[folds == fold] = rows[folds == fold] @ fit(rows[told & (folds != fold)], labels[told & (folds != fold)])
    table = rows @ np.array([*(rule.points for rule in _fitted()), 0])
    for least in LOOKED_AT:
        print(f"kept from {least} points, fitted out of fold: {_rates((unseen >= least + points[-1]) & ~sure, kinds)}")
    for name, least in (("is_article", ARTICLE_POINTS), ("kept by a crawl", DOUBTFUL_POINTS)):
        print(f"{name}, by the table as it is: {_rates((table >= least) & ~sure, kinds)}")


def _fitted() -> list[Any]:
    return [rule for rule in page_rules() if rule.points > SURE]


def _rates(kept: NDArray[np.bool_], kinds: NDArray[np.str_]) -> str:
    counts: dict[str, list[bool]] = defaultdict(list)
    for kind, keep in zip(kinds, kept, strict=True):
        counts[str(kind)].append(bool(keep))
    rest = [keep for kind in ("listing", "collection") for keep in counts.pop(kind)]
    first = counts.pop("article")
    precision = sum(first) / max(1, sum(first) + sum(rest))
    others = ", ".join(f"{kind} {np.mean(keep):.2f}" for kind, keep in sorted(counts.items()))
    return (f"articles {np.mean(first):.4f}, listings and collections {np.mean(rest):.3f} "
            f"(precision {precision:.3f}); {others}; {_against_no_articles(kept, kinds)}")  # fmt: skip


def _against_no_articles(kept: NDArray[np.bool_], kinds: NDArray[np.str_]) -> str:
    """Recall and precision of "is an article" against pages that are clearly not articles."""
    first, others = kept[kinds == "article"], kept[np.isin(kinds, _NO_ARTICLES)]
    precision = first.sum() / max(1, first.sum() + others.sum())
    said = f"against {len(others)} pages ({', '.join(_NO_ARTICLES)})"
    return f"{said}: recall {first.mean():.3f}, precision {precision:.3f}"


if __name__ == "__main__":
    main()
