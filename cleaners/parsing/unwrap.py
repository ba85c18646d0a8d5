"""Restores the paragraphs of a dump that was wrapped at a column: finds the column, joins the lines broken at it.

A greedy wrapper breaks a line only where the next word would not have fitted. So every break says that the width lay
between the length of the line and that length plus the next word: the width that most breaks agree on is the column,
and a break that disagrees with it was the author's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from cleaners.words.scripts import WIDE, one_line

# Columns that dumps are wrapped at: narrow newsletters to wide terminals.
_NARROWEST, _WIDEST = 40, 132
# Breaks that must agree before a dump counts as wrapped, and the share of the breaks after long lines that must.
_MIN_BREAKS = 3
_AGREEING_SHARE = 0.7
# A line under this share of the column ends because its text ended.
_LONG_LINE_SHARE = 0.6
# Lines longer than the column (addresses, tables) that a wrapped dump may hold.
_OVERLONG_SHARE = 0.1
# Lines that continue a sentence rarely begin with a capital (in German a third do); the lines of a list mostly do.
_CAPITAL_SHARE = 0.6

_WIDE_FROM = "\u3000"
_ENDS_WIDE = re.compile(rf"[{WIDE}]$")
_ENDS_IN_HYPHEN = re.compile(r"[^\W\d_]-$")  # wrappers break compounds there
_BULLET = re.compile(r"(?:[-*+•·‣◦▪■●○–—►»]|\(?\d{1,3}[.)])\s")


def unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines, joined where a wrapper broke them; blank lines stay as "". Linear in the number of characters."""
    column = wrap_column(lines)
    if not column:
        return [one_line(line) for line in lines]
    paragraphs: list[list[str]] = []
    previous = ""
    for line in lines:
        text = one_line(line)
        if paragraphs and _parted_by_wrapper(previous, line, column):
            paragraphs[-1] += (_joint(paragraphs[-1][-1], text), text)
        else:
            paragraphs.append([text])
        previous = line
    return ["".join(parts) for parts in paragraphs]


def wrap_column(lines: Sequence[str]) -> int | None:
    """The column at which the dump was wrapped; None if it was not wrapped."""
    long_enough = (pair for pair in pairwise(lines) if len(pair[0]) >= _NARROWEST * _LONG_LINE_SHARE)
    in_reach = (pair for pair in long_enough if len(pair[0]) <= _WIDEST or len(pair[0].rstrip()) <= _WIDEST)
    breaks = [bounds for pair in in_reach if (bounds := _bounds(*pair))]
    if len(breaks) < _MIN_BREAKS:
        return None
    column = _most_agreed(breaks)
    agreed = [bounds for bounds in breaks if bounds.shortest <= column < bounds.longest]
    long = sum(bounds.shortest > column * _LONG_LINE_SHARE for bounds in breaks)
    capitals = sum(bounds.capital for bounds in agreed)
    overlong = sum(len(line) > column and len(line.rstrip()) > column for line in lines)
    written = sum(1 for line in lines if line.strip())
    is_wrapped = (
        len(agreed) >= max(_MIN_BREAKS, long * _AGREEING_SHARE)
        and overlong <= written * _OVERLONG_SHARE
        and capitals <= len(agreed) * _CAPITAL_SHARE
    )
    return column if is_wrapped else None


class _Break(NamedTuple):
    """Under widths [shortest, longest) a greedy wrapper breaks here; whether the next line begins with a capital."""

    shortest: int
    longest: int
    capital: bool


def _bounds(line: str, following: str) -> _Break | None:
    line, following = line.rstrip(), following.strip()
    if len(line) < _NARROWEST * _LONG_LINE_SHARE or not following:
        return None
    word = 1 if following[0] >= _WIDE_FROM and _ENDS_WIDE.match(following[0]) else len(following.split(None, 1)[0])
    longest = len(line) + len(_joint(line, following)) + word
    return _Break(len(line), longest, following[0].isupper())


def _joint(line: str, following: str) -> str:
    """What the wrapper removed between two lines: a space; nothing in scripts without spaces or inside a compound."""
    if line.endswith("-"):
        return "" if following[:1].islower() and _ENDS_IN_HYPHEN.search(line[-2:]) else " "
    if line[-1:] < _WIDE_FROM:
        return " "
    return "" if _ENDS_WIDE.match(line[-1:]) and _ENDS_WIDE.match(following[:1]) else " "


def _most_agreed(breaks: Sequence[_Break]) -> int:
    steps = [0] * (_WIDEST + 2)
    for bounds in breaks:
        steps[max(bounds.shortest, _NARROWEST)] += 1
        steps[min(max(bounds.longest, _NARROWEST), _WIDEST + 1)] -= 1
    votes = list(_running_sums(steps))
    return max(range(_NARROWEST, _WIDEST + 1), key=lambda column: (votes[column], -column))


def _running_sums(steps: Sequence[int]) -> Iterator[int]:
    total = 0
    for step in steps:
        total += step
        yield total


def _parted_by_wrapper(line: str, following: str, column: int) -> bool:
    bounds = _bounds(line, following)
    if not bounds or not bounds.shortest <= column < bounds.longest:
        return False
    starts_anew = _BULLET.match(following.lstrip()) or _indent(following) > _indent(line)
    return not starts_anew and not _is_row(line) and not _is_row(following)


def _is_row(line: str) -> bool:
    """Whether the line has cells: text behind a tab, or a bar at both ends of one."""
    return "\t" in line.rstrip() or line.count("|") > 1


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
