"""A run whose children are killed at random moments writes or names every page; a run that is killed leaves nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from pipelines.workers.pool import PagePool, TaskFailure
from tests.crawl.running import start_crawl
from tests.hostile.kills import ROOT, attack_children, attack_main, attack_store, judged
from tests.offline import samples

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds the processes of a run in /proc")
PAGES = 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return samples.folder(tmp_path / "pages", PAGES)


def test_a_run_survives_kills_of_its_workers_and_of_what_starts_them(folder: Path, tmp_path: Path) -> None:
    attack = attack_children(folder, tmp_path / "out.jsonl", 4, Random(7))
    assert attack.kills > 2
    assert attack.is_survived, attack


def test_a_killed_run_leaves_no_output_and_the_next_one_leaves_nothing_else(folder: Path, tmp_path: Path) -> None:
    attack = attack_main(folder, tmp_path / "records.jsonl", Random(1))
    assert attack.is_survived, attack


@pytest.mark.crawl
def test_two_crawls_with_one_store_lose_nothing_when_one_is_killed(tmp_path: Path) -> None:
    attack = attack_store(4, tmp_path, Random(3), start_crawl)
    assert attack.is_survived, attack


def test_lost_and_repeated_pages_are_noticed(folder: Path, tmp_path: Path) -> None:
    names = sorted(map(str, folder.glob("*.html")))
    output = tmp_path / "out.jsonl"
    output.write_text("".join(f'{{"source_path": "{name}"}}\n' for name in (*names[1:], names[5])))
    attack = judged(folder, output, 1, 0, f"{names[0]}: no record: the worker process died")
    assert (attack.lost, attack.twice) == ((), (names[5],))
    assert judged(folder, output, 1, 0, "").lost == (names[0],)


# In a separate process, because the other tests need their own server.
KILLED_SERVER = """
import os
from pipelines.workers.pool import PagePool
parent = "__import__('os').getppid()"
with PagePool(1, tasks_per_worker=1, models=False) as pool:
    (_, server), *_ = pool.run(eval, [parent])
    os.kill(server, 9)
    (_, other), *_ = pool.run(eval, [parent])
print(isinstance(server, int) and isinstance(other, int) and server != other)
"""


def test_a_worker_is_started_again_when_the_fork_server_was_killed() -> None:
    done = subprocess.run([sys.executable, "-c", KILLED_SERVER], capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.stdout == "True\n", done.stderr


def test_a_task_that_cannot_be_passed_on_fails_alone() -> None:
    with PagePool(1) as pool:
        done = dict(pool.run(abs, [-1, -2]))
        [(_, failure)] = pool.run(lambda number: number, [3])
    assert done == {-1: 1, -2: 2}
    assert isinstance(failure, TaskFailure)
    assert failure.cause == "error"


def tasks_of(count: int) -> Iterator[int]:
    yield from range(count)


def test_no_worker_outlives_its_pool() -> None:
    with PagePool(2) as pool:
        workers = {pid for _, pid in pool.run(pid_of, tasks_of(8))}
    deadline = time.monotonic() + 60
    while left := [pid for pid in workers if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def pid_of(_: int) -> int:
    return os.getpid()
