"""The count of instructions for a record: what is kept, and what the check reports if a change needs more."""

from __future__ import annotations

import shutil

import pytest

from benchmarks import instructions


@pytest.mark.parametrize(("share", "is_held"), [(0.40, True), (0.52, True), (0.53, False)])
def test_a_share_may_grow_by_a_twentieth(share: float, is_held: bool, capsys: pytest.CaptureFixture[str]) -> None:
    assert instructions.is_within(share, 0.50) is is_held
    assert ("--write" in capsys.readouterr().out) is not is_held


def test_twenty_pages_of_our_own_are_counted() -> None:
    assert len(instructions.pages()) == 20


def test_without_valgrind_nothing_is_counted_and_a_message_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda tool: None)
    assert instructions.main(["--check"]) == 0
    assert "valgrind" in capsys.readouterr().out


def test_a_share_above_the_floor_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = {"copydesk": 8e6, "trafilatura": 1e6}
    monkeypatch.setattr(instructions, "counted", counts.__getitem__)
    monkeypatch.setattr(shutil, "which", lambda tool: tool)
    assert instructions.main(["--check"]) == 1
