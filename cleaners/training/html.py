"""Train the HTML block classifier, with scores from cross-validation that keeps domains apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from cleaners.classifier.html import page_row, with_kinds
from cleaners.classifier.model import save_model
from cleaners.features.html import FEATURES_VERSION, Scores, features
from cleaners.training.evaluation import NOTHING, Prediction, Report, judge
from cleaners.training.export import forest_bytes
from cleaners.training.html_votes import Votes, count_votes, scores_of
from cleaners.training.pages import LabelledPage, read_labelled_pages
from cleaners.training.sampling import is_learned, refuse_few, weight_for_left_out
from cleaners.training.self_labelled import UnlabelledPage, passages_right, read_unlabelled_pages, taught_pages
from cleaners.words.amounts import amount
from cleaners.words.array_types import Floats, Matrix

# Chosen by cross-validation on wcxb and news421 (docs/lab/classifier.md has the alternatives and their scores).
PARAMETERS: Final[dict[str, Any]] = {
    "objective": "cross_entropy",
    "learning_rate": 0.12,
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
ROUNDS: Final = 150
FOLDS: Final = 4
# A training page's features use tables of log odds learned from the other parts of the pages. There are many small
# parts, so that a page in training sees nearly as much as a page in production.
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


@dataclass(frozen=True)
class Learned:
    """The result of training on some pages."""

    booster: lgb.Booster
    kinds: lgb.Booster
    kind_names: list[str]
    scores: Scores

    def predict(self, page: LabelledPage) -> Prediction:
        """The prediction for a page that was not learned from."""
        matrix = features(page.document, self.scores)
        kinds = np.asarray(self.kinds.predict(page_row(matrix), num_threads=1))
        found = self.booster.predict(with_kinds(matrix, kinds), num_threads=1)
        return Prediction(np.asarray(found), dict(zip(self.kind_names, kinds[0].tolist(), strict=False)))

    def save(self, out: Path, about: dict[str, Any]) -> None:
        """Write the model file."""
        about = about | {
            "features_version": FEATURES_VERSION,
            "class_tokens": dict(self.scores.class_tokens),
            "kinds": self.kind_names,
        }
        save_model(out, forest_bytes(self.booster), self.scores.words, about, forest_bytes(self.kinds))


def train_html(
    sets: Sequence[Path],
    out: Path,
    *,
    unlabelled: Sequence[Path] = (),
    threads: int = 1,
    say: Callable[[str], None] = lambda line: None,
) -> Report:
    """Cross-validate on labelled sets, train on all of them, and write a model file to `out`.

    Each set is a folder with truth.jsonl (id, url, kind, body) and pages/ID.html.gz. Sets named in `unlabelled` need
    no bodies: a model of the labelled pages labels them, at less weight, and no score is taken on them.
    Raises UsageError if a folder is no such set, InputError where the pages are too few.
    """
    pages, others = read_pages(sets, unlabelled, say)
    taught = teach(pages, others, threads)
    say("the others are labelled")
    predictions, passages = _out_of_fold(pages, others, taught, threads, say)
    report, about = judge(pages, predictions, say)
    report.passages = passages
    say("training on all pages")
    learned = learn([*pages, *taught], threads)
    sources = [page.source for page in pages] + [page.source for page in others]
    about |= {
        "sets": {folder.name: sources.count(folder.name) for folder in sets},
        "unlabelled": {folder.name: sources.count(folder.name) for folder in unlabelled},
        "scores": report.scores,
        "parameters": {**PARAMETERS, "rounds": ROUNDS},
    }
    learned.save(out, about)
    return report


def _out_of_fold(
    pages: Sequence[LabelledPage],
    others: Sequence[UnlabelledPage],
    taught: Sequence[LabelledPage],
    threads: int,
    say: Callable[[str], None],
) -> tuple[list[Prediction], float | None]:
    """For each page the prediction of a model that has not seen its fold, and the share of the others' known passages
    that such models get right."""
    predictions: list[Prediction] = [NOTHING] * len(pages)
    right = known = 0
    for fold in range(FOLDS):
        learned = learn([page for page in (*pages, *taught) if page.fold % FOLDS != fold], threads)
        for i, page in enumerate(pages):
            if page.fold % FOLDS == fold:
                predictions[i] = learned.predict(page)
        with _model_file(learned) as model:
            found = passages_right([page for page in others if page.fold % FOLDS == fold], model)
        right, known = right + found[0], known + found[1]
        say(f"fold {fold + 1} of {FOLDS} done")
    return predictions, round(right / known, 4) if known else None


def read_pages(
    sets: Sequence[Path], unlabelled: Sequence[Path], say: Callable[[str], None]
) -> tuple[list[LabelledPage], list[UnlabelledPage]]:
    """All pages of the sets that hold any text. Raises InputError if there are too few to learn from."""
    pages = [page for folder in sets for page in read_labelled_pages(folder, PARTS) if len(page.words)]
    refuse_few(len(pages))
    others = [page for folder in unlabelled for page in read_unlabelled_pages(folder, PARTS)]
    say(f"{amount(len(pages), 'page', 'labelled')} read, and {amount(len(others), 'other')}")
    return pages, others


def teach(pages: Sequence[LabelledPage], others: Sequence[UnlabelledPage], threads: int) -> list[LabelledPage]:
    """Label the other pages by a model of the labelled ones.

    In cross-validation a page labelled so is in the fold of its own domain. Its labels may carry a trace of a fold held
    out; avoiding that would need one teacher for each fold, and twice the time.
    """
    if not others:
        return []
    with _model_file(learn(pages, threads)) as teacher:
        return list(taught_pages(others, teacher))


def learn(pages: Sequence[LabelledPage], threads: int) -> Learned:
    """Learn from all these pages."""
    votes = votes_by_part(pages)
    tables = [scores_of([part for i, part in enumerate(votes) if i != own]) for own in range(PARTS)]
    matrices, kinds = _with_kinds(pages, [features(page.document, tables[page.fold]) for page in pages])
    booster = fit(pages, matrices, threads)
    return Learned(booster, kinds, kind_names(pages), scores_of(votes))


def votes_by_part(pages: Sequence[LabelledPage]) -> list[Votes]:
    """The votes of each part's pages."""
    votes = [Votes() for _ in range(PARTS)]
    for page in pages:
        count_votes(votes[page.fold], page.document, page.shares, page.words)
    return votes


@contextmanager
def _model_file(learned: Learned) -> Iterator[Path]:
    """A temporary file of the model under a name of its own: a process loads each path once."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.npz"
        learned.save(path, _UNJUDGED)
        yield path


# The entries of a model file before cross-validation: no calibration of the confidence, and no second opinion.
_UNJUDGED: Final[dict[str, Any]] = {"calibration": [(0.0, 0.0), (1.0, 1.0)], "ask_below": 0.0, "second_opinion": None}


def kind_names(pages: Sequence[LabelledPage]) -> list[str]:
    """The kinds of page that the sets name, in the order of the kind model's classes."""
    return sorted({page.kind for page in pages if page.kind})


def _with_kinds(pages: Sequence[LabelledPage], matrices: Sequence[Matrix]) -> tuple[list[Matrix], lgb.Booster]:
    """Add to each page the probabilities of its kind, from a model that did not see the page's own fold."""
    rows = np.vstack([page_row(matrix) for matrix in matrices])
    names = kind_names(pages)
    named = np.array([bool(page.kind) for page in pages])
    targets = np.array([names.index(page.kind) if page.kind else -1 for page in pages])
    fold = np.array([page.fold % FOLDS for page in pages])
    found = np.zeros((len(pages), max(2, len(names))))  # the model of kinds needs every kind
    for own in sorted(set(fold.tolist())):
        seen = named & (fold != own)
        if seen.any():
            found[fold == own] = _fit_kinds(rows[seen], targets[seen], len(names)).predict(rows[fold == own])
    joined = [with_kinds(matrix, kinds[None, :]) for matrix, kinds in zip(matrices, found, strict=True)]
    return joined, _fit_kinds(rows[named], targets[named], len(names))


def _fit_kinds(rows: Matrix, targets: NDArray[np.int64], kinds: int) -> lgb.Booster:
    return lgb.train({**KIND_PARAMETERS, "num_class": max(2, kinds)}, lgb.Dataset(rows, label=targets), KIND_ROUNDS)


def fit(pages: Sequence[LabelledPage], matrices: Sequence[Matrix], threads: int) -> lgb.Booster:
    """One boosted forest on the share of each block's words that is body, of the blocks that no rule drops."""
    chosen = [learned_rows(page) for page in pages]
    weights = [
        (page.weight * block_weights(page.words) * weight_for_left_out(page.words))[rows]
        for page, rows in zip(pages, chosen, strict=True)
    ]
    data = lgb.Dataset(
        np.vstack([matrix.take(rows, axis=0) for matrix, rows in zip(matrices, chosen, strict=True)]),
        label=np.concatenate([page.shares.take(rows) for page, rows in zip(pages, chosen, strict=True)]),
        weight=np.concatenate(weights),
    )
    return lgb.train({**PARAMETERS, "num_threads": threads}, data, ROUNDS)


def learned_rows(page: LabelledPage) -> NDArray[np.int64]:
    """The blocks of a page that training uses: those that no rule drops, and only some of the shortest."""
    some = is_learned(page.words)
    some[list(page.sure)] = False
    return np.flatnonzero(some)


def block_weights(words: Floats) -> Floats:
    """Every page has the same weight, as in the mean F1; within a page long blocks have more."""
    weights = (words + 2) ** 0.75
    return np.asarray(10 * weights / weights.sum())
