"""What a signature compares, and which rows become candidates for each other."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from pipelines.selection.shared_bands import SharedBands
from pipelines.selection.signatures import NUMBERS, shingles

WORDS = " ".join(f"word{n}" for n in range(30))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (WORDS, WORDS.upper()),
        (f"{WORDS} “Élan” – Straße", f"{WORDS} 'élan' - STRASSE"),
        (f"{WORDS} Всё хорошо…", f"{WORDS} ВСЁ ХОРОШО."),
        (f"{WORDS} «朝市が戻った。»", f"{WORDS} 朝 市 が 戻 っ た"),
    ],
)
def test_case_and_punctuation_change_no_shingle(one: str, other: str) -> None:
    assert shingles(one).tolist() == shingles(other).tolist()


def test_other_words_make_other_shingles() -> None:
    assert not set(shingles(WORDS)) & set(shingles(WORDS.replace("word", "term")))


def made_numbers(rows: int, seed: int = 3) -> np.ndarray[tuple[int, int], np.dtype[np.uint16]]:
    """Signatures in which each third row repeats some bands of an earlier row."""
    chance = np.random.default_rng(seed)
    numbers = chance.integers(1, 1 << 16, (rows, NUMBERS)).astype(np.uint16)
    for row in range(2, rows, 3):
        numbers[row, : 4 * (row % 32)] = numbers[row // 2, : 4 * (row % 32)]
    return numbers


def test_rivals_are_the_added_rows_that_share_a_band() -> None:
    numbers = made_numbers(60)
    numbers[[7, 8]] = 0  # too short to be compared
    bands = numbers.view(np.uint64)
    shared = SharedBands(numbers)
    for row in range(60):
        if row % 4:
            expected = {at for at in range(row) if at % 4 and bands[row].any() and (bands[at] == bands[row]).any()}
            assert shared.rivals(row) == expected
            shared.add(row)
    assert shared.has_any.any()
    assert not shared.has_any[[7, 8]].any()


def test_no_rows_share_nothing() -> None:
    assert SharedBands(np.zeros((0, NUMBERS), np.uint16)).has_any.tolist() == []


def test_shared_bands_take_few_bytes_each() -> None:
    """A dictionary of lists took more than 300 bytes per row and band: most of the memory of a large run."""
    numbers = np.repeat(made_numbers(1000), 2, axis=0)
    tracemalloc.start()
    try:
        shared = SharedBands(numbers)
        for row in range(0, 2000, 2):
            shared.add(row)
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert used < 20 * 2000 * 32
