from __future__ import annotations

import gc
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleaners.errors import UsageError
from pipelines.workers.pool import PagePool, TaskFailure
from tests.offline import samples


def squared(number: int) -> int:
    if number == 3:
        time.sleep(60)
    if number == 5:
        os._exit(9)
    if number == 6:
        raise ValueError("six is not allowed")
    return number * number


def worker_of(_: int) -> int:
    return os.getpid()


def test_a_program_that_starts_workers_when_it_is_imported_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing.current_process(), "_inheriting", True, raising=False)
    with pytest.raises(UsageError, match="if __name__ == '__main__':"):
        PagePool(1)


def test_a_task_that_hangs_dies_or_raises_fails_alone_and_order_is_kept() -> None:
    with PagePool(2, time_limit=3.0) as pool:
        done = list(pool.run(squared, range(9)))
    assert [task for task, _ in done] == list(range(9))
    failures = {task: result for task, result in done if isinstance(result, TaskFailure)}
    causes = {task: failure.cause for task, failure in failures.items()}
    assert causes == {
        3: "time_limit",
        5: "worker_died",
        6: "error",
    }
    assert "six is not allowed" in failures[6].detail
    assert [result for task, result in done if task not in failures] == [0, 1, 4, 16, 49, 64]


def test_workers_are_replaced_after_their_share_of_tasks() -> None:
    with PagePool(1, tasks_per_worker=3) as pool:
        pids = [pid for _, pid in pool.run(worker_of, range(9))]
    assert len(set(pids)) == 3


def test_only_a_few_tasks_are_read_ahead() -> None:
    taken = 0

    def tasks() -> Iterator[int]:
        nonlocal taken
        for number in range(10_000):
            taken += 1
            yield number + 10

    with PagePool(1) as pool:
        run = pool.run(squared, tasks())
        next(run)
        assert taken < 20
        run.close()  # type: ignore[attr-defined]


def collector_of(_: int) -> tuple[int, int, int]:
    return gc.get_threshold()


def test_a_worker_collects_garbage_seldom_and_its_parent_as_before() -> None:
    before = gc.get_threshold()
    with PagePool(1) as pool:
        [(_, threshold)] = pool.run(collector_of, [0])
    assert isinstance(threshold, tuple)
    assert int(threshold[0]) > before[0]
    assert gc.get_threshold() == before


PRELOADING = """
import gc, sys, tomllib
before = gc.get_threshold(), gc.get_freeze_count()
import pipelines.workers.preload as preload
print(preload.FAILURE == "", (gc.get_threshold(), gc.get_freeze_count()) == before)
from cleaners.page import Page
from pipelines.record.build import record_of
loads = tomllib.loads
tomllib.loads = lambda text: print("read late:", text[:80]) or loads(text)
print(record_of(Page(open(sys.argv[1], "rb").read(), url="https://example.org/2024/05/03/ferry")).article.headline)
"""


def test_the_preloaded_module_reads_every_table_and_does_not_change_the_collector() -> None:
    page = samples.SITE / "news" / "ferry-timetable.html"
    run = subprocess.run([sys.executable, "-c", PRELOADING, page], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["True True", "Night ferry returns after six winters"]


def test_a_model_that_cannot_be_loaded_before_the_first_page_is_reported(tmp_path: Path) -> None:
    from pipelines.workers.preload import failure_in  # loads all models and tables

    failure = failure_in(lambda: print(Path("model-of-nothing.npz").read_bytes()))
    (tmp_path / "missing_model.py").write_text(f"FAILURE = {failure!r}\n")
    (tmp_path / "run.py").write_text(
        "from pipelines.workers.pool import PagePool\n"
        "if __name__ == '__main__':\n"
        "    with PagePool(1, preload=['missing_model'], models=False) as pool:\n"
        "        print(list(pool.run(abs, [-3])))\n"
    )
    run = subprocess.run(
        [sys.executable, str(tmp_path / "run.py")], capture_output=True, text=True, timeout=60, cwd=tmp_path, check=True
    )
    assert run.stdout == "[(-3, 3)]\n"
    assert "missing_model could not load the models and tables for pages: FileNotFoundError" in run.stderr
    assert "model-of-nothing.npz" in run.stderr


def test_an_interruption_while_a_worker_is_started_stays_an_interruption(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(thread: threading.Thread) -> None:
        raise KeyboardInterrupt

    def start_a_worker() -> None:
        with PagePool(1, models=False) as pool:
            pool.submit(abs, -1)

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        start_a_worker()
