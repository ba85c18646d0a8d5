"""Features of the surroundings of a dump's Blocks: neighbours, means over windows, headings, the rhythm of a list.

Functions of arrays with a column a Block, (rows, blocks), of one or more dumps; NumPy only, no loop over Blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from cleaners.features.text_stack import Stack
from cleaners.words.array_types import Floats, Ints

_NEIGHBOURS: Final = (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5)
# Blocks on both sides, on one side, and on both sides for the rhythm.
_WINDOWS: Final = (3, 8, 20, 50)
_SIDES: Final = (5, 15, 50)
_RHYTHM_WINDOW: Final = 10
_HEADING_WINDOWS: Final = (1, 3, 10, 30)
# Listings repeat after so many lines: a title, or a title, a teaser, a date and a button.
_LAGS: Final = 6
# Where there is no neighbour: a value that no block has.
_ABSENT: Final = -9.0


# The rows that `alike`, `said_by_headings` and `rhythm` give.
ALIKE_NAMES: Final = ("share", "words", "score")
_EXTREMES: Final = ("said", *(f"{end}_{window}" for window in _HEADING_WINDOWS for end in ("least", "greatest")))
SAID_NAMES: Final = tuple(f"{side}_{name}" for side in ("above", "below") for name in _EXTREMES)
RHYTHM_NAMES: Final = (
    *(f"rhythm_{lag}" for lag in range(1, _LAGS + 1)),
    *(f"rhythm_around_{lag}" for lag in range(1, _LAGS + 1)),
    "rhythm_most",
)


def named_by_neighbour(names: Sequence[str]) -> tuple[str, ...]:
    """Names for the rows that `neighbours` makes of rows with these names."""
    return tuple(f"{name}{step:+d}" for step in _NEIGHBOURS for name in names)


def named_by_window(names: Sequence[str]) -> tuple[str, ...]:
    """Names for the rows that `running_means` makes of rows with these names."""
    return tuple(f"{name}_around_{window}" for window in _WINDOWS for name in names)


def named_by_side(names: Sequence[str]) -> tuple[str, ...]:
    """Names for the rows that `sided_means` makes of rows with these names."""
    return tuple(f"{name}_{side}_{blocks}" for blocks in _SIDES for side in ("before", "after") for name in names)


def neighbours(base: Floats, stack: Stack) -> Floats:
    """The base rows of the blocks before and after."""
    reach = max(_NEIGHBOURS)
    padded, places = stack.laid_out(base, reach, _ABSENT), stack.places(reach) + np.array(_NEIGHBOURS)[:, None]
    return _by_window(padded.take(places, axis=1))


def running_means(base: Floats, stack: Stack) -> Floats:
    """Means of the base rows over windows of several widths, the block in the middle."""
    place, reach = np.arange(base.shape[1]), np.array(_WINDOWS)[:, None]
    return _by_window(_means(stack.sums(base), place - reach, place + reach + 1, stack))


def sided_means(base: Floats, stack: Stack) -> Floats:
    """Means of the base rows over the blocks before and over those after it; 0 if there are none."""
    place = np.arange(base.shape[1])
    low = np.array([low for side in _SIDES for low in (place - side, place + 1)])
    high = np.array([high for side in _SIDES for high in (place, place + side + 1)])
    return _by_window(_means(stack.sums(base), low, high, stack))


def _means(sums: Floats, low: Ints, high: Ints, stack: Stack) -> Floats:
    """Means over the blocks from `low` to before `high` that are in the block's dump.

    Bounds (windows, blocks) give (rows, windows, blocks), bounds (blocks,) give (rows, blocks).
    """
    low, high = np.maximum(low, stack.first), np.minimum(high, stack.last)
    totals = sums.take(stack.sums_at(high), axis=1) - sums.take(stack.sums_at(low), axis=1)
    return np.asarray(totals / np.maximum(high - low, 1))


def _by_window(values: Floats) -> Floats:
    """(rows, windows, blocks) as (windows * rows, blocks), all rows of a window together."""
    return values.transpose(1, 0, 2).reshape(-1, values.shape[2])


def said_by_headings(after: Floats, before: Floats, stack: Stack) -> Floats:
    """What short lines above say about the text after them (`after`), and short lines below about the text before."""
    reach = max(_HEADING_WINDOWS)
    laid, place = stack.laid_out(np.array([after, before]), reach, 0.0), stack.places(reach)
    backwards = laid.shape[1] - 1 - place  # the places of the blocks where all is read from the end
    extremes = _looking_back(np.array([laid[0], laid[1, ::-1]]), np.array([place, backwards]))
    return np.array([after, *extremes[:, 0], before, *extremes[:, 1]])


def _looking_back(laid: Floats, places: Ints) -> Floats:
    """Least and greatest of the values before each place of each row, over windows; values between dumps are 0.

    (rows, length) and places (rows, blocks) give (least and greatest for each window, rows, blocks).
    """
    rows = len(laid)
    greatest = np.concatenate([laid, -laid])  # the least value is the greatest of the negated ones
    row, place = np.arange(2 * rows)[:, None], np.concatenate([places, places])
    out: list[Floats] = []
    width = 1  # how many places the maxima cover so far
    for window in _HEADING_WINDOWS:
        while 2 * width <= window:  # two halves make a window twice as wide
            greatest = np.maximum(greatest[:, :-width], greatest[:, width:])
            width *= 2
        rest = window - width
        whole = np.maximum(greatest[:, :-rest], greatest[:, rest:]) if rest else greatest
        here = whole.take(row * whole.shape[1] + place - window)  # of the flat array
        out += [-here[rows:], here[:rows]]
    return np.array(out)


def alike(keys: Ints, words: Floats, scores: Floats, stack: Stack) -> Floats:
    """Blocks of a dump with the same key, from -1 on: their share of the dump, mean length and mean score."""
    group = _groups(keys + stack.dump * (keys.max() + 2))
    count = np.bincount(group)
    sums = [np.bincount(group, weights=values) / count for values in (words, scores)]
    return np.array([count[group] / (stack.last - stack.first), *(mean[group] for mean in sums)])


def _groups(keys: Ints) -> Ints:
    """The number of each key among the distinct ones."""
    order = np.argsort(keys)
    ranked = keys.take(order)
    group = np.zeros(len(keys), np.int64)
    group[order[1:]] = np.cumsum(ranked[1:] != ranked[:-1])
    return group


def rhythm(shapes: Ints, stack: Stack) -> Floats:
    """How many blocks at each small distance, before and after, have the block's shape; the same over a window.

    Listings come back to a shape after every item, prose does not.
    """
    n = len(shapes)
    same = np.zeros((_LAGS, n + _LAGS))
    for lag in range(1, min(_LAGS, n - 1) + 1):
        in_one_dump = stack.dump[lag:] == stack.dump[:-lag]
        same[lag - 1, _LAGS : _LAGS + n - lag] = (shapes[lag:] == shapes[:-lag]) & in_one_dump
    back = np.array([same[lag - 1, _LAGS - lag : _LAGS - lag + n] for lag in range(1, _LAGS + 1)])
    both = same[:, _LAGS:] + back
    place = np.arange(n)
    around = _means(stack.sums(both), place - _RHYTHM_WINDOW, place + _RHYTHM_WINDOW + 1, stack)
    return np.concatenate([both, around, around.max(axis=0, keepdims=True)])
