"""Fills a frontier with a million addresses, takes some out and prints the memory it used.

python -m benchmarks.crawl.million --addresses 1000000
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from crawler.frontier.outcomes import CrawlOutcome
from crawler.frontier.targets import Settlement, Target
from crawler.storage.store import Store

A_TIME = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--addresses", type=int, default=1_000_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "a.crawl")
        started = time.monotonic()
        for at in range(0, wanted.addresses, A_TIME):
            store.add([Target(address(n), "article") for n in range(at, min(at + A_TIME, wanted.addresses))])
            store.commit()
        filled = time.monotonic() - started
        slowest = max(one_round(store, f"host{n % 1000}.example") for n in range(200))
        print(
            f"{wanted.addresses} addresses queued in {filled:.0f} s, peak memory {peak_mb():.0f} MB, "
            f"slowest hand-out and settling {slowest * 1000:.1f} ms"
        )


def address(number: int) -> str:
    return f"https://host{number % 1000}.example/2024/05/a-report-of-several-words-with-number-{number}"


def one_round(store: Store, host: str) -> float:
    started = time.monotonic()
    for target in store.take(host, 5):
        store.settle(target, Settlement(CrawlOutcome.RECORD))
    store.commit()
    return time.monotonic() - started


def peak_mb() -> float:
    """Peak memory of this process; Linux counts it in KiB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


if __name__ == "__main__":
    main()
