"""The example plug-in is installed as a user installs it, and the command uses it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import warm

EXAMPLE = Path(__file__).parent / "example"
SENTENCE = "The ferry to the island runs again after the winter, and its first passengers were on board before sunrise."
PAGE = f"""<html><head><title>Ferry runs again</title></head><body><article><h1>Ferry runs again</h1>
<p>{SENTENCE}</p><p>High water 06:12 at the north pier, said the harbour master, who measures it by hand.</p>
<p>{SENTENCE.replace("ferry", "mail boat")}</p></article></body></html>"""
MAIL = f"""Subject: Ferry runs again
Archived-At: <https://harbour-post.test/island-news/ferry>
MIME-Version: 1.0
Content-Type: text/html; charset="utf-8"

{PAGE}
"""


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that pip has installed the example into."""
    source, target = tmp_path_factory.mktemp("source") / "example", tmp_path_factory.mktemp("installed")
    shutil.copytree(EXAMPLE, source, ignore=shutil.ignore_patterns("__pycache__"))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--disable-pip-version-check", "--target", str(target), str(source)], check=True, timeout=120)
    return target


def copydesk(*arguments: object, path: Path) -> subprocess.CompletedProcess[str]:
    """Run the command with a folder of installed distributions before the others."""
    return warm.run("copydesk", *map(str, arguments), variables=os.environ | {"PYTHONPATH": str(path)})


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "ferry.eml"
    path.parent.mkdir()
    path.write_text(MAIL)
    return path


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_an_installed_plug_in_reads_cleans_and_fills_fields(installed: Path, mail: Path, tmp_path: Path) -> None:
    out, why = tmp_path / "records.jsonl", tmp_path / "why.jsonl"
    run = copydesk("clean", mail.parent, "-o", out, "--explain", why, "--workers", 1, path=installed)
    assert (run.returncode, run.stderr.count("Traceback")) == (0, 0), run.stderr
    [record] = records(out)
    assert record["url"] == "https://harbour-post.test/island-news/ferry"
    assert "mail boat" in record["body"]
    assert "High water" not in record["body"]
    assert record["section"] == "Island news"
    assert record["cleaner_version"].endswith(" + copydesk-harbour 1.2")
    rows = records(why)
    assert any(row.get("reason") == "tide_table" and "High water 06:12" in row["evidence"] for row in rows)
    assert any(row.get("field") == "section" and row["source"] == "url" for row in rows)


def test_an_installed_plug_in_writes_its_format(installed: Path, mail: Path, tmp_path: Path) -> None:
    out = tmp_path / "list.md"
    run = copydesk("clean", mail, "-o", out, "--workers", 1, "--quiet", path=installed)
    assert run.returncode == 0, run.stderr
    assert out.read_text() == "- Ferry runs again, <https://harbour-post.test/island-news/ferry>, Island news\n"


def test_without_plug_ins_the_record_is_that_of_copydesk_alone(installed: Path, tmp_path: Path) -> None:
    page, plain, off = tmp_path / "ferry.html", tmp_path / "plain.jsonl", tmp_path / "off.jsonl"
    page.write_text(PAGE)
    assert copydesk("clean", page, "-o", plain, "--workers", 1, path=tmp_path).returncode == 0
    assert copydesk("clean", page, "-o", off, "--workers", 1, "--no-plugins", path=installed).returncode == 0
    assert plain.read_bytes() == off.read_bytes()
    assert "High water" in records(plain)[0]["body"]


def broken(target: Path, group: str, value: str, code: str) -> Path:
    """A folder with an installed distribution whose one entry point is faulty."""
    (target / "broken_rows.py").write_text(code)
    info = target / "copydesk_broken-0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: copydesk-broken\nVersion: 0.1\n")
    (info / "entry_points.txt").write_text(f"[{group}]\nfault = {value}\n")
    return target


ROW = "from pipelines.inputs.reader import InputKind\ndef read(stream, options, skipped): return iter(())\n"


@pytest.mark.parametrize(
    ("group", "value", "code", "words"),
    [
        ("copydesk.cleaners", "broken_rows:ROW", "import a_module_that_is_nowhere", "ModuleNotFoundError"),
        ("copydesk.cleaners", "broken_rows:ROW", "ROW = 'no row'", "its type is str, not Cleaner"),
        ("copydesk.stages", "broken_rows:ROW", "", "AttributeError"),
        (
            "copydesk.stages",
            "broken_rows:ROW",
            "from pipelines.record.context import Stage\nROW = Stage('mine', lambda article, inputs: None)",
            "cannot be sent to a worker process",
        ),
        ("copydesk.inputs", "broken_rows:ROW", ROW + "ROW = InputKind('html', 'mine', read)", "already"),
        ("copydesk.inputs", "broken_rows:ROW", ROW + "ROW = InputKind('x', 'mine', read, ('.txt',))", ".txt"),
        ("copydesk.outputs", "broken_rows:ROW", "ROW = 3", "its type is int, not OutputFormat"),
    ],
)
def test_a_broken_plug_in_is_named_in_one_line(tmp_path: Path, group: str, value: str, code: str, words: str) -> None:
    page, out = tmp_path / "ferry.html", tmp_path / "out.jsonl"
    page.write_text(PAGE)
    site = tmp_path / "site"
    site.mkdir()
    run = copydesk("clean", page, "-o", out, path=broken(site, group, value, code))
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert "copydesk-broken 0.1" in run.stderr
    assert words in run.stderr
    assert not out.exists()


GUIDE = (Path(__file__).parents[2] / "docs" / "guide" / "extend.md").read_text("utf-8")


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(EXAMPLE.rglob("*.*")) if path.suffix in (".py", ".toml")],
    ids=lambda path: path.name,
)
def test_the_guide_shows_the_example_as_it_is(path: Path) -> None:
    if path.name != "__init__.py":
        assert f"\n{path.read_text('utf-8')}```" in GUIDE


def test_the_guide_s_first_example_runs() -> None:
    code = GUIDE.split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(code, names)
    assert names["record"].article.body == "A page."
    assert "icon labels" not in {row.name for row in names["without_icons"]}
