"""Measures how much each sign of a dump's headline contributes: python -m benchmarks.dump_headlines SET …

Flattens the pages of the sets to one block per line, and prints the share of pages whose best candidate is the
reference headline: with the present weights, and with each weight at zero, half and double.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cleaners.page import Decoded
from cleaners.parsing.decode import decode
from cleaners.parsing.text import segment_text
from cleaners.training.flatten import block_lines
from cleaners.training.pages import content_of, truth_rows
from pipelines.evidence.dump_candidates import HEADLINE_WEIGHTS, Candidate, HeadlineSigns, field_candidates
from pipelines.evidence.page.text_forms import fold

FACTORS = (0.0, 0.5, 2.0)


class Judged(NamedTuple):
    """A dump's candidates, and its headline."""

    candidates: Sequence[Candidate]
    headline: str


def dumps(folders: Sequence[str]) -> Iterator[Judged]:
    """Every page with a reference headline, as a dump."""
    for folder in map(Path, folders):
        for row in truth_rows(folder):
            if row.get("headline"):
                text = block_lines(decode(content_of(folder, row["id"])).text)
                document = segment_text(Decoded(text, "str", "given"))
                yield Judged(field_candidates(document).headlines, fold(row["headline"]))


def share_right(pages: Sequence[Judged], weights: HeadlineSigns) -> float:
    """The share of pages whose best candidate by these weights is the headline."""
    return sum(_is_right(page, weights) for page in pages) / len(pages)


def _is_right(page: Judged, weights: HeadlineSigns) -> bool:
    def points(candidate: Candidate) -> tuple[float, int]:
        signs = candidate.signs or ()
        return -round(sum(w * s for w, s in zip(weights, signs, strict=True)), 4), candidate.block

    return bool(page.candidates) and fold(min(page.candidates, key=points).text) == page.headline


def main() -> None:
    """Print one row per sign."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dump_headlines", description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="+", metavar="SET", help="a folder with truth.jsonl and pages/")
    pages = list(dumps(parser.parse_args().sets))
    print(f"{len(pages)} dumps, {share_right(pages, HEADLINE_WEIGHTS):.3f} right; with a weight of 0, half, double:")
    for name, weight in HEADLINE_WEIGHTS._asdict().items():
        shares = [share_right(pages, HEADLINE_WEIGHTS._replace(**{name: weight * factor})) for factor in FACTORS]
        print(f"{name:12}", *(f"{share:.3f}" for share in shares))


if __name__ == "__main__":
    main()
