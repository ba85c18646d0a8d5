from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from cleaners.errors import InputError
from pipelines.workers.async_pool import CleaningPool


def hang(_: str) -> str:
    while True:
        time.sleep(1)


def die_once(marker: str) -> str:
    if not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "survived"


def die(_: str) -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return "never"


def length(text: str) -> int:
    return len(text)


def test_a_page_that_hangs_is_reported_and_the_next_one_is_cleaned() -> None:
    pool = CleaningPool(1, time_limit=3.0)

    async def both() -> int:
        with pytest.raises(InputError, match=r"page one: not cleaned \(the page took longer than 3 s\)"):
            await pool.run(hang, "", "page one")
        return await pool.run(length, "four", "page two")

    assert asyncio.run(both()) == 4
    pool.close()


def test_a_page_whose_worker_is_killed_is_cleaned_by_another(tmp_path: Path) -> None:
    pool = CleaningPool(1)
    assert asyncio.run(pool.run(die_once, str(tmp_path / "died"), "page")) == "survived"
    pool.close()


def test_a_page_that_kills_every_worker_is_reported() -> None:
    pool = CleaningPool(1)
    with pytest.raises(InputError, match="page: not cleaned"):
        asyncio.run(pool.run(die, "", "page"))
    pool.close()
