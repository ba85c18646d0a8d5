"""Scores of models: the confidence's calibration, and folds that keep a domain's pages together."""

import numpy as np
import pytest

pytest.importorskip("rapidfuzz")

from cleaners.training.folds import fold_of
from cleaners.training.metrics import calibration, calibration_error


def test_the_calibration_reaches_down_to_the_few_worst_pages() -> None:
    expected = np.concatenate([np.full(20, 0.3), np.linspace(0.6, 1.0, 980)])
    real = np.concatenate([np.full(20, 0.1), np.linspace(0.6, 1.0, 980)])
    table = calibration(expected, real)
    at, mean = zip(*table, strict=True)
    assert float(np.interp(0.3, at, mean)) == pytest.approx(0.1, abs=0.01)
    assert float(np.interp(0.8, at, mean)) == pytest.approx(0.8, abs=0.01)
    assert table[0] == (0.0, 0.0)


def test_the_calibration_never_falls() -> None:
    draw = np.random.default_rng(1)
    table = calibration(draw.random(300), draw.random(300))
    assert [mean for _, mean in table] == sorted(mean for _, mean in table)


def test_the_calibration_error_is_the_gap_between_expected_and_real() -> None:
    expected = np.array([0.95, 0.95, 0.55, 0.55])
    assert calibration_error(expected, expected) == 0
    assert calibration_error(expected, np.array([1.0, 0.9, 0.35, 0.35])) == pytest.approx(0.1)


def test_hosts_of_one_registered_domain_are_in_one_fold() -> None:
    hosts = ("https://example.co.uk/a", "https://www.example.co.uk/b", "http://edition.example.co.uk/c")
    assert len({fold_of(host, 1000) for host in hosts}) == 1
    assert len({fold_of(f"https://site{number}.co.uk/", 1000) for number in range(5)}) > 1
    assert fold_of("story-7", 1000) == fold_of("story-7", 1000)
