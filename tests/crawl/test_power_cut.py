"""A power cut: blocks that were not synced may be on the disk, be zeros, or be missing, in any combination.

The disk is a model: it keeps what each sync() made safe. At a random moment it gives back files in which every later
block is new, old or zeros. The store, the ledger and the archive are the real ones.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crawler.frontier.outcomes import CrawlOutcome
from crawler.frontier.targets import Settlement, State, Target
from crawler.storage.archive import ArchiveFiles
from crawler.storage.ledger import Ledger
from crawler.storage.store import Store

BLOCK = 4096
PAGES = 30
NAMES = ("o.jsonl", "crawl.warc.gz", "o.crawl", "o.crawl-wal")
WRITES_IN_ORDER = ("o.crawl",)
"""Only a checkpoint writes it, after the log is on the disk."""


@dataclass
class Machine:
    """A folder, a crawl's open files in it, and the content of the files that is safe."""

    folder: Path
    chance: random.Random
    safe: dict[str, bytes] = field(default_factory=dict)

    def start(self) -> None:
        self.store = Store(self.folder / "o.crawl")
        self.safe.setdefault("o.crawl", self.now()["o.crawl"])  # SQLite syncs the first page of a new file
        self.archive = ArchiveFiles(self.folder / "crawl.warc.gz", self.store, 1 << 30)
        self.ledger = Ledger(self.folder / "o.jsonl", self.store)
        self.safe |= {name: content for name, content in self.now().items() if name.startswith("o.crawl")}

    def now(self) -> dict[str, bytes]:
        return {name: path.read_bytes() for name in NAMES if (path := self.folder / name).exists()}

    def steps_of_page(self, number: int) -> Iterator[None]:
        """The steps of a crawl for one page, in order; the power may fail between any two of them."""
        name = f"page-{number}"
        if self.store.record(name) is None:
            filler = "x" * self.chance.randint(10, 9_000)
            self.ledger.append(
                name, f"b-{name}", json.dumps({"id": name, "body_sha256": f"b-{name}", "t": filler}) + "\n"
            )
            yield
        archived = self.store.is_archived(name)
        self.store.settle(
            Target(f"http://a.example/{name}", "article"), Settlement(CrawlOutcome.RECORD, record_id=name)
        )
        noise = self.chance.randbytes(self.chance.randint(10, 9_000))
        self.archive.append(gzip.compress(f"<{name}>".encode() * (not archived) + noise))
        if not archived:
            self.store.put_archived(name, *self.archive.place)
        self.store.commit()
        yield

    def steps_of_sync(self) -> Iterator[None]:
        asyncio.run(self.archive.sync())
        self.safe["crawl.warc.gz"] = self.now()["crawl.warc.gz"]
        yield
        size = self.ledger.sync()
        self.safe["o.jsonl"] = self.now()["o.jsonl"]
        yield
        self.ledger.synced(size)
        self.store.commit()
        yield
        log = self.now()["o.crawl-wal"]
        self.store.sync()
        self.safe["o.crawl-wal"] = log
        if self.chance.random() < 0.3:
            yield  # the power fails while the checkpoint writes: some of its blocks are there
        self.safe["o.crawl"] = self.now()["o.crawl"]
        yield

    def cut(self, folder: Path) -> Machine:
        """The files as the next start finds them."""
        os.close(self.ledger._file)
        folder.mkdir()
        for name, content in self.now().items():
            (folder / name).write_bytes(self.left_of(name, content))
        return Machine(folder, self.chance, Machine(folder, self.chance).now())

    def left_of(self, name: str, new: bytes) -> bytes:
        old = self.safe.get(name, b"")
        length = max(len(old), self.chance.choice([len(old), len(new), self.chance.randint(0, len(new))]))
        grown = old.ljust(len(new), b"\0")
        kept = self.chance.choice([(new,), (grown,), (new, grown)])
        blocks = [self.chance.choice(kept)[at : at + BLOCK] for at in range(0, len(new), BLOCK)]
        return b"".join(blocks)[: length if name not in WRITES_IN_ORDER else len(new)]


def crawl_until_cut(machine: Machine, steps: int | None) -> bool:
    """Continue the crawl, with a sync now and then, and stop after this many steps, as if the power had failed."""
    machine.start()
    statuses = {n: machine.store.status_of(f"http://a.example/page-{n}") for n in range(PAGES)}
    left = [n for n, status in statuses.items() if status is None or status.state is State.PENDING]
    pages = (step for number in left for step in machine.steps_of_page(number))
    taken = 0
    for _ in pages:
        taken += 1
        for _ in machine.steps_of_sync() if machine.chance.random() < 0.2 else ():
            next(pages, None)  # pages continue during the wait for the disk
            taken += 1
            if taken == steps:
                return False
        if taken == steps:
            return False
    return True


@pytest.mark.parametrize("seed", range(25))
def test_every_page_is_there_exactly_once_after_power_cuts_at_random_moments(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    machine = Machine(tmp_path / "0", chance)
    machine.folder.mkdir()
    cuts = [chance.randint(1, 70) for _ in range(3)]
    for time, steps in enumerate([*cuts, None], 1):
        if crawl_until_cut(machine, steps):
            break
        machine = machine.cut(tmp_path / str(time))
    lines = [json.loads(line)["id"] for line in (machine.folder / "o.jsonl").read_text().splitlines()]
    assert Counter(lines) == Counter(f"page-{n}" for n in range(PAGES))
    archived = gzip.decompress((machine.folder / "crawl.warc.gz").read_bytes())
    assert [n for n in range(PAGES) if archived.count(f"<page-{n}>".encode()) != 1] == []
    shutil.rmtree(tmp_path, ignore_errors=True)
