"""Whether the values of a record fit its columns: records may have been through other programs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, Final

from cleaners.errors import InputError
from pipelines.record.columns import Column, ColumnKind, columns

_TYPES: Final[dict[ColumnKind, tuple[type, ...]]] = {
    "text": (str,), "integer": (int,), "number": (float, int), "boolean": (bool,), "day": (str,), "instant": (str,),
    "list": (list,),
}  # fmt: skip


_INTEGERS: Final = range(-(2**63), 2**63)
"""The integers that tables can hold."""


def check_types(record: Mapping[str, Any]) -> None:
    """Raise InputError for the first value of a record, which has all its keys, that its column cannot hold."""
    wrong = _first_wrong("", tuple(map(type, _values_of(record))))
    if wrong is not None:
        raise _error(wrong.name, record[wrong.name], wrong.kind)
    _check_sizes("", record)
    for column in _lists():
        for item in record[column.name]:
            _check_item(column, item)


def _check_item(column: Column, item: Any) -> None:
    if column.item:
        if type(item) not in _TYPES[column.item]:
            raise _error(f"an item of {column.name}", item, column.item)
        return
    if type(item) is not dict:
        raise _error(f"an item of {column.name}", item, "table")
    wrong = _first_wrong(column.name, tuple([type(item.get(inner.name)) for inner in column.inner]))
    if wrong is not None:
        raise _error(f"{wrong.name} of an item of {column.name}", item.get(wrong.name), wrong.kind)
    _check_sizes(column.name, item)
    if column.name == "blocks":  # the only items that hold lists
        for inner in column.inner:
            for one in item[inner.name] if inner.kind == "list" else ():
                _check_item(inner, one)


def _check_sizes(holder: str, values: Mapping[str, Any]) -> None:
    """Raise InputError for an integer of more than 64 bits in a record ("") or in an item of a list."""
    for name in _numbers()[holder]:
        if type(value := values.get(name)) is int and value not in _INTEGERS:
            where = f"{name} of an item of {holder}" if holder else name
            raise InputError(f"{where} holds a number of more than 64 bits")


@lru_cache(maxsize=1024)
def _first_wrong(holder: str, found: tuple[type, ...]) -> Column | None:
    """The first column of a record ("") or of a list's items whose value has a type that it cannot hold.

    The same few rows of types come again and again.
    """
    pairs = zip(found, _holders()[holder], strict=True)
    return next((column for kind, column in pairs if not _can_hold(column, kind)), None)


@cache
def _holders() -> dict[str, tuple[Column, ...]]:
    """The columns of a record under "", and those of the items of each list under its name."""
    found: dict[str, tuple[Column, ...]] = {"": columns()}
    waiting = [*columns()]
    while waiting:
        column = waiting.pop()
        if column.inner:
            found[column.name] = column.inner
            waiting += column.inner
    return found


@cache
def _numbers() -> dict[str, tuple[str, ...]]:
    """The names of the columns with numbers, by their holder as in `_holders`."""
    return {
        holder: tuple(one.name for one in held if one.kind in ("integer", "number"))
        for holder, held in _holders().items()
    }


def _can_hold(column: Column, kind: type) -> bool:
    return kind in _TYPES[column.kind] or (column.nullable and kind is type(None))


def _error(name: str, value: object, wanted: str) -> InputError:
    found = "nothing" if value is None else type(value).__name__
    return InputError(f"{name} holds {found} where {wanted} is wanted")


@cache
def _lists() -> tuple[Column, ...]:
    return tuple(one for one in columns() if one.kind == "list")


_values_of: Final = itemgetter(*(one.name for one in columns()))
