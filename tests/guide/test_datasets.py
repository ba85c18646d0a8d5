"""The page on datasets: each piece of code runs, in a folder with two outputs of made-up records."""

from __future__ import annotations

import importlib
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from copydesk.cli.main import main
from tests.offline.test_tables import full
from tests.review.made_records import a_record, saved

PAGE = Path(__file__).parents[2] / "docs" / "guide" / "datasets.md"
PIECES = re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
PYTHON = {title: "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL)) for title, text in PIECES}
COMMANDS = re.findall(r"^copydesk .*$", PAGE.read_text("utf-8"), re.MULTILINE)
NEEDS = {"pandas": ("pandas", "pyarrow"), "polars": ("polars",), "DuckDB": ("duckdb",), "datasets": ("datasets",),
         "datatrove": ("datatrove", "orjson")}  # fmt: skip
BLOCKS = [{"kind": "code", "level": 0, "text": "x = 1", "links": [{"text": "x", "url": "https://example.org/"}]}]
RECORDS = [
    full(
        a_record(
            n,
            f"site-{n}.org",
            published_day=f"2024-05-{n % 9 + 1:02}" if n % 4 else None,
            is_article=n % 3 > 0,
            blocks=BLOCKS if n == 5 else [],
            language="de" if n % 5 == 0 else "en",
            removed=[{"reason": "menu", "count": n}] if n % 2 else [],
            word_count=n * 10,
        )
    )
    for n in range(40)
]


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with news.jsonl and news.parquet, as the current one."""
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    saved(tmp_path / "news.jsonl", RECORDS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert main(["select", "news.jsonl", "-o", "news.parquet", "--quiet"]) == 0
    return tmp_path


def ran(title: str) -> dict[str, Any]:
    """Run the code of a section and return its variables."""
    for name in NEEDS.get(title.split(" ")[0], ("pandas",)):
        pytest.importorskip(name, reason=f"{name} is not installed")
    names: dict[str, Any] = {}
    exec(compile(PYTHON[title], str(PAGE), "exec"), names)
    return names


def test_every_section_with_code_is_run_here() -> None:
    assert [title for title, code in PYTHON.items() if code] == [
        "pandas", "polars", "DuckDB", "datasets (Hugging Face)", "datatrove", "Train and test, split by site",
        "Count tokens", "Code, tables and links",
    ]  # fmt: skip


def test_pandas(there: Path) -> None:
    names = ran("pandas")
    assert names["news"]["published_day"].notna().sum() == 30
    assert (names["recent"]["word_count"] >= 100).all()
    assert set(names["reasons"]["reason"]) == {"menu"}
    lines = importlib.import_module("pandas").read_json("news.jsonl", lines=True)
    assert importlib.import_module("pandas").to_datetime(lines["published_day"]).notna().sum() == 30


def test_polars(there: Path) -> None:
    names = ran("polars")
    assert names["removed"]["count"].sum() == sum(range(1, 40, 2))
    assert names["once"].height == 40
    assert set(names["long"]["language"]) == {"en"}


def test_duckdb(there: Path) -> None:
    names = ran("DuckDB")
    assert names["found"][0][1] == sum(1 for n in range(40) if n % 3 and n % 4)
    assert names["why"] == [("menu", sum(range(1, 40, 2)))]
    assert names["same"] == [(40,)]


def test_datasets(there: Path) -> None:
    names = ran("datasets (Hugging Face)")
    assert len(names["twice"]) == 40 + len(names["english"])
    assert set(names["english"]["language"]) == {"en"}


def test_datatrove(there: Path) -> None:
    (there / "documents").mkdir()
    assert len(ran("datatrove")["english"]) == 32


def test_a_site_is_on_one_side_of_the_split(there: Path) -> None:
    names = ran("Train and test, split by site")
    assert len(names["train"]) + len(names["test"]) == 40
    assert 0 < len(names["test"]) < 20


def test_tokens_and_blocks(there: Path) -> None:
    assert ran("Count tokens")["per_language"]["tokens"].min() > 0
    names = ran("Code, tables and links")
    assert (names["code"], names["links"]) == (["x = 1"], ["https://example.org/"])


@pytest.mark.parametrize("command", COMMANDS)
def test_the_parser_accepts_the_commands(command: str) -> None:
    from copydesk.cli.main import parser

    words = command.split()[1:]
    assert parser(words[0]).parse_args(words).run
