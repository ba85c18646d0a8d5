"""Train the text model, with scores from cross-validation that keeps domains apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import lightgbm as lgb
import numpy as np

from cleaners.classifier.cut import Cut, choose
from cleaners.classifier.model import save_model
from cleaners.features.text import TEXT_FEATURES_VERSION, text_features
from cleaners.features.text_tables import Tables
from cleaners.training.export import forest_bytes
from cleaners.training.metrics import calibration, word_f1
from cleaners.training.sampling import is_learned, refuse_few, weight_for_left_out
from cleaners.training.text_pages import PLAIN, Dump, FlattenedPage, read_flattened_pages, read_taught_pages
from cleaners.training.text_votes import TextVotes, tables_of
from cleaners.words.alignment import words
from cleaners.words.amounts import amount
from cleaners.words.array_types import Floats

# Chosen by cross-validation on wcxb and news421; docs/lab/text-dumps.md has the scores.
PARAMETERS: Final[dict[str, Any]] = {
    "objective": "cross_entropy",
    "learning_rate": 0.12,
    "num_leaves": 63,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.4,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "seed": 1,
    "deterministic": True,
    "verbose": -1,
}
ROUNDS: Final = 150
FOLDS: Final = 4
# A page's tables of log odds come from the other parts of the training folds. There are many small parts, so that a
# page in training sees nearly as much as a page in production.
PARTS: Final = 12
# Candidates for the shift added to the log odds before the cut. Errors of a page's blocks go together (all its teasers
# look alike), which the expected F1 ignores, so it keeps too much.
SHIFTS: Final = tuple(-step / 10 for step in range(9))


@dataclass
class TextReport:
    """What cross-validation found: mean F1 by set and flattener, and the confidence's calibration."""

    pages: int
    scores: dict[str, dict[str, float]] = field(default_factory=dict)
    calibration: list[tuple[float, float]] = field(default_factory=list)
    log_odds_shift: float = 0.0


class OutOfFold(NamedTuple):
    """A dump, and its blocks' probabilities by a model that saw no page of its domain."""

    page: FlattenedPage
    flattener: str
    log_odds: Floats

    @property
    def dump(self) -> Dump:
        """The dump itself."""
        return self.page.dumps[self.flattener]

    def cut(self, shift: float) -> Cut:
        """The choice of blocks if `shift` is added to the log odds."""
        return choose(1 / (1 + np.exp(-(self.log_odds + shift))), self.dump.words + 0.01)


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
    no bodies: what the HTML model of the package keeps stands in for them, at less weight, and no score is taken on
    them; the models of the cross-validation do without them, in half the time. Raises UsageError if a folder is no
    such set, InputError where the pages are too few.
    """
    pages = [page for folder in sets for page in read_flattened_pages(folder, PARTS)]
    pages += [page for folder in unlabelled for page in read_taught_pages(folder, PARTS)]
    refuse_few(len(pages))
    say(f"{amount(len(pages), 'page')} read")
    report = judge(_out_of_fold([page for page in pages if not page.taught], threads, say))
    say("training on all pages")
    votes = votes_by_part(pages)
    booster = fit(pages, votes, None, threads)
    about = {
        "features_version": TEXT_FEATURES_VERSION,
        "calibration": report.calibration,
        "log_odds_shift": report.log_odds_shift,
        "sets": {folder.name: sum(page.source == folder.name for page in pages) for folder in (*sets, *unlabelled)},
        "scores": report.scores,
        "parameters": {**PARAMETERS, "rounds": ROUNDS},
    }
    save_model(out, forest_bytes(booster), tables_of(votes).values, about)
    return report


def votes_by_part(pages: Sequence[FlattenedPage]) -> list[TextVotes]:
    """The votes of each part's pages, in their plain flattening."""
    votes = [TextVotes() for _ in range(PARTS)]
    for page in pages:
        dump = page.dumps[PLAIN]
        votes[page.fold].count(dump.texts, dump.shares, dump.words)
    return votes


def fit(pages: Sequence[FlattenedPage], votes: Sequence[TextVotes], held_out: int | None, threads: int) -> lgb.Booster:
    """One boosted forest on the share of each block's words that is body, on the folds not held out."""
    seen = [
        (page, dump)
        for page in pages
        if page.fold % FOLDS != held_out
        for dump in page.dumps.values()
        if len(dump.words)
    ]
    tables = [_tables_without(votes, own, held_out) for own in range(PARTS)]
    chosen = [np.flatnonzero(is_learned(dump.words)) for _, dump in seen]
    weights = [page.weight * block_weights(dump.words) * weight_for_left_out(dump.words) for page, dump in seen]
    matrix = lgb.Dataset(
        np.vstack(
            [
                text_features(dump.document, tables[page.fold]).take(rows, axis=0)
                for (page, dump), rows in zip(seen, chosen, strict=True)
            ]
        ),
        label=np.concatenate([dump.shares.take(rows) for (_, dump), rows in zip(seen, chosen, strict=True)]),
        weight=np.concatenate([weight.take(rows) for weight, rows in zip(weights, chosen, strict=True)]),
    )
    return lgb.train({**PARAMETERS, "num_threads": threads}, matrix, ROUNDS)


def _tables_without(votes: Sequence[TextVotes], own: int | None, held_out: int | None) -> Tables:
    """Tables that saw neither this part nor this fold: a page's own words must not vote on it."""
    return tables_of([part for i, part in enumerate(votes) if i != own and i % FOLDS != held_out])


def block_weights(words: Floats) -> Floats:
    """Pages have nearly the same weight, as in the mean F1; within a page long blocks have more."""
    weights = (words + 2) ** 0.75
    return np.asarray(10 * weights / (weights.sum() + 20) ** 0.85)


def _out_of_fold(pages: Sequence[FlattenedPage], threads: int, say: Callable[[str], None]) -> list[OutOfFold]:
    found: list[OutOfFold] = []
    votes = votes_by_part(pages)
    for fold in range(FOLDS):
        booster = fit(pages, votes, fold, threads)
        tables = _tables_without(votes, None, fold)
        for page in pages:
            if page.fold % FOLDS == fold:
                found += [OutOfFold(page, name, _log_odds(dump, booster, tables)) for name, dump in page.dumps.items()]
        say(f"fold {fold + 1} of {FOLDS} done")
    return found


def _log_odds(dump: Dump, booster: lgb.Booster, tables: Tables) -> Floats:
    if not len(dump.words):
        return np.zeros(0)
    return np.asarray(booster.predict(text_features(dump.document, tables), raw_score=True, num_threads=1))


def judge(found: Sequence[OutOfFold]) -> TextReport:
    """Scores out of fold with the shift that does best, and the calibration of the confidence."""
    shift = max(SHIFTS, key=lambda shift: (_aligned_f1(found, shift), shift))
    scores: dict[str, dict[str, list[float]]] = {}
    points: list[tuple[float, float]] = []
    for one in found:
        cut = one.cut(shift)
        body = "\n".join(text for text, keep in zip(one.dump.texts, cut.kept, strict=True) if keep)
        real = word_f1(body, one.page.reference)[2]
        scores.setdefault(one.page.source, {}).setdefault(one.flattener, []).append(real)
        points.append((cut.expected_f1, real))
    means = {
        source: {name: round(float(np.mean(values)), 4) for name, values in sorted(by_name.items())}
        for source, by_name in scores.items()
    }
    pairs = np.array(points)
    pages = len({(one.page.source, one.page.id) for one in found})
    return TextReport(pages, means, calibration(pairs[:, 0], pairs[:, 1]), shift)


def _aligned_f1(found: Sequence[OutOfFold], shift: float) -> float:
    """Mean over the sets of the mean F1 by aligned words, close to that by bags of words."""
    by_set: dict[str, list[float]] = {}
    for one in found:
        kept, counts = one.cut(shift).kept, one.dump.words
        right = float((one.dump.shares * counts)[kept].sum())
        both = float(counts[kept].sum()) + len(words(one.page.reference))
        by_set.setdefault(one.page.source, []).append(2 * right / max(both, 1.0))
    return float(np.mean([np.mean(values) for values in by_set.values()]))
