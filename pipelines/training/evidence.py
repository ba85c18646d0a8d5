"""Learns weights.json: `python -m pipelines.training.evidence SET_DIR…`, each with truth.jsonl and pages/ID.html.gz.

A conditional logit a field: the probability of a candidate is the softmax of its weighted features among the page's
candidates, "the page states none" being one of them. Newton's method with a ridge; the objective is concave, so the
result does not depend on a start or a seed. Prints the accuracy on each set, with domains kept apart in five folds.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaners.page import Page
from cleaners.plan import document_of
from cleaners.training.folds import fold_of
from cleaners.training.pages import content_of, truth_rows
from pipelines.evidence.authors import training_rows as byline_rows
from pipelines.evidence.dates import training_rows as date_rows
from pipelines.evidence.headline import headlines
from pipelines.evidence.headline import training_rows as headline_rows
from pipelines.evidence.language import declared_languages
from pipelines.evidence.name_kinds import fold_name
from pipelines.evidence.page.markup import read_stated
from pipelines.evidence.page.surroundings import Surroundings
from pipelines.evidence.page.text_forms import fold
from pipelines.evidence.ranking import Features, weights
from pipelines.evidence.site_name import site_names

RIDGE: Final = 2.0
STEPS: Final = 25
FOLDS: Final = 5
DECIMALS: Final = 3
# Added to the learned weight of "none", in log odds: half of wcxb's pages are shops and services without a date or an
# author, unlike most users' pages. Measured on wcxb (docs/lab/fields.md).
NONE_SHIFT: Final = {"headline": 0.0, "published": -2.0, "authors": -2.0}
# The weights towards which the ridge pulls, if not 0. Hardly any labelled page is Chinese, so the weights of authors
# state what Chinese labels mean. Few pages state a change older than their publication, which is not a change of text.
# Hardly any has a headline that only the line with day and source below it tells from other text.
# Few pages have a headline that one place cuts short and another states whole, a line with the writer's initials, a
# line that names only the photographer, or a heading that reads like a name but is made of the text's own words.
EXPECTED: Final[dict[str, dict[str, float]]] = {
    "headline": {"tail names a site": -4.0, "cut short @article": -2.5, "place above date line": 1.5},
    "published": {"modified before publication": -3.0},
    "authors": {
        "wide writer": 4.0,
        "wide edit": 1.0,
        "wide source": -0.5,
        "wide photo": -2.5,
        "initials of a person": -2.5,
        "led by photo": -2.0,
        "led by photo, another is named": -2.0,
        "bare, of words in the text": -3.0,
    },
}
FILE: Final = Path(__file__).parents[1] / "evidence" / "weights.json"


class Group(NamedTuple):
    """The candidates of one page for one field.

    right   the candidate that agrees with the reference, None if none does; for dates and authors the first says "none"
    source  the set that the page is from
    empty   whether the reference states nothing
    unheld  whether no candidate agrees with the reference, so that any choice is wrong; `right` is the one to learn
    """

    features: list[Features]
    right: int | None
    fold: int
    source: str
    empty: bool = False
    unheld: bool = False


def main(folders: Sequence[str]) -> None:
    """Fit the fields on the reference sets and write weights.json."""
    table = dict(json.loads(FILE.read_text(encoding="utf-8")))
    # Dates and authors look at the blocks around the chosen headline, so its weights are written first.
    for names in (("headline",), ("published", "authors")):
        found = _groups(names, folders)
        for name, groups in found.items():
            table[name] = fit(groups, EXPECTED.get(name, {}))
            table[name]["none"] = round(table[name].get("none", 0.0) + NONE_SHIFT[name], DECIMALS)
            for source, share in accuracy(groups, name).items():
                print(f"{name:10} {source:24} {share:.4f}", flush=True)
        FILE.write_text(json.dumps(table, indent=0, sort_keys=True) + "\n", encoding="utf-8")
        weights.cache_clear()


def _groups(names: Sequence[str], folders: Sequence[str]) -> dict[str, list[Group]]:
    """The candidates of every page, by field. A page is parsed once for all of the fields."""
    found: dict[str, list[Group]] = {name: [] for name in names}
    for folder in map(Path, folders):
        truths = list(truth_rows(folder))
        judged = {name: _judges_empty(name, truths) for name in names}
        for truth in truths:
            wanted = [name for name in names if truth.get(_KEYS[name]) or judged[name]]
            rows = _rows(wanted, content_of(folder, truth["id"]), truth) if wanted else {}
            for name in wanted:
                right = _right(name, rows[name], truth)
                # If no place states the authors, naming none is better than naming someone else.
                learned = 0 if right is None and name == "authors" else right
                features, empty = [one for _, one in rows[name]], not truth.get(_KEYS[name])
                fold = fold_of(truth.get("url") or str(truth["id"]), FOLDS)
                found[name].append(Group(features, learned, fold, folder.name, empty, right is None))
    return found


def _judges_empty(name: str, truths: Sequence[dict[str, Any]]) -> bool:
    """Whether an empty field of a set says that the page states nothing.

    If a set has one kind of page, or never states the field, an empty field means that nobody looked it up.
    """
    kinds = {truth.get("kind") for truth in truths}
    return name != "headline" and len(kinds) > 1 and any(truth.get(_KEYS[name]) for truth in truths)


_KEYS: Final = {"headline": "headline", "published": "date", "authors": "authors"}


def _rows(names: Sequence[str], content: bytes, truth: dict[str, Any]) -> dict[str, list[tuple[Any, Features]]]:
    """Each field's candidates on a page: the values that they state, and their features."""
    document = document_of(Page(content, url=truth.get("url")))
    stated = read_stated(document.tree)
    sites = [site for site, _ in site_names(document, stated)]
    if "headline" in names:
        return {"headline": list(headline_rows(document, stated, sites))}
    around = Surroundings(document, headlines(document, stated, sites).block)
    languages = declared_languages(document.tree, stated) if document.tree else ()
    return {
        "published": list(date_rows(document, stated, around, languages[0].tag if languages else None)),
        "authors": list(byline_rows(document, stated, around, frozenset(map(fold_name, sites)))),
    }


def _right(name: str, rows: list[tuple[Any, Features]], truth: dict[str, Any]) -> int | None:
    """The index of the candidate that agrees with the reference; None if none does."""
    same: dict[str, Callable[[Any], bool]] = {
        "headline": lambda text: fold(text) == fold(truth["headline"]),
        "published": lambda day: day == (truth.get("date") or "")[:10],
        "authors": lambda names: _name_set(names) == _name_set(_listed(truth.get("authors"))),
    }
    return next((i for i, (value, _) in enumerate(rows) if same[name](value)), None)


def _listed(authors: Any) -> list[str]:
    text = ",".join(authors) if isinstance(authors, list) else authors or ""
    return [part for whole in text.replace(";", ",").split(",") for part in whole.split(" and ")]


def _name_set(names: Sequence[str]) -> frozenset[str]:
    return frozenset(fold_name(name) for name in names if fold_name(name))


def fit(groups: Sequence[Group], expected: Mapping[str, float]) -> dict[str, float]:
    """Weights by feature name: the maximum of the conditional likelihood, with a ridge around the expected weights."""
    used = [group for group in groups if group.right is not None and len(group.features) > 1]
    names = sorted({name for group in used for row in group.features for name in row} | set(expected))
    rows, starts, right = _matrix(used, names)
    sizes = np.diff(np.append(starts, len(rows)))
    centre = np.array([expected.get(name, 0.0) for name in names])
    weight = centre.copy()
    ridge = RIDGE * np.eye(len(names))
    for _ in range(STEPS):
        share = _softmax(rows @ weight, starts, sizes)
        means = np.add.reduceat(rows * share[:, None], starts)
        slope = rows[right].sum(0) - means.sum(0) - RIDGE * (weight - centre)
        curve = (rows * share[:, None]).T @ rows - means.T @ means + ridge
        step = np.linalg.solve(curve, slope)
        size = 1.0
        here = _likelihood(weight, centre, rows, starts, sizes, right)
        while size > 1e-4 and _likelihood(weight + size * step, centre, rows, starts, sizes, right) < here:
            size /= 2
        weight += size * step
        if np.abs(size * step).max() < 1e-3:
            break
    learned = {n: round(float(w), DECIMALS) for n, w in zip(names, weight, strict=True) if abs(w) >= 10**-DECIMALS}
    return learned


def _matrix(groups: Sequence[Group], names: list[str]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """All candidates' features (rows, names), the first row of each group, and the row of each group's right one."""
    column = {name: i for i, name in enumerate(names)}
    flat = [row for group in groups for row in group.features]
    rows = np.zeros((len(flat), len(names)))
    for i, row in enumerate(flat):
        for name, value in row.items():
            rows[i, column[name]] = value
    sizes = [len(group.features) for group in groups]
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    return rows, starts, starts + np.array([group.right for group in groups])


def _softmax(scores: NDArray[Any], starts: NDArray[Any], sizes: NDArray[Any]) -> NDArray[Any]:
    odds = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
    share: NDArray[Any] = odds / np.repeat(np.add.reduceat(odds, starts), sizes)
    return share


def _likelihood(
    weight: NDArray[Any],
    centre: NDArray[Any],
    rows: NDArray[Any],
    starts: NDArray[Any],
    sizes: NDArray[Any],
    right: NDArray[Any],
) -> float:
    share = _softmax(rows @ weight, starts, sizes)
    return float(np.log(np.maximum(share[right], 1e-300)).sum() - RIDGE / 2 * np.square(weight - centre).sum())


def accuracy(groups: Sequence[Group], name: str) -> dict[str, float]:
    """By set: the share of pages whose best candidate is right, by weights that never saw the page's domain.

    Pages for which the reference states nothing are counted apart, as "SET without": the share that gets a value.
    """
    hits: dict[str, list[bool]] = {}
    for part in range(FOLDS):
        weight = fit([group for group in groups if group.fold != part], EXPECTED.get(name, {}))
        weight["none"] = weight.get("none", 0.0) + NONE_SHIFT[name]
        for group in groups:
            if group.fold == part:
                scores = [sum(weight.get(n, 0.0) * v for n, v in row.items()) for row in group.features]
                is_right = bool(scores) and not group.unheld and int(np.argmax(scores)) == group.right
                key = f"{group.source} without" if group.empty else group.source
                hits.setdefault(key, []).append(not is_right if group.empty else is_right)
    return {source: sum(right) / len(right) for source, right in sorted(hits.items())}


if __name__ == "__main__":
    main(sys.argv[1:])
