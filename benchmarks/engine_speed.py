"""Compares the speed of other engines with `copydesk clean`, on the pages of one folder.

    python -m benchmarks.engine_speed FOLDER --pages 200 --rounds 3

Runs `copydesk clean --workers 2`, datatrove's local executor with two tasks, and Ray Data with two actors (if
installed) in turn, each in its own process, from its start to its last record. The start of Ray takes several seconds,
so give it many pages. The share is relative to the pages per second of `clean`, from the least time of the rounds.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from benchmarks.report import table

ROOT: Final = Path(__file__).resolve().parents[1]
DATATROVE: Final = """
import sys
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.writers import JsonlWriter
from pipelines.engines.datatrove_blocks import CleanInputs, record_of_document
if __name__ == "__main__":
    writer = JsonlWriter("records", "${rank}.jsonl", compression=None, adapter=record_of_document)
    LocalPipelineExecutor([CleanInputs(sys.argv[1:]), writer], tasks=2, workers=2, logging_dir="logs").run()
"""
RAY: Final = """
import sys
import ray
from pipelines.engines.frames import CleanFrames, Columns
if __name__ == "__main__":
    ray.init(num_cpus=2, include_dashboard=False, logging_level="error", log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    pages = ray.data.read_binary_files(sys.argv[1:], include_paths=True)
    how = {"fn_constructor_args": [Columns(content="bytes", url=None, path="path")], "batch_format": "pandas"}
    rows = pages.map_batches(CleanFrames, concurrency=2, num_cpus=0.5, batch_size=16, **how)
    with open("records.jsonl", "w") as file:
        file.writelines(row["record"] + "\\n" for row in rows.iter_rows() if row["record"])
"""


def seconds_of(engine: str, files: Sequence[str]) -> float:
    """The seconds that an engine takes for the files. Raises RuntimeError if it fails or loses a page."""
    with tempfile.TemporaryDirectory() as name:
        script = Path(name, "run.py")
        script.write_text({"datatrove": DATATROVE, "ray": RAY}.get(engine, ""))
        command = [sys.executable, str(script), *files]
        if engine == "clean":
            command = [sys.executable, "-m", "copydesk", "clean", *files, "-o", "records.jsonl", "--workers", "2"]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
        started = time.monotonic()
        done = subprocess.run(command, cwd=name, env=environment, capture_output=True, text=True, check=False)
        seconds = time.monotonic() - started
        records = [line for path in Path(name).rglob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
        if len(records) != len(files):
            raise RuntimeError(f"{engine}: {len(records)} records of {len(files)} pages: {done.stderr[-2000:]}")
    return seconds


def main() -> None:
    """Run the engines in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    files = [str(path.resolve()) for path in sorted(asked.folder.rglob("*.html*"))[: asked.pages]]
    engines = ["clean", *(name for name in ("datatrove", "ray") if find_spec(name))]
    runs: dict[str, list[float]] = {engine: [] for engine in engines}
    for _ in range(asked.rounds):
        for engine in engines:
            try:
                runs[engine].append(seconds_of(engine, files))
            except RuntimeError as error:  # Ray does not start if the machine is too busy
                print(error, file=sys.stderr)
    best = {engine: min(found) for engine, found in runs.items() if found}
    rows = [
        [engine, f"{len(files) / seconds:.1f}", f"{best['clean'] / seconds:.2f}"] for engine, seconds in best.items()
    ]
    print(table(["engine", "pages a second", "share of clean"], rows))


if __name__ == "__main__":
    main()
