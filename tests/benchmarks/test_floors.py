"""Accuracy on our own sample pages may not fall."""

from pathlib import Path

import pytest

from benchmarks import floors
from benchmarks.floors import fallen, reached, read_floors


def test_no_sample_page_has_fallen_below_its_floor() -> None:
    assert fallen(reached(), read_floors()) == []


def test_a_loss_is_reported_with_the_page_and_the_figures() -> None:
    assert fallen({"mill": 0.5}, {"mill": 0.9}) == ["mill: F1 0.500 is below the floor 0.900 in benchmarks/floors.json"]


def test_a_page_without_a_floor_is_reported() -> None:
    assert fallen({"mill": 0.5}, {}) == ["mill: no floor; run python -m benchmarks.floors --write"]


def test_a_page_that_is_gone_is_a_loss() -> None:
    assert len(fallen({}, {"mill": 0.9})) == 1


def test_a_loss_ends_the_command_with_status_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "floors.json"
    file.write_text('{"news-dredger": 1.01}')
    monkeypatch.setattr(floors, "FLOORS", file)
    assert floors.main([]) == 1
    assert "news-dredger: F1" in capsys.readouterr().out


def test_floors_written_now_hold_now(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(floors, "FLOORS", tmp_path / "floors.json")
    assert floors.main(["--write"]) == 0
    assert floors.main([]) == 0


@pytest.mark.parametrize("page", ["news-dredger", "blog-sourdough", "de-deich", "ru-maslobojka"])
def test_articles_are_cleaned_well(page: str) -> None:
    assert reached()[page] >= 0.8
