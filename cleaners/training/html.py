"""Train the HTML block classifier, with scores from cross-validation that keeps domains apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from cleaners.classifier import page_row, with_kinds, with_second_opinion
from cleaners.cut import choose
from cleaners.errors import InputError
from cleaners.features import FEATURES_VERSION, Scores, features
from cleaners.model import save_model
from cleaners.training.export import forest_bytes
from cleaners.training.measure import calibration, rank_auc, word_f1
from cleaners.training.pages import LabelledPage, read_labelled_pages
from cleaners.training.scores import Votes, count_votes, scores_of
from cleaners.training.second_opinion import ASKED_SHARE, opinion_weights, opinions, pages_worth_asking

Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]

# Chosen by cross-validation on wcxb and news421 (docs/classifier.md has the alternatives and their scores).
PARAMETERS: Final[dict[str, Any]] = {
    "objective": "cross_entropy",
    "learning_rate": 0.075,
    "num_leaves": 63,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.6,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "seed": 1,
    "verbose": -1,
}
ROUNDS: Final = 240
FOLDS: Final = 4
# Tables of log odds for a page come from the other parts of its fold's complement: many small parts, so that a page
# in training sees nearly as much as a page in production.
PARTS: Final = 12
KIND_PARAMETERS: Final[dict[str, Any]] = {
    "objective": "multiclass",
    "learning_rate": 0.05,
    "num_leaves": 8,
    "min_data_in_leaf": 10,
    "feature_fraction": 0.2,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 2.0,
    "max_bin": 31,
    "num_threads": 1,
    "seed": 1,
    "verbose": -1,
}
KIND_ROUNDS: Final = 100
_FEW_PAGES: Final = 20  # below this nothing worth using can be learned
_BAD_F1: Final = 0.8


@dataclass
class Report:
    """What cross-validation found. `scores` maps a set's name to mean precision, recall and F1, and F1 by kind."""

    pages: int
    scores: dict[str, dict[str, Any]] = field(default_factory=dict)
    calibration: list[tuple[float, float]] = field(default_factory=list)
    bad_page_auc: float = float("nan")
    second_opinion: dict[str, Any] = field(default_factory=dict)


def train_html(
    sets: Sequence[Path],
    out: Path,
    *,
    threads: int = 1,
    say: Callable[[str], None] = lambda line: None,
) -> Report:
    """Cross-validate on labelled sets, train on all of them, and write a model file to `out`.

    Each set is a folder with truth.jsonl (id, url, kind, body) and pages/ID.html.gz. Raises InputError.
    """
    pages = [page for folder in sets for page in read_labelled_pages(folder, PARTS) if len(page.words)]
    if len(pages) < _FEW_PAGES:
        raise InputError(f"{len(pages)} labelled pages found, at least {_FEW_PAGES} are needed; name more sets")
    say(f"{len(pages)} pages read")
    votes = votes_by_part(pages)
    predictions = _out_of_fold(pages, votes, threads, say)
    report, about = _judge(pages, predictions, say)
    matrices, kinds = _with_kinds(pages, _features(pages, votes, held_out=None), held_out=None)
    say("training on all pages")
    booster = fit(pages, matrices, threads)
    scores = scores_of(votes)
    about |= {
        "features_version": FEATURES_VERSION,
        "class_tokens": dict(scores.class_tokens),
        "kinds": kind_names(pages),
        "sets": {folder.name: sum(page.source == folder.name for page in pages) for folder in sets},
        "scores": report.scores,
        "parameters": {**PARAMETERS, "rounds": ROUNDS},
    }
    save_model(out, forest_bytes(booster), scores.words, about, forest_bytes(kinds))
    return report


def votes_by_part(pages: Sequence[LabelledPage]) -> list[Votes]:
    """The votes of each part's pages."""
    votes = [Votes() for _ in range(PARTS)]
    for page in pages:
        count_votes(votes[page.fold], page.document, page.shares, page.words)
    return votes


def _features(pages: Sequence[LabelledPage], votes: Sequence[Votes], held_out: int | None) -> list[Matrix]:
    """Every page's features with tables that saw neither its own part nor the fold held out."""
    tables: list[Scores] = [
        scores_of([part for i, part in enumerate(votes) if i != own and i % FOLDS != held_out]) for own in range(PARTS)
    ]
    return [features(page.document, tables[page.fold]) for page in pages]


def kind_names(pages: Sequence[LabelledPage]) -> list[str]:
    """The kinds of page that the sets name, in the order of the kind model's classes."""
    return sorted({page.kind for page in pages})


def _with_kinds(
    pages: Sequence[LabelledPage], matrices: Sequence[Matrix], held_out: int | None
) -> tuple[list[Matrix], lgb.Booster]:
    """Add the probabilities of the page's kind, from models that saw neither its own fold nor the one held out."""
    rows = np.vstack([page_row(matrix) for matrix in matrices])
    names = kind_names(pages)
    targets = np.array([names.index(page.kind) for page in pages])
    fold = np.array([page.fold % FOLDS for page in pages])
    found = np.zeros((len(pages), len(names)))
    for own in range(FOLDS):
        seen = (fold != own) & (fold != held_out)
        found[fold == own] = _fit_kinds(rows[seen], targets[seen], len(names)).predict(rows[fold == own])
    joined = [with_kinds(matrix, kinds[None, :]) for matrix, kinds in zip(matrices, found, strict=True)]
    return joined, _fit_kinds(rows, targets, len(names))


def _fit_kinds(rows: Matrix, targets: NDArray[np.int64], kinds: int) -> lgb.Booster:
    return lgb.train({**KIND_PARAMETERS, "num_class": max(2, kinds)}, lgb.Dataset(rows, label=targets), KIND_ROUNDS)


def fit(pages: Sequence[LabelledPage], matrices: Sequence[Matrix], threads: int) -> lgb.Booster:
    """One boosted forest on the share of each block's words that is body."""
    rows = lgb.Dataset(
        np.vstack(matrices),
        label=np.concatenate([page.shares for page in pages]),
        weight=np.concatenate([block_weights(page.words) for page in pages]),
    )
    return lgb.train({**PARAMETERS, "num_threads": threads}, rows, ROUNDS)


def block_weights(words: Floats) -> Floats:
    """Every page weighs the same, as it does in the mean F1; within a page long blocks weigh more."""
    weights = (words + 2) ** 0.75
    return np.asarray(10 * weights / weights.sum())


def _out_of_fold(
    pages: Sequence[LabelledPage], votes: Sequence[Votes], threads: int, say: Callable[[str], None]
) -> list[Floats]:
    predictions: list[Floats] = [np.zeros(0)] * len(pages)
    for fold in range(FOLDS):
        matrices, _ = _with_kinds(pages, _features(pages, votes, held_out=fold), held_out=fold)
        seen = [i for i, page in enumerate(pages) if page.fold % FOLDS != fold]
        booster = fit([pages[i] for i in seen], [matrices[i] for i in seen], threads)
        for i, page in enumerate(pages):
            if page.fold % FOLDS == fold:
                predictions[i] = np.asarray(booster.predict(matrices[i], num_threads=threads))
        say(f"fold {fold + 1} of {FOLDS} done")
    return predictions


def _judge(
    pages: Sequence[LabelledPage], predictions: Sequence[Floats], say: Callable[[str], None]
) -> tuple[Report, dict[str, Any]]:
    """Scores out of fold, the calibration of the confidence, and what a second opinion adds where it is low."""
    cuts = [choose(p, page.words + 0.01) for page, p in zip(pages, predictions, strict=True)]
    results = [word_f1(body_of(page, cut.kept), page.reference) for page, cut in zip(pages, cuts, strict=True)]
    expected = np.array([cut.expected_f1 for cut in cuts])
    order = np.argsort(expected, kind="stable")[: int(len(pages) * ASKED_SHARE)].tolist()
    shares = opinions([pages[i] for i in order], say)
    weights = opinion_weights([pages[i] for i in order], [predictions[i] for i in order], shares)
    after = [_asked(pages[i], predictions[i], share, weights) for i, share in zip(order, shares, strict=True)]
    gains = [second[0][2] - results[i][2] if second else 0.0 for i, second in zip(order, after, strict=True)]
    worth = pages_worth_asking(gains)
    ask_below = float(expected[order[worth - 1]]) + 1e-6 if worth else 0.0
    final = list(results)
    for i, second in zip(order[:worth], after, strict=False):
        if second:
            final[i], expected[i] = second
    real = np.array([result[2] for result in final])
    table = calibration(expected, real)
    report = Report(len(pages), _by_set(pages, final), table, rank_auc(expected, real < _BAD_F1))
    report.second_opinion = {
        "tried_on": len(order),
        "f1_alone": round(float(np.mean([results[i][2] for i in order] or [0.0])), 4),
        "f1_with": round(
            float(np.mean([results[i][2] + gain for i, gain in zip(order, gains, strict=True)] or [0.0])), 4
        ),
        "asked_from_now_on": worth,
    }
    return report, {"calibration": table, "ask_below": ask_below, "second_opinion": weights}


def _asked(
    page: LabelledPage, prediction: Floats, share: Floats | None, weights: tuple[float, float, float]
) -> tuple[tuple[float, float, float], float] | None:
    """The scores and the expected F1 of a page with trafilatura's opinion; None where it has none."""
    if share is None:
        return None
    cut = choose(with_second_opinion(prediction, share, weights), page.words + 0.01)
    return word_f1(body_of(page, cut.kept), page.reference), cut.expected_f1


def body_of(page: LabelledPage, kept: NDArray[np.bool_]) -> str:
    """The text of the kept blocks."""
    return "\n".join(block.text for block, keep in zip(page.document.blocks, kept, strict=True) if keep)


def _by_set(pages: Sequence[LabelledPage], results: Sequence[tuple[float, float, float]]) -> dict[str, dict[str, Any]]:
    out: dict[str, dict[str, Any]] = {}
    for source in dict.fromkeys(page.source for page in pages):
        own = [(page.kind, r) for page, r in zip(pages, results, strict=True) if page.source == source]
        mean = np.mean([r for _, r in own], axis=0)
        kinds = {kind: [r[2] for k, r in own if k == kind] for kind in sorted({kind for kind, _ in own})}
        out[source] = {
            "precision": round(float(mean[0]), 4),
            "recall": round(float(mean[1]), 4),
            "f1": round(float(mean[2]), 4),
            "f1_by_kind": {kind: round(float(np.mean(values)), 4) for kind, values in kinds.items()},
        }
    return out
