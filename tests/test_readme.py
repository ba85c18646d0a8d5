from __future__ import annotations

import doctest
import importlib
import json
import os
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import copydesk
from benchmarks.figures import with_table
from seeds.serve import server
from tests import warm

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
COMMANDS = [
    line
    for language, block in BLOCKS
    for line in block.splitlines()
    if not language and "copydesk" in line and "copydesk crawl" not in line
]
EXAMPLES = [
    ".".join(path.relative_to(PROJECT).with_suffix("").parts)
    for folder in ("cleaners", "pipelines", "crawler", "copydesk")
    for path in sorted((PROJECT / folder).rglob("*.py"))
    if ">>> " in path.read_text("utf-8")
]


@pytest.fixture
def sample_site() -> Iterator[str]:
    with server(0) as site:
        serving = threading.Thread(target=site.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{site.server_port}/"
        site.shutdown()
        serving.join()


def test_the_library_example_runs_as_written() -> None:
    outcome = doctest.testfile(str(PROJECT / "README.md"), module_relative=False)
    assert outcome.attempted > 3
    assert outcome.failed == 0


@pytest.mark.parametrize("module", EXAMPLES)
def test_the_examples_in_the_code_hold(module: str) -> None:
    outcome = doctest.testmod(importlib.import_module(module))
    assert outcome.attempted > 0
    assert outcome.failed == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_run_as_written(tmp_path: Path, command: str) -> None:
    (tmp_path / "seeds").symlink_to(PROJECT / "seeds")
    done = run(command, tmp_path)
    assert done.returncode == 0, done.stderr
    written = [Path(tmp_path, name) for name in re.findall(r"(?:-o|--explain) (\S+)", command)]
    assert all(path.stat().st_size > 0 for path in written)
    assert written or done.stdout.startswith('{"schema_version":2')


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of the README: with a shell if it needs one, else in a warm child."""
    if "|" not in command:
        return warm.run("copydesk", *shlex.split(command)[1:], folder=folder)
    program = folder / "bin" / "copydesk"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\n{warm.code_of('copydesk')}")
    program.chmod(0o755)
    variables = os.environ | {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(["sh", "-c", command], cwd=folder, env=variables, capture_output=True, text=True)


def test_the_crawl_runs_as_written_except_for_the_address(tmp_path: Path, sample_site: str) -> None:
    line = next(line for line in README.splitlines() if line.startswith("copydesk crawl"))
    command = line.replace("https://example.org/news/", sample_site).replace("articles.jsonl", f"{tmp_path}/a.jsonl")
    done = run(f"{command} --delay 0 -s AUTOTHROTTLE_ENABLED=False", tmp_path)
    assert done.returncode == 0, done.stderr
    assert b"six winters" in (tmp_path / "a.jsonl").read_bytes()
    shown = README.partition("records written to articles.jsonl\n")[2].partition("```")[0].splitlines()
    assert shown == done.stderr.splitlines()[-len(shown) :]


def test_the_record_shown_is_what_the_page_gives() -> None:
    shown = json.loads(README.partition("```json\n")[2].partition("```")[0])
    page = (PROJECT / "seeds" / "site" / "news" / "ferry-timetable.html").read_bytes()
    record = copydesk.extract(page, url=shown["url"]).as_dict()
    assert {name: record[name] for name in shown} == shown


def test_the_table_of_figures_is_current() -> None:
    figures = json.loads((PROJECT / "docs" / "lab" / "figures.json").read_text("utf-8"))
    assert with_table(README, figures) == README, "python -m benchmarks.figures renews it"


def test_every_page_that_the_readme_links_is_there() -> None:
    linked = re.findall(r"\]\(([\w./-]+)\)", README)
    assert [name for name in linked if not (PROJECT / name).exists()] == []


def test_cleaning_loads_neither_scrapy_nor_twisted() -> None:
    code = "import cleaners, sys; sys.exit(bool({'scrapy', 'twisted'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-W", "error", "-c", code], check=False).returncode == 0
