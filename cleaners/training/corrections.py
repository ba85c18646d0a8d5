"""Adds to a model the layouts of sites, learned from corrected pages; the forest stays as it is.

A forest needs hundreds of pages. A site's own elements tell its body from its boilerplate after one or two, since its
pages come from one template. LightGBM is not needed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from cleaners.classifier.html import MODEL_FILE
from cleaners.classifier.layouts import paths_of
from cleaners.classifier.model import ModelParts, packaged, read_parts, save_model
from cleaners.errors import InputError
from cleaners.options import CleanOptions
from cleaners.plan import apply_plan
from cleaners.training.metrics import word_f1
from cleaners.training.pages import LabelledPage, read_labelled_pages
from cleaners.words.addresses import host_name

_FOLDS: Final = 5
Votes = dict[str, tuple[float, float]]


@dataclass
class CorrectionReport:
    """Mean F1 of corrected pages: by the model before, and by models that learned from the other pages only."""

    pages: int
    sites: int
    f1_before: float
    f1_after: float | None = None


def train_from_corrections(sets: Sequence[Path], out: Path) -> CorrectionReport:
    """Add the layouts of the corrected pages of some sets to the model in the package, and write it to `out`.

    Each set is a folder with truth.jsonl (id, url, body) and pages/, as `copydesk label` makes it. Raises UsageError
    where a folder is no such set, InputError where no page has a body and an address.
    """
    base = read_parts(packaged(MODEL_FILE))
    pages = [page for folder in sets for page in read_labelled_pages(folder, 1) if len(page.words)]
    pages = [page for page in pages if host_name(page.url)]
    if not pages:
        raise InputError("no page with a body and an address in the sets; `copydesk label --url` makes some", "no_page")
    report = CorrectionReport(len(pages), len({host_name(page.url) for page in pages}), _mean_f1(pages, None))
    if len(pages) > 1:
        report.f1_after = _f1_of_others(pages, base)
    write_corrected(pages, base, out)
    return report


def write_corrected(pages: Sequence[LabelledPage], base: ModelParts, out: Path) -> None:
    """Write a model with the layouts of these pages' sites."""
    save_model(out, base.forest, base.words, {**base.about, "layouts": layouts_of(pages)}, base.kinds)


def layouts_of(pages: Sequence[LabelledPage]) -> dict[str, Votes]:
    """By site and path of elements: how many pages vote that the path holds body, and how many that it does not."""
    layouts: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for page in pages:
        layout = layouts[host_name(page.url)]
        for path, share in _shares_by_path(page).items():
            layout[path][0] += share
            layout[path][1] += 1 - share
    return {
        site: {path: (round(inside, 2), round(outside, 2)) for path, (inside, outside) in sorted(layout.items())}
        for site, layout in sorted(layouts.items())
    }


def _shares_by_path(page: LabelledPage) -> dict[str, float]:
    """By path: the share of a page's words there that is body. This is the page's one vote on the path."""
    inside: dict[str, float] = defaultdict(float)
    every: dict[str, float] = defaultdict(float)
    tree = page.document.tree
    assert tree is not None  # labelled pages are HTML
    for block, share, words in zip(page.document.blocks, page.shares.tolist(), page.words.tolist(), strict=True):
        for path in paths_of(tree, block.element):
            inside[path] += share * words
            every[path] += words
    return {path: inside[path] / total for path, total in every.items() if total}


def _f1_of_others(pages: Sequence[LabelledPage], base: ModelParts) -> float:
    """Mean F1 of the pages, each by a model that learned from the other pages only, as for a new page of the site."""
    folds = min(_FOLDS, len(pages))
    found = 0.0
    with TemporaryDirectory() as folder:
        for fold in range(folds):
            model = Path(folder) / f"{fold}.npz"
            write_corrected([page for i, page in enumerate(pages) if i % folds != fold], base, model)
            found += sum(_f1(page, model) for page in pages[fold::folds])
    return round(found / len(pages), 4)


def _mean_f1(pages: Sequence[LabelledPage], model: Path | None) -> float:
    return round(sum(_f1(page, model) for page in pages) / len(pages), 4)


def _f1(page: LabelledPage, model: Path | None) -> float:
    options = CleanOptions(engine="blocks", model=str(model) if model else None)
    return word_f1(apply_plan(page.document, "html", options).text, page.reference)[2]
