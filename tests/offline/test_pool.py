from __future__ import annotations

import os
import time
from collections.abc import Iterator

from pipelines.workers.pool import PagePool, TaskFailure


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


def test_a_task_that_hangs_dies_or_raises_fails_alone_and_order_is_kept() -> None:
    with PagePool(2, time_limit=0.5) as pool:
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
