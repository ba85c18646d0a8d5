"""Writes records as a table of a database file: SQLite and DuckDB.

The file is made in a temporary folder, and copied to its place when it is whole.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from cleaners.errors import OutputError, UsageError
from pipelines.inputs.overlap import RECORD_KEYS
from pipelines.outputs.files import Output
from pipelines.outputs.tables import HeldLines, arrow_table, rows_in
from pipelines.record.columns import Column, columns, sql_table

_COPIED_AT_ONCE: Final = 1024 * 1024


class _DatabaseOutput(ABC):
    """Base of the database outputs: makes the database in a temporary folder, and copies it to its place."""

    def __init__(self, name: str) -> None:
        self._refuse_foreign(name)
        self._output = Output(name)
        self._folder = tempfile.TemporaryDirectory(prefix="copydesk-")
        self._path = Path(self._folder.name, "records")

    @abstractmethod
    def _tables(self, path: Path) -> Mapping[str, frozenset[str]]:
        """The columns of each table of a database; no tables if the file is no database of this kind."""

    def _refuse_foreign(self, name: str) -> None:
        """Raise UsageError if the output would replace a database in which there is something else than records."""
        path = Path(name)
        tables = self._tables(path) if path.is_file() and path.stat().st_size else {}
        foreign = [table for table, there in tables.items() if table != "records" or not there >= RECORD_KEYS]
        if foreign:
            raise UsageError(
                f"{name}: a database with other tables ({', '.join(sorted(foreign)[:3])}), which the output would "
                "replace. Name another file, and copy the table `records` from there."
            )

    @abstractmethod
    def write(self, lines: bytes) -> None:
        """Append records. Raises OutputError if there is no room for them."""

    def flush(self) -> None:  # noqa: B027 - neither database has anything to hand on
        """Nothing: the database is copied once, at the end."""

    @abstractmethod
    def _close(self, is_whole: bool) -> None:
        """Close the database; before that, write what is still held, if all went well."""

    def __enter__(self) -> Self:
        """The output, open."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Complete after success, discard after an error."""
        try:
            self._close(kind is None)
            if kind is None:
                self._copy()
        except BaseException:
            self._output.discard()
            raise
        finally:
            self._folder.cleanup()
        self._output.__exit__(kind, error, at)

    def _copy(self) -> None:
        with self._path.open("rb") as made:
            while piece := made.read(_COPIED_AT_ONCE):
                self._output.write(piece)

    def _refused(self, error: Exception) -> OutputError:
        return OutputError(f"{self._path}: {error}. Make room in the folder for temporary files.")


class SqliteOutput(_DatabaseOutput):
    """A table `records` in an SQLite file, with `id` as its key: of two records with the same id, the later one stays.

    Lists are JSON, for json_each.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._db = sqlite3.connect(self._path)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute(f"CREATE TABLE records ({', '.join(map(_sqlite_column, columns()))}, PRIMARY KEY (id))")

    def _tables(self, path: Path) -> Mapping[str, frozenset[str]]:
        asked = (
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type IN ('table', 'view')"
        )
        try:
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
                return _by_table(db.execute(asked).fetchall())
        except sqlite3.DatabaseError:
            return {}

    def write(self, lines: bytes) -> None:
        """Append records. Raises OutputError if there is no room for them."""
        rows = [[_cell(row.get(one.name), one) for one in columns()] for row in rows_in(lines)]
        marks = ", ".join("?" * len(columns()))
        try:
            self._db.executemany(f"INSERT OR REPLACE INTO records VALUES ({marks})", rows)
        except sqlite3.Error as error:
            raise self._refused(error) from error

    def _close(self, is_whole: bool) -> None:
        self._db.commit()
        self._db.close()


def _by_table(rows: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    tables: defaultdict[str, set[str]] = defaultdict(set)
    for table, column in rows:
        tables[table].add(column)
    return {table: frozenset(names) for table, names in tables.items()}


def _sqlite_column(column: Column) -> str:
    kinds = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
    return f'"{column.name}" {kinds.get(column.kind, "TEXT")}{"" if column.nullable else " NOT NULL"}'


def _cell(value: Any, column: Column) -> Any:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if column.kind == "list" else value


class DuckdbOutput(_DatabaseOutput):
    """A table `records` in a DuckDB file, with the types of `copydesk schema --sql`: lists are lists, days are days.

    Records are appended as they come, a few thousand at a time. Needs duckdb and pyarrow (the extra `duckdb`).
    """

    def __init__(self, name: str) -> None:
        try:
            import duckdb
            import pyarrow as pa  # noqa: F401 - what the records are handed over with
        except ImportError as error:
            raise UsageError(
                f"{name}: DuckDB needs duckdb and pyarrow ({error}). pip install 'copydesk[duckdb]'"
            ) from error
        self._error = duckdb.Error
        super().__init__(name)
        self._db = duckdb.connect(str(self._path))
        self._db.execute(sql_table())
        self._held = HeldLines()

    def _tables(self, path: Path) -> Mapping[str, frozenset[str]]:
        import duckdb

        asked = "SELECT table_name, column_name FROM information_schema.columns"
        try:
            with duckdb.connect(str(path), read_only=True) as db:
                return _by_table(db.execute(asked).fetchall())
        except self._error:
            return {}

    def write(self, lines: bytes) -> None:
        """Append records. Raises OutputError if there is no room for them."""
        if self._held.add(lines):
            self._insert()

    def _insert(self) -> None:
        held = self._held.take()
        if not held:
            return
        try:
            self._db.register("held", arrow_table(b"".join(held)))
            self._db.execute("INSERT INTO records SELECT * FROM held")
            self._db.unregister("held")
        except self._error as error:
            raise self._refused(error) from error

    def _close(self, is_whole: bool) -> None:
        try:
            if is_whole:
                self._insert()
        finally:
            self._db.close()
