"""Counts the instructions for a record, also on a busy machine; --check fails if a change needs over 5 % more.

usage: python -m benchmarks.instructions [--check | --write]

Counts, with valgrind's callgrind, the instructions for a record of each of twenty of our own pages, and for
trafilatura's JSON with metadata, after a first pass that loads everything. The file keeps the ratio of the two, because
it hardly depends on how Python was compiled; the numbers themselves do. Without valgrind nothing is counted, and the
check passes with a message.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.engines import RECORD_ENGINES, Served
from cleaners.errors import CopydeskError
from cleaners.parsing.decode import decode

FLOOR: Final = Path(__file__).with_name("instructions.json")
ROOM: Final = 1.05
"""The share of the instructions of the floor that a record may take: versions of libraries differ by less."""
_PAGES: Final = Path(__file__).parents[1] / "tests" / "pages"
_COUNTED: Final = 20
_COLLECTED: Final = re.compile(r"Collected : (\d+)")
_TOOLS: Final = ("valgrind", "callgrind_control")


class CountError(CopydeskError):
    """Valgrind gave no count."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Count, print, and check or write. Returns the exit status."""
    given = _parser().parse_args(arguments)
    if given.engine:
        count_one_pass(given.engine)
    if missing := [tool for tool in _TOOLS if not shutil.which(tool)]:
        print(f"{' and '.join(missing)} not installed: no instructions counted")
        return 0
    counts = {engine: counted(engine) for engine in RECORD_ENGINES}
    share = counts["copydesk"] / counts["trafilatura"]
    print("\n".join(f"{engine}: {count / 1e6:.1f} million instructions a page" for engine, count in counts.items()))
    print(f"a record takes {share:.3f} of the instructions that trafilatura's takes")
    if given.write:
        FLOOR.write_text(json.dumps({"share": round(share, 3)}) + "\n", "utf-8")
    return 1 if given.check and not is_within(share, json.loads(FLOOR.read_text("utf-8"))["share"]) else 0


def is_within(share: float, floor: float) -> bool:
    """Whether a share is within the floor; prints what to do if not.

    >>> is_within(0.52, 0.50)
    True
    """
    if share <= floor * ROOM:
        return True
    print(f"{share:.3f} is more than {ROOM} times {floor}: find what costs more, or run with --write if it is worth it")
    return False


def counted(engine: str) -> float:
    """Instructions per page in one pass of an engine over the pages. Raises CountError."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--instr-atstart=no", sys.executable]
    command += ["-m", "benchmarks.instructions", "--engine", engine]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    run = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    found = _COLLECTED.search(run.stderr)
    if run.returncode or not found or not int(found[1]):
        raise CountError(f"valgrind counted nothing for {engine}: {run.stderr.strip().splitlines()[-1:]}")
    return int(found[1]) / len(pages())


def count_one_pass(engine: str) -> None:
    """Run under valgrind: load everything, then count one pass. Ends the process at once."""
    run, work = RECORD_ENGINES[engine](), pages()
    for page in work:
        run(page)
    _switch("on")
    for page in work:
        run(page)
    _switch("off")
    os._exit(0)  # skips the end of the process, which is slow under valgrind and not measured


def pages() -> list[Served]:
    """Twenty of our own pages, in the form that engines get."""
    found = [path.read_bytes() for path in sorted(_PAGES.glob("*/page.html"))[:_COUNTED]]
    return [Served(content, decode(content, None).text, "https://example.org/news/tides") for content in found]


def _switch(state: str) -> None:
    subprocess.run(["callgrind_control", f"--instr={state}", str(os.getpid())], capture_output=True, check=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.instructions", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help=f"fail above {ROOM} times the share in {FLOOR.name}")
    parser.add_argument("--write", action="store_true", help=f"write the share to {FLOOR.name}")
    parser.add_argument("--engine", choices=sorted(RECORD_ENGINES), help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
