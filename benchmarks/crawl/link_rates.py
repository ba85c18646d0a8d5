"""How the link rules classify addresses of reference sets: python -m benchmarks.crawl.link_rates SET/truth.jsonl …"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from pipelines.record.kinds.link_kinds import link_kind


def rates(files: list[Path]) -> Counter[tuple[str, str]]:
    """For each kind of page, how the link rules classify the addresses."""
    rows = (json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return Counter((row["kind"], link_kind(row["url"])) for row in rows if row.get("url"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="SET/truth.jsonl", help="the rows of a reference set")
    for (kind, called), count in sorted(rates(parser.parse_args().files).items()):
        print(f"{count:6} {kind:14} called {called}")
