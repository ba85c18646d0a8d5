"""CSV, Parquet, SQLite and DuckDB: users' libraries read them back, and read two files as one."""

from __future__ import annotations

import contextlib
import csv
import json
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cleaners.errors import InputError, OutputError, UsageError
from pipelines.inputs.saved_records import saved_records
from pipelines.outputs.formats import format_of
from pipelines.outputs.tables import ParquetOutput, arrow_schema
from pipelines.record.article import FIELD_NAMES
from pipelines.record.columns import columns, sql_table
from pipelines.record.schema import schema
from pipelines.record.upgrade import upgraded
from tests.review.made_records import a_record
from tests.review.test_report import run

RICH = a_record(
    1,
    published_at="2024-05-03T10:00:00Z",
    published_day="2024-05-03",
    images=[{"url": "https://example.org/a.jpg", "alt": 'A "wall", wet', "caption": None}],
    tags=["storms", "walls; high"],
    body="Two lines,\nof one body.",
    is_article=True,
)
POOR = a_record(2, headline=None, authors=[], removed=[], published_day=None, is_article=None, fetched_at=None)


def full(record: dict[str, Any]) -> dict[str, Any]:
    """The record with every key: written by an older version and upgraded."""
    from pipelines.record.article import Article

    return upgraded(Article().as_dict() | record)


def written(path: Path, *records: dict[str, Any]) -> str:
    with format_of(str(path)).open(str(path)) as output:
        for record in records:
            output.write(json.dumps(full(record)).encode() + b"\n")
    return str(path)


def test_every_column_of_the_schema_is_a_column_of_the_table() -> None:
    assert tuple(one.name for one in columns()) == FIELD_NAMES == tuple(schema()["properties"])


def test_csv_has_one_row_per_record_and_reads_back(tmp_path: Path) -> None:
    with Path(written(tmp_path / "a.csv", RICH, POOR)).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["body"] for row in rows] == ["Two lines,\nof one body.", POOR["body"]]
    assert json.loads(rows[0]["images"])[0]["alt"] == 'A "wall", wet'
    assert (rows[0]["is_article"], rows[1]["is_article"], rows[1]["headline"]) == ("true", "", "")


def test_sqlite_has_one_row_per_id(tmp_path: Path) -> None:
    database = sqlite3.connect(written(tmp_path / "a.sqlite", RICH, POOR, RICH | {"headline": "Later"}))
    found = database.execute(
        "SELECT headline, json_extract(removed, '$[0].reason') FROM records ORDER BY id"
    ).fetchall()
    database.close()
    assert found == [("Later", "share_bar"), (None, None)]


def test_duckdb_has_lists_and_days_as_the_statement_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed: pip install copydesk[duckdb]")
    monkeypatch.setattr("pipelines.outputs.tables.ROW_GROUP", 2)
    with duckdb.connect(written(tmp_path / "a.duckdb", RICH, POOR, a_record(3)), read_only=True) as database:
        rows = database.sql("SELECT headline, removed[1].reason, published_day FROM records ORDER BY id").fetchall()
        types = dict(database.sql("SELECT column_name, column_type FROM (DESCRIBE records)").fetchall())
    assert rows[0][1:] == (RICH["removed"][0]["reason"], date(2024, 5, 3))
    assert (rows[1][0], len(rows)) == (None, 3)
    made = duckdb.connect()
    made.execute(sql_table())
    assert types == dict(made.sql("SELECT column_name, column_type FROM (DESCRIBE records)").fetchall())


def test_two_parquet_files_are_one_for_every_library(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    one, two = written(tmp_path / "one.parquet", RICH), written(tmp_path / "two.parquet", POOR)
    assert pq.read_schema(one) == pq.read_schema(two)
    assert pq.read_table(str(tmp_path)).num_rows == 2


@pytest.mark.parametrize("ending", ["parquet", "jsonl"])
def test_polars_duckdb_and_pandas_read_two_files_as_one(tmp_path: Path, ending: str) -> None:
    pd, pl, duckdb = (
        pytest.importorskip(name, reason=f"{name} is not installed") for name in ("pandas", "polars", "duckdb")
    )
    one, two = written(tmp_path / f"one.{ending}", RICH), written(tmp_path / f"two.{ending}", POOR)
    if ending == "parquet":
        assert pl.concat([pl.read_parquet(one), pl.read_parquet(two)]).height == 2
        assert pd.concat([pd.read_parquet(one), pd.read_parquet(two)])["published_day"].notna().sum() == 1
        days = duckdb.sql(f"SELECT published_day FROM '{tmp_path}/*.parquet' ORDER BY id").fetchall()
        assert str(days[0][0]) == "2024-05-03"
        return
    both = duckdb.sql(f"SELECT id, unnest(removed).count FROM read_json_auto(['{one}', '{two}'])").fetchall()
    assert both == [(RICH["id"], 2)]
    frame = pd.concat([pd.read_json(one, lines=True), pd.read_json(two, lines=True)])
    assert pd.to_datetime(frame["published_day"]).notna().sum() == 1
    assert pl.concat([pl.read_ndjson(one), pl.read_ndjson(two)], how="diagonal_relaxed").height == 2


@pytest.mark.parametrize("ending", ["csv", "parquet", "sqlite", "duckdb"])
def test_after_an_error_nothing_is_left(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_bytes(b"what was there before")

    def broken(output: Any) -> None:
        with output:
            output.write(json.dumps(full(RICH)).encode() + b"\n")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken(format_of(str(path)).open(str(path)))
    assert path.read_bytes() == b"what was there before"
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_row_groups_are_written_as_they_fill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    monkeypatch.setattr("pipelines.outputs.tables.ROW_GROUP", 10)
    path = str(tmp_path / "a.parquet")
    with ParquetOutput(path) as output:
        for n in range(25):
            output.write(json.dumps(full(a_record(n))).encode() + b"\n")
    assert pq.ParquetFile(path).num_row_groups == 3
    assert pq.read_table(path).column("id").to_pylist() == [a_record(n)["id"] for n in range(25)]


def test_a_flushed_parquet_file_holds_the_row_groups_that_are_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    monkeypatch.setattr("pipelines.outputs.tables.ROW_GROUP", 2)
    written: list[int] = []
    monkeypatch.setattr("pipelines.outputs.tables.Output.write", lambda _, data: written.append(len(data)))
    with ParquetOutput(str(tmp_path / "a.parquet")) as output:
        begun = sum(written)
        for n in range(2):
            output.write(json.dumps(full(a_record(n))).encode() + b"\n")
        output.flush()
        assert sum(written) > begun


def test_an_error_in_a_row_group_ends_the_run_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    monkeypatch.setattr("pipelines.outputs.tables.ROW_GROUP", 1)

    def full_disk(lines: bytes) -> object:
        raise OutputError("a.parquet: cannot be written")

    monkeypatch.setattr("pipelines.outputs.tables.arrow_table", full_disk)
    with pytest.raises(OutputError, match="cannot be written"):
        written(tmp_path / "a.parquet", *(a_record(n) for n in range(3)))
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def site_records(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The records of the sample site, as JSON Lines."""
    lines = tmp_path_factory.mktemp("site") / "a.jsonl"
    assert run("clean", "seeds/site", "-o", str(lines), "--quiet").returncode == 0
    return str(lines)


@pytest.mark.parametrize("ending", ["csv", "parquet", "sqlite", "duckdb"])
def test_clean_and_select_write_by_the_ending_of_the_name(tmp_path: Path, site_records: str, ending: str) -> None:
    lines, table = site_records, tmp_path / f"a.{ending}"
    assert run("clean", "seeds/site", "-o", str(table), "--quiet").returncode == 0
    again = tmp_path / f"b.{ending}"
    assert run("select", lines, "-o", str(again), "--quiet").returncode == 0
    count = len(Path(lines).read_text("utf-8").splitlines())
    assert rows_of(table) == rows_of(again) == count


def rows_of(path: Path) -> int:
    """The number of records in a table."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return len(list(csv.DictReader(file)))
    if path.suffix == ".parquet":
        return int(pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed").read_table(path).num_rows)
    if path.suffix == ".duckdb":
        with pytest.importorskip("duckdb", reason="duckdb is not installed").connect(str(path)) as database:
            return int(database.sql("SELECT count(*) FROM records").fetchall()[0][0])
    with contextlib.closing(sqlite3.connect(path)) as database:
        return int(database.execute("SELECT count(*) FROM records").fetchone()[0])


@pytest.mark.parametrize("form", [[], ["--arrow"], ["--sql"]])
def test_the_schema_is_printed_in_three_forms(form: list[str]) -> None:
    done = run("schema", *form)
    assert done.returncode == 0
    assert "published_day" in done.stdout


def test_duckdb_accepts_the_statement() -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    database = duckdb.connect()
    database.execute(run("schema", "--sql").stdout)
    assert len(database.execute("DESCRIBE records").fetchall()) == len(FIELD_NAMES)


def test_records_in_parquet_are_read_back_as_they_were(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    path = written(tmp_path / "a.parquet", RICH, POOR)
    assert list(saved_records(path)) == [full(RICH), full(POOR)]


def test_records_in_a_parquet_file_cut_in_half_are_named(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    path = Path(written(tmp_path / "a.parquet", RICH, POOR))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError, match=r"a\.parquet: no whole Parquet file"):
        list(saved_records(str(path)))


def test_datasets_puts_two_outputs_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    datasets: Any = pytest.importorskip("datasets", reason="datasets is not installed")
    files = [written(tmp_path / f"{n}.parquet", record) for n, record in enumerate((RICH, POOR))]
    sets = [datasets.load_dataset("parquet", data_files=one, split="train", cache_dir=str(tmp_path)) for one in files]
    both = datasets.concatenate_datasets(sets)
    assert [str(day) for day in both["published_day"]] == ["2024-05-03", "None"]
    assert sets[0].features == sets[1].features


def test_datasets_reads_lines_of_json_whose_columns_have_no_value_in_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    datasets: Any = pytest.importorskip("datasets", reason="datasets is not installed")
    files = [written(tmp_path / f"{n}.jsonl", record) for n, record in enumerate((POOR, RICH))]
    features = datasets.Features.from_arrow_schema(arrow_schema())
    both = datasets.load_dataset("json", data_files=files, features=features, split="train", cache_dir=str(tmp_path))
    assert [str(day) for day in both["published_day"]] == ["None", "2024-05-03"]
    assert both["headline"] == [None, RICH["headline"]]


def test_duckdb_reads_the_same_types_from_any_two_parquet_files(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    types = []
    for name, record in (("one", RICH), ("two", POOR | {"removed": [], "images": []})):
        written(tmp_path / f"{name}.parquet", record)
        types.append(duckdb.sql(f"SELECT * FROM '{tmp_path / name}.parquet'").types)
    assert types[0] == types[1]
    made = duckdb.connect()
    made.execute(sql_table())
    made.execute(f"INSERT INTO records SELECT * FROM '{tmp_path}/*.parquet'")
    assert made.sql("SELECT count(*) FROM records").fetchall() == [(2,)]


def test_a_line_that_the_fast_reader_refuses_is_read_or_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    plain = json.dumps(full(RICH)).encode()
    broken = b'{"schema_version": 2, "headline": "caf\xe9", "similarity": NaN, "section": "\\ud800"}'
    path.write_bytes(b"\r\n".join([plain, broken, b'{"a": ' + b"[" * 100_000, b"", plain]))
    first, second, third, last = saved_records(str(path))
    assert (first, last) == (full(RICH), full(RICH))
    assert isinstance(second, dict)
    assert (second["headline"], second["similarity"], second["section"]) == ("caf\ufffd", None, "\ufffd")
    assert "line 3: no JSON (nested too deeply)" in str(third)


FOREIGN = {
    "another table": "CREATE TABLE users (name TEXT)",
    "a table of the same name": "CREATE TABLE records (name TEXT)",
    "a view": "CREATE VIEW users AS SELECT 1 AS name",
}


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
@pytest.mark.parametrize("case", FOREIGN)
def test_a_database_with_other_tables_is_never_replaced(tmp_path: Path, kind: str, case: str) -> None:
    path = tmp_path / f"mine.{kind}"
    with contextlib.closing(_connected(path)) as database:
        database.execute(FOREIGN[case])
        database.commit()
    before = path.read_bytes()
    with pytest.raises(UsageError, match=r"a database with other tables"):
        written(path, RICH)
    assert path.read_bytes() == before


def _connected(path: Path) -> Any:
    if path.suffix == ".sqlite":
        return sqlite3.connect(path)
    return pytest.importorskip("duckdb", reason="DuckDB is not installed").connect(str(path))


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
@pytest.mark.parametrize("before", ["records", "nothing", "words"])
def test_records_of_an_earlier_run_and_other_files_are_replaced(tmp_path: Path, kind: str, before: str) -> None:
    path = tmp_path / f"a.{kind}"
    if before == "records":
        written(path, RICH)
    else:
        path.write_text("" if before == "nothing" else "words")
    written(path, POOR)
    with contextlib.closing(_connected(path)) as database:
        assert database.execute("SELECT count(*) FROM records").fetchall() == [(1,)]
