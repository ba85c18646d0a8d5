"""`python -m tests.hostile --cases 100000`: hostile pages in worker processes, with a line for every broken promise."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator

from pipelines.workers.pool import PagePool, TaskFailure
from tests.hostile.cases import ROOM, Fault, case_of
from tests.hostile.portions import PORTION, Portion, pages_of, run_portion


def faults(first: int, count: int, room: int, pages: str | None, workers: int, seconds: float) -> Iterator[Fault]:
    """The faults of many cases. A worker that hangs or dies is a fault of the case that did it."""
    with PagePool(workers, seconds) as pool:
        portions = (
            Portion(at, min(PORTION, first + count - at), room, pages) for at in range(first, first + count, PORTION)
        )
        for portion, found in pool.run(run_portion, portions):
            if not isinstance(found, TaskFailure):
                yield from found
                continue
            singles = [portion._replace(first=portion.first + n, cases=1) for n in range(portion.cases)]
            for single, alone in pool.run(run_portion, singles):
                if isinstance(alone, TaskFailure):
                    yield Fault(
                        single.first,
                        case_of(single.first, room, pages_of(pages)).spoiled,
                        f"{alone.cause}: {alone.detail}",
                    )
                else:
                    yield from alone


def main() -> int:
    """Run the cases. Exit status 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="number of cases (20,000)")
    parser.add_argument("--first", type=int, default=0, help="the number of the first case (0)")
    parser.add_argument("--room", type=int, default=ROOM, help="bytes that a mutator may add (100,000)")
    parser.add_argument("--pages", help="a folder of saved pages to start from, instead of the repository's")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument(
        "--seconds", type=float, default=120.0, help="seconds after which a portion of 50 cases counts as hanging"
    )
    asked = parser.parse_args()
    started, kinds = time.monotonic(), Counter[str]()
    for fault in faults(asked.first, asked.cases, asked.room, asked.pages, asked.workers, asked.seconds):
        kinds[fault.what.rpartition("(")[2]] += 1
        print(f"case {fault.number} ({', '.join(fault.spoiled)}): {fault.what}", flush=True)
    print(
        f"{asked.cases:,} cases from {asked.first:,}, {kinds.total():,} faults, {time.monotonic() - started:,.0f} s",
        file=sys.stderr,
    )
    return 1 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())
