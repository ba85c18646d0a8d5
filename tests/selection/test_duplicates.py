"""Duplicates are distinguished from bodies that only share a template or a notice, in any order of the records."""

from __future__ import annotations

import json
import random
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cleaners.errors import UsageError
from pipelines.selection.duplicates import SIGNED_AT_ONCE, Bodies, twins
from pipelines.selection.index_file import read_index, write_index
from pipelines.selection.signatures import Signatures, signatures
from pipelines.workers.process import WorkerDiedError
from pipelines.workers.signing import SigningPool
from tests import warm
from tests.needed import need
from tests.review.made_records import a_record, saved
from tests.review.test_report import run
from tests.selection.pairs import pairs

need("rensa", "rensa is not installed: pip install copydesk[duplicates]")


def records_of(bodies: list[str]) -> list[dict[str, Any]]:
    return [a_record(n, body=body, body_sha256=f"{n:064x}", canonical_url=None) for n, body in enumerate(bodies)]


def test_duplicates_and_similar_pairs_are_distinguished() -> None:
    made = pairs(40)
    found = [bool(twins(records_of([pair.one, pair.other]))) for pair in made]
    right = sum(said and pair.same for said, pair in zip(found, made, strict=True))
    assert right / sum(found) >= 0.98
    assert right / sum(pair.same for pair in made) >= 0.98


STORY, OTHER = pairs(1)[1].one, pairs(1)[1].other


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"canonical_url": None}, {"canonical_url": "https://elsewhere.example/"}),
        ({"published_day": "2024-05-01"}, {"published_day": "2024-05-02"}),
        ({"published_day": "2024-05-01"}, {"published_day": None}),
        ({"body": OTHER}, {"body": STORY}),
    ],
)
def test_address_day_and_length_decide_which_record_stays(better: dict[str, Any], worse: dict[str, Any]) -> None:
    base = {"body": STORY, "canonical_url": None, "published_day": "2024-05-03"}
    first, second = a_record(9, **(base | better)), a_record(1, **(base | worse))
    assert twins([first, second])[1].id == first["id"]
    assert twins([second, first])[0].id == first["id"]


def test_the_order_of_the_records_changes_nothing() -> None:
    records = records_of([body for pair in pairs(12) for body in (pair.one, pair.other)])
    expected = {records[place]["id"]: twin for place, twin in twins(records).items()}
    random.Random(3).shuffle(records)
    assert {records[place]["id"]: twin for place, twin in twins(records).items()} == expected
    assert expected


def test_the_same_short_body_is_one_and_other_short_bodies_are_not() -> None:
    records = [
        a_record(n, body=body, body_sha256=body) for n, body in enumerate(("No ferry.", "No ferry.", "No boat."))
    ]
    assert set(twins(records)) == {1}


def test_bodies_without_spaces_between_words_are_compared_by_characters() -> None:
    text = "".join(chr(0x4E00 + (n * 7919) % 8000) for n in range(300))
    assert set(twins(records_of([text, text[:280], text[::-1]]))) == {1}


def test_select_marks_or_leaves_out_duplicates_over_files(tmp_path: Path) -> None:
    one = saved(tmp_path / "one.jsonl", [a_record(1, body=STORY, published_day="2024-05-02")])
    two = saved(tmp_path / "two.jsonl", [a_record(2, body=OTHER, published_day="2024-05-01"), a_record(3)])
    marked = [json.loads(line) for line in run("select", one, two, "--mark-duplicates").stdout.splitlines()]
    assert [record.get("duplicate_of") for record in marked] == ["00000002", None, None]
    assert marked[0]["similarity"] > 0.7
    done = run("select", one, two, "--no-duplicates")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["00000002", "00000003"]
    assert "1 left out (1 duplicate)" in done.stderr


def test_the_index_of_a_run_lets_a_later_run_find_its_bodies(tmp_path: Path) -> None:
    index, found = tmp_path / "bodies.npz", ["--mark-duplicates", "--index", str(tmp_path / "bodies.npz")]
    monday = saved(tmp_path / "monday.jsonl", [a_record(1, body=STORY, published_day="2024-05-02"), a_record(3)])
    tuesday = saved(tmp_path / "tuesday.jsonl", [a_record(2, body=OTHER, published_day="2024-05-01")])
    assert run("select", monday, *found).returncode == 0
    assert index.exists()
    [later] = [json.loads(line) for line in run("select", tuesday, *found).stdout.splitlines()]
    assert (later["duplicate_of"], later["similarity"] > 0.7) == ("00000001", True)
    again = [json.loads(line) for line in run("select", monday, *found).stdout.splitlines()]
    assert [record["duplicate_of"] for record in again] == [None, None]


def test_a_file_that_is_not_an_index_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "monday.jsonl", [a_record(1)])
    (tmp_path / "bodies.npz").write_text("words")
    done = run("select", path, "--index", str(tmp_path / "bodies.npz"))
    assert (done.returncode, "no index of bodies" in done.stderr) == (2, True)
    assert run("select", path, "--index", path).returncode == 2


@pytest.mark.parametrize("version", [np.array([1, 2]), np.array("one"), np.array(2)])
def test_an_index_with_an_odd_version_is_refused(tmp_path: Path, version: NDArray[Any]) -> None:
    np.savez(tmp_path / "bodies.npz", version=version, claims=np.zeros(0), numbers=np.zeros(0))
    with pytest.raises(UsageError, match=r"bodies\.npz"):
        read_index(str(tmp_path / "bodies.npz"))


def test_an_index_that_is_packed_in_a_way_that_is_not_known_is_refused(tmp_path: Path) -> None:
    write_index(str(tmp_path / "bodies.npz"), Bodies())
    content = (tmp_path / "bodies.npz").read_bytes()
    at = content.index(b"PK\x01\x02") + 10  # where a ZIP file says how the first file in it is packed
    (tmp_path / "bodies.npz").write_bytes(content[:at] + b"\x61" + content[at + 1 :])
    with pytest.raises(UsageError, match=r"bodies\.npz"):
        read_index(str(tmp_path / "bodies.npz"))


def test_standard_input_is_read_once_for_duplicates(tmp_path: Path) -> None:
    lines = Path(saved(tmp_path / "a.jsonl", [a_record(1), a_record(2), a_record(1)])).read_bytes()
    done = warm.run("copydesk", "select", "-", "--no-duplicates", given=lines)
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["00000001", "00000002"]
    assert "1 left out (1 duplicate)" in done.stderr


def test_workers_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.selection.duplicates.SIGNED_AT_ONCE", 8)
    records = records_of([body for one in pairs(10) for body in (one.one, one.other)])
    with SigningPool(1) as pool:
        signed = Bodies(signing=pool)
        for record in records:
            signed.add(record)
        assert signed.twins() == twins(records)


def test_bodies_are_signed_here_while_the_workers_are_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    class Busy:
        def __init__(self) -> None:
            self.waiting: list[tuple[Future[Signatures], list[str]]] = []

        def submit(self, function: object, bodies: list[str], /) -> Future[Signatures]:
            self.waiting.append((Future(), bodies))
            return self.waiting[-1][0]

    monkeypatch.setattr("pipelines.selection.duplicates.SIGNED_AT_ONCE", 2)
    records = records_of([body for one in pairs(6) for body in (one.one, one.other)])
    busy = Busy()
    signed = Bodies(signing=busy)
    for record in records:
        signed.add(record)
    assert len(busy.waiting) < len(records) // 2
    for future, bodies in busy.waiting:
        future.set_result(signatures(bodies))
    assert signed.twins() == twins(records) != {}


def test_bodies_are_signed_here_if_a_worker_died() -> None:
    class Dying:
        def submit(self, function: object, bodies: list[str], /) -> Future[Signatures]:
            future: Future[Signatures] = Future()
            future.set_exception(WorkerDiedError(-9))
            return future

    records = records_of([" ".join(f"word{n}x{at}" for at in range(30)) for n in range(SIGNED_AT_ONCE)])
    records[-1]["body"] = records[0]["body"] + " more"
    signed = Bodies(signing=Dying())
    for record in records:
        signed.add(record)
    assert signed.twins() == twins(records) != {}
