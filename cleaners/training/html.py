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
from cleaners.errors import InputError
from cleaners.features.html import FEATURES_VERSION, Scores, features
from cleaners.training.evaluation import Report, judge
from cleaners.training.export import forest_bytes
from cleaners.training.html_votes import Votes, count_votes, scores_of
from cleaners.training.pages import LabelledPage, read_labelled_pages
from cleaners.training.self_labelled import UnlabelledPage, passages_right, read_unlabelled_pages, taught_pages

Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]

# Chosen by cross-validation on wcxb and news421 (docs/lab/classifier.md has the alternatives and their scores).
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
# A page's tables of log odds come from the other parts of the training folds. There are many small parts, so that a
# page in training sees nearly as much as a page in production.
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


@dataclass(frozen=True)
class Learned:
    """What training on some pages gave; `matrices` holds the features of all pages, those of a fold held out too."""

    matrices: list[Matrix]
    booster: lgb.Booster
    kinds: lgb.Booster
    kind_names: list[str]
    scores: Scores

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
    Raises UsageError where a folder is no such set, InputError where the pages are too few.
    """
    pages = [page for folder in sets for page in read_labelled_pages(folder, PARTS) if len(page.words)]
    if len(pages) < _FEW_PAGES:
        raise InputError(f"{len(pages)} labelled pages found, at least {_FEW_PAGES} are needed; name more sets")
    others = [page for folder in unlabelled for page in read_unlabelled_pages(folder, PARTS)]
    say(f"{len(pages)} labelled pages read, and {len(others)} others")
    votes = votes_by_part(pages)
    predictions, passages = _out_of_fold(pages, votes, others, threads, say)
    report, about = judge(pages, predictions, say)
    report.passages = passages
    say("training on all pages")
    learned = _learn_with(pages, votes, others, held_out=None, threads=threads)
    sources = [page.source for page in pages] + [page.source for page in others]
    about |= {
        "sets": {folder.name: sources.count(folder.name) for folder in sets},
        "unlabelled": {folder.name: sources.count(folder.name) for folder in unlabelled},
        "scores": report.scores,
        "parameters": {**PARAMETERS, "rounds": ROUNDS},
    }
    learned.save(out, about)
    return report


def votes_by_part(pages: Sequence[LabelledPage]) -> list[Votes]:
    """The votes of each part's pages."""
    votes = [Votes() for _ in range(PARTS)]
    for page in pages:
        count_votes(votes[page.fold], page.document, page.shares, page.words)
    return votes


def _learn_with(
    pages: Sequence[LabelledPage],
    votes: Sequence[Votes],
    others: Sequence[UnlabelledPage],
    held_out: int | None,
    threads: int,
) -> Learned:
    """Learn from the labelled pages; label the others by that, and learn from both."""
    learned = _learn(pages, votes, held_out, threads)
    seen = [page for page in others if page.fold % FOLDS != held_out]
    if not seen:
        return learned
    with _model_file(learned) as teacher:
        taught = list(taught_pages(seen, teacher))
    both = [Votes() for _ in range(PARTS)]
    for total, *parts in zip(both, votes, votes_by_part(taught), strict=True):
        for part in parts:
            total.add(part)
    return _learn([*pages, *taught], both, held_out, threads)


@contextmanager
def _model_file(learned: Learned) -> Iterator[Path]:
    """A temporary file of the model under a name of its own: a process loads each path once."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.npz"
        learned.save(path, _UNJUDGED)
        yield path


# What a model file says before it was cross-validated: confidence without calibration, and no second opinion.
_UNJUDGED: Final[dict[str, Any]] = {"calibration": [(0.0, 0.0), (1.0, 1.0)], "ask_below": 0.0, "second_opinion": None}


def _learn(pages: Sequence[LabelledPage], votes: Sequence[Votes], held_out: int | None, threads: int) -> Learned:
    matrices, kinds = _with_kinds(pages, _features(pages, votes, held_out), held_out)
    seen = [i for i, page in enumerate(pages) if page.fold % FOLDS != held_out]
    booster = fit([pages[i] for i in seen], [matrices[i] for i in seen], threads)
    return Learned(matrices, booster, kinds, kind_names(pages), scores_of(votes))


def _features(pages: Sequence[LabelledPage], votes: Sequence[Votes], held_out: int | None) -> list[Matrix]:
    """Every page's features with tables that saw neither its own part nor the fold held out."""
    tables: list[Scores] = [
        scores_of([part for i, part in enumerate(votes) if i != own and i % FOLDS != held_out]) for own in range(PARTS)
    ]
    return [features(page.document, tables[page.fold]) for page in pages]


def kind_names(pages: Sequence[LabelledPage]) -> list[str]:
    """The kinds of page that the sets name, in the order of the kind model's classes."""
    return sorted({page.kind for page in pages if page.kind})


def _with_kinds(
    pages: Sequence[LabelledPage], matrices: Sequence[Matrix], held_out: int | None
) -> tuple[list[Matrix], lgb.Booster]:
    """Add the probabilities of the page's kind, from models that saw neither its own fold nor the one held out."""
    rows = np.vstack([page_row(matrix) for matrix in matrices])
    names = kind_names(pages)
    named = np.array([bool(page.kind) for page in pages])
    targets = np.array([names.index(page.kind) if page.kind else -1 for page in pages])
    fold = np.array([page.fold % FOLDS for page in pages])
    found = np.zeros((len(pages), len(names)))
    for own in range(FOLDS):
        seen = named & (fold != own) & (fold != held_out)
        found[fold == own] = _fit_kinds(rows[seen], targets[seen], len(names)).predict(rows[fold == own])
    joined = [with_kinds(matrix, kinds[None, :]) for matrix, kinds in zip(matrices, found, strict=True)]
    seen = named & (fold != held_out)
    return joined, _fit_kinds(rows[seen], targets[seen], len(names))


def _fit_kinds(rows: Matrix, targets: NDArray[np.int64], kinds: int) -> lgb.Booster:
    return lgb.train({**KIND_PARAMETERS, "num_class": max(2, kinds)}, lgb.Dataset(rows, label=targets), KIND_ROUNDS)


def fit(pages: Sequence[LabelledPage], matrices: Sequence[Matrix], threads: int) -> lgb.Booster:
    """One boosted forest on the share of each block's words that is body."""
    rows = lgb.Dataset(
        np.vstack(matrices),
        label=np.concatenate([page.shares for page in pages]),
        weight=np.concatenate([page.weight * block_weights(page.words) for page in pages]),
    )
    return lgb.train({**PARAMETERS, "num_threads": threads}, rows, ROUNDS)


def block_weights(words: Floats) -> Floats:
    """Every page has the same weight, as in the mean F1; within a page long blocks have more."""
    weights = (words + 2) ** 0.75
    return np.asarray(10 * weights / weights.sum())


def _out_of_fold(
    pages: Sequence[LabelledPage],
    votes: Sequence[Votes],
    others: Sequence[UnlabelledPage],
    threads: int,
    say: Callable[[str], None],
) -> tuple[list[Floats], float | None]:
    """Each page's predictions by a model that saw no page of its fold; and the share of known passages that it gets
    right."""
    predictions: list[Floats] = [np.zeros(0)] * len(pages)
    right = total = 0
    for fold in range(FOLDS):
        learned = _learn_with(pages, votes, others, fold, threads)
        for i, page in enumerate(pages):
            if page.fold % FOLDS == fold:
                predictions[i] = np.asarray(learned.booster.predict(learned.matrices[i], num_threads=threads))
        with _model_file(learned) as model:
            found = passages_right([page for page in others if page.fold % FOLDS == fold], model)
        right, total = right + found[0], total + found[1]
        say(f"fold {fold + 1} of {FOLDS} done")
    return predictions, round(right / total, 4) if total else None
