"""Measures how well duplicates are recognised: python -m benchmarks.duplicate_pairs [COUNT] [--seed N].

Makes COUNT pairs of bodies of each kind (tests/selection/pairs.py): syndicated with edits, updated, one template with
other facts, the same notice around other stories, unlike. Each pair is judged by itself. Prints how many pairs of each
kind are called duplicates, and recall and precision over all.
"""

from __future__ import annotations

import argparse
from collections import Counter

from pipelines.selection.duplicates import Bodies
from tests.selection.pairs import Pair, pairs


def main() -> None:
    """Make the pairs and print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=1000, metavar="COUNT", help="pairs of each kind (1000)")
    parser.add_argument("--seed", type=int, default=7, metavar="N")
    arguments = parser.parse_args()
    report(pairs(arguments.count, arguments.seed))


def report(made: list[Pair]) -> None:
    """Print how many pairs of each kind are found, and recall and precision."""
    found = Counter(pair.sort for pair in made if is_found(pair))
    for sort, count in Counter(pair.sort for pair in made).items():
        print(f"{sort}: {found[sort]} of {count} called duplicates")
    right = sum(found[sort] for sort in {pair.sort for pair in made if pair.same})
    print(f"recall {right / sum(pair.same for pair in made):.4f}, precision {right / max(1, found.total()):.4f}")


def is_found(pair: Pair) -> bool:
    """Whether the two bodies, alone, are found to be duplicates."""
    bodies = Bodies()
    for number, body in enumerate((pair.one, pair.other)):
        bodies.add({"id": str(number), "body": body, "body_sha256": str(number)})
    return bool(bodies.twins())


if __name__ == "__main__":
    main()
