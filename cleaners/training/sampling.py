"""Which blocks the trainings of both classifiers learn from, and how many pages they need."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.errors import InputError
from cleaners.words.amounts import amount
from cleaners.words.array_types import Floats

# Of the blocks with at most this many words, training uses two in five, at more weight: menus have thousands of them.
# On wcxb this halves the time of training, and F1 is the same (0.8856 and 0.886).
_FEW_WORDS: Final = 3
_KEPT_OF_FIVE: Final = 2
_FEW_PAGES: Final = 20  # fewer pages teach nothing worth using


def is_learned(words: Floats) -> NDArray[np.bool_]:
    """Which of a page's blocks training uses, by their numbers of words: all but some of the shortest."""
    return np.asarray((words > _FEW_WORDS) | (np.arange(len(words)) % 5 < _KEPT_OF_FIVE))


def weight_for_left_out(words: Floats) -> Floats:
    """The factor of each block's weight: the shortest blocks that training uses also count for those left out."""
    return np.where(words <= _FEW_WORDS, 5 / _KEPT_OF_FIVE, 1.0)


def refuse_few(pages: int) -> None:
    """Raise InputError if there are too few labelled pages to learn from."""
    if pages < _FEW_PAGES:
        raise InputError(f"{amount(pages, 'page', 'labelled')} found, at least {_FEW_PAGES} are needed; name more sets")
