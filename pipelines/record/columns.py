"""The record as columns of a table, made from the Article dataclass: for Arrow, SQL and flat files."""

from __future__ import annotations

import types
import typing
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Final, Literal, NamedTuple

from pipelines.record.article import Article

ColumnKind = Literal["text", "integer", "number", "boolean", "day", "instant", "list"]

_KINDS: Final[dict[type, ColumnKind]] = {str: "text", int: "integer", float: "number", bool: "boolean"}
_DAYS: Final = frozenset(("published_day", "modified_day"))
_INSTANTS: Final = frozenset(("published_at", "modified_at", "fetched_at"))
_SQL: Final[dict[ColumnKind, str]] = {
    "text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "day": "DATE",
    "instant": "TIMESTAMP WITH TIME ZONE",
}  # fmt: skip


class Column(NamedTuple):
    """One column: a list has `item`, the kind of its items, or `inner`, the columns of each."""

    name: str
    kind: ColumnKind
    nullable: bool = False
    item: ColumnKind | None = None
    inner: tuple[Column, ...] = ()


@cache
def columns(cls: type = Article) -> tuple[Column, ...]:
    """The columns of a record, in the order of its keys."""
    hints = typing.get_type_hints(cls)
    return tuple(_column(one.name, hints[one.name]) for one in fields(cls))


def sql_table() -> str:
    """A CREATE TABLE statement for DuckDB, of a table `records`.

    >>> print(sql_table().splitlines()[2].strip())
    "id" VARCHAR NOT NULL,
    """
    rows = [
        f'  "{one.name}" {_sql_type(one)}{"" if one.nullable or one.kind == "list" else " NOT NULL"}'
        for one in columns()
    ]
    return 'CREATE TABLE "records" (\n' + ",\n".join(rows) + "\n);"


def arrow_text() -> str:
    """The Arrow schema as text, one line for each column, in the spelling of pyarrow."""
    return "\n".join(f"{one.name}: {_arrow_name(one)}{'' if one.nullable else ' not null'}" for one in columns())


def dataset_features() -> list[dict[str, Any]]:
    """The columns as a card's `dataset_info` spells them, for Hugging Face's library."""
    return [_feature(one) for one in columns()]


def _column(name: str, hint: Any) -> Column:
    nullable = isinstance(hint, types.UnionType)
    if nullable:
        hint = next(one for one in typing.get_args(hint) if one is not type(None))
    if typing.get_origin(hint) is list:
        (item,) = typing.get_args(hint)
        if is_dataclass(item) and isinstance(item, type):
            return Column(name, "list", nullable, inner=columns(item))
        return Column(name, "list", nullable, item=_KINDS[item])
    if name in _DAYS:
        return Column(name, "day", nullable)
    return Column(name, "instant" if name in _INSTANTS else _KINDS[hint], nullable)


def _sql_type(column: Column) -> str:
    if column.inner:
        return "STRUCT(" + ", ".join(f'"{one.name}" {_sql_type(one)}' for one in column.inner) + ")[]"
    return f"{_SQL[column.item]}[]" if column.item else _SQL[column.kind]


_ARROW: Final[dict[ColumnKind, str]] = {
    "text": "string", "integer": "int64", "number": "double", "boolean": "bool", "day": "date32[day]",
    "instant": "timestamp[us, tz=UTC]",
}  # fmt: skip


def _arrow_name(column: Column) -> str:
    if column.inner:
        return "list<item: struct<" + ", ".join(f"{one.name}: {_arrow_name(one)}" for one in column.inner) + ">>"
    return f"list<item: {_ARROW[column.item]}>" if column.item else _ARROW[column.kind]


_DATASETS: Final[dict[ColumnKind, str]] = {
    "text": "string", "integer": "int64", "number": "float64", "boolean": "bool", "day": "date32",
    "instant": "timestamp[us, tz=UTC]",
}  # fmt: skip


def _feature(column: Column) -> dict[str, Any]:
    if column.kind == "list":
        inner = [_feature(one) for one in column.inner]
        return {"name": column.name, "list": _DATASETS[column.item] if column.item else inner}
    return {"name": column.name, "dtype": _DATASETS[column.kind]}
