"""Train the text model, with scores from cross-validation that keeps domains apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from cleaners.cut import choose
from cleaners.errors import InputError
from cleaners.model import save_model
from cleaners.text_features import TEXT_FEATURES_VERSION, Tables, text_features
from cleaners.training.export import forest_bytes
from cleaners.training.measure import calibration, word_f1
from cleaners.training.text_pages import PLAIN, Dump, FlattenedPage, read_flattened_pages, read_taught_pages
from cleaners.training.text_tables import TextVotes, tables_of

Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]

# Chosen by cross-validation on wcxb and news421; docs/text-dumps.md has the scores.
PARAMETERS: Final[dict[str, Any]] = {
    "objective": "cross_entropy",
    "learning_rate": 0.07,
    "num_leaves": 63,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.6,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "seed": 1,
    "deterministic": True,
    "verbose": -1,
}
ROUNDS: Final = 260
FOLDS: Final = 4
TAUGHT: Final = 0.6  # weight of a page that trafilatura labelled
_FEW_PAGES: Final = 20  # below this nothing worth using can be learned


@dataclass
class TextReport:
    """What cross-validation found: mean F1 by set and flattener, and the confidence's calibration."""

    pages: int
    scores: dict[str, dict[str, float]] = field(default_factory=dict)
    calibration: list[tuple[float, float]] = field(default_factory=list)


def train_text(
    sets: Sequence[Path],
    out: Path,
    *,
    unlabelled: Sequence[Path] = (),
    threads: int = 1,
    say: Callable[[str], None] = lambda line: None,
) -> TextReport:
    """Cross-validate on labelled sets of pages, train on all of them, and write a model file to `out`.

    Each set is a folder with truth.jsonl (id, url, kind, body) and pages/ID.html.gz. Sets named in `unlabelled` need
    no bodies: trafilatura's text stands in for them, at less weight, and no score is taken on them. Raises InputError.
    """
    pages = [page for folder in sets for page in read_flattened_pages(folder, FOLDS)]
    pages += [page for folder in unlabelled for page in read_taught_pages(folder, FOLDS)]
    if len(pages) < _FEW_PAGES:
        raise InputError(f"{len(pages)} labelled pages found, at least {_FEW_PAGES} are needed; name more sets")
    say(f"{len(pages)} pages read")
    votes = votes_by_fold(pages)
    report = _cross_validate(pages, votes, threads, say)
    say("training on all pages")
    booster = fit(pages, votes, None, threads)
    about = {
        "features_version": TEXT_FEATURES_VERSION,
        "calibration": report.calibration,
        "sets": {folder.name: sum(page.source == folder.name for page in pages) for folder in (*sets, *unlabelled)},
        "scores": report.scores,
        "parameters": {**PARAMETERS, "rounds": ROUNDS},
    }
    save_model(out, forest_bytes(booster), np.array(tables_of(votes)), about)
    return report


def votes_by_fold(pages: Sequence[FlattenedPage]) -> list[TextVotes]:
    """The votes of each fold's pages, in their plain flattening."""
    votes = [TextVotes() for _ in range(FOLDS)]
    for page in pages:
        dump = page.dumps[PLAIN]
        votes[page.fold].count(dump.texts, dump.shares, dump.words)
    return votes


def fit(pages: Sequence[FlattenedPage], votes: Sequence[TextVotes], held_out: int | None, threads: int) -> lgb.Booster:
    """One boosted forest on the share of each block's words that is body, on the folds not held out."""
    seen = [(page, dump) for page in pages if page.fold != held_out for dump in page.dumps.values() if len(dump.words)]
    tables = [_tables_without(votes, own, held_out) for own in range(FOLDS)]
    matrix = lgb.Dataset(
        np.vstack([text_features(dump.document, tables[page.fold]) for page, dump in seen]),
        label=np.concatenate([dump.shares for _, dump in seen]),
        weight=np.concatenate([block_weights(dump.words) * (TAUGHT if page.taught else 1) for page, dump in seen]),
    )
    return lgb.train({**PARAMETERS, "num_threads": threads}, matrix, ROUNDS)


def _tables_without(votes: Sequence[TextVotes], *folds: int | None) -> Tables:
    """Tables that saw none of these folds: a page's own words must not vote on it."""
    return tables_of([part for fold, part in enumerate(votes) if fold not in folds])


def block_weights(words: Floats) -> Floats:
    """Long blocks weigh more, and long pages only a little more than short ones."""
    root = np.sqrt(words + 1)
    return np.asarray(10 * root / (root.sum() + 1) ** 0.7)


def _cross_validate(
    pages: Sequence[FlattenedPage], votes: Sequence[TextVotes], threads: int, say: Callable[[str], None]
) -> TextReport:
    found: dict[str, dict[str, list[float]]] = {}
    points: list[tuple[float, float]] = []
    for fold in range(FOLDS):
        booster = fit(pages, votes, fold, threads)
        tables = _tables_without(votes, fold)
        for page in pages:
            if page.fold == fold and not page.taught:
                for name, dump in page.dumps.items():
                    expected, real = _judged(dump, page.reference, booster, tables)
                    found.setdefault(page.source, {}).setdefault(name, []).append(real)
                    points.append((expected, real))
        say(f"fold {fold + 1} of {FOLDS} done")
    scores = {
        source: {name: round(float(np.mean(values)), 4) for name, values in sorted(by_name.items())}
        for source, by_name in found.items()
    }
    pairs = np.array(points)
    return TextReport(len(pages), scores, calibration(pairs[:, 0], pairs[:, 1]))


def _judged(dump: Dump, reference: str, booster: lgb.Booster, tables: Tables) -> tuple[float, float]:
    """Expected and real F1 of one dump."""
    if not len(dump.words):
        return 0.0, 0.0
    probabilities = np.asarray(booster.predict(text_features(dump.document, tables), num_threads=1))
    cut = choose(probabilities, dump.words + 0.01)
    body = "\n".join(text for text, keep in zip(dump.texts, cut.kept, strict=True) if keep)
    return cut.expected_f1, word_f1(body, reference)[2]
