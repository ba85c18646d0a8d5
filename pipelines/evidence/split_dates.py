"""Finds dates whose parts are blocks of their own: 2021 | 01/05 | 08:00, 16 | 2023-8, 16 | May | 2023."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from cleaners.document import Block
from pipelines.dates.names import month_number
from pipelines.dates.order import Order
from pipelines.dates.parse import DateFound, find_dates

_PIECE_CHARS: Final = 12  # the longest part of such a date
_PIECES: Final = 4


def split_dates(blocks: Sequence[Block], language: str | None, order: Order) -> Iterator[tuple[Block, str, DateFound]]:
    """Each such date of some neighbouring blocks: the block that begins it, the text put together, and the date."""
    run: list[Block] = []
    for block in (*blocks, None):
        if block and _is_piece(block.text):
            run.append(block)
            continue
        if 1 < len(run) <= _PIECES and not any(find_dates(one.text, language, order) for one in run):
            yield from _joined(run, language, order)
        run = []


def _is_piece(text: str) -> bool:
    return len(text) <= _PIECE_CHARS and (any(map(str.isdigit, text)) or month_number(text) is not None)


def _joined(run: Sequence[Block], language: str | None, order: Order) -> Iterator[tuple[Block, str, DateFound]]:
    texts = [block.text for block in run]
    for whole in (" ".join(texts), "-".join(reversed(texts[:2]))):
        for hit in find_dates(whole, language, order):
            if hit.moment.day:
                yield run[0], whole, hit
                return
