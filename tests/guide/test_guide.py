"""The guide: its examples run, its commands exist, its notebook executes, and the site builds without a broken link."""

from __future__ import annotations

import doctest
import json
import os
import re
import shlex
import warnings
from pathlib import Path

import pytest

from copydesk.cli.commands import COMMANDS
from copydesk.cli.main import parser
from tests import warm

PROJECT = Path(__file__).parents[2]
GUIDE = PROJECT / "docs" / "guide"


OURS = re.compile(rf"copydesk (?:{'|'.join(command.name for command in COMMANDS)})\b[^|>&]*")


def commands_of(page: Path) -> list[str]:
    """Our commands in a page's blocks of shell commands, without the shell syntax around them."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    lines = [line for language, block in blocks if language in ("", "sh", "cron") for line in block.splitlines()]
    bare = (re.sub(r'"\$\((.*)\)"', r"\1", line) for line in lines)  # eval "$(copydesk completion bash)"
    return [hit.group().removesuffix(" 2") for line in bare if (hit := OURS.search(line))]


PAGES = {page.name: commands_of(page) for page in sorted(GUIDE.glob("*.md"))}
CALLS = [(name, command) for name, commands in PAGES.items() for command in commands]


def test_the_calls_that_replace_those_of_other_libraries_work() -> None:
    outcome = doctest.testfile(str(GUIDE / "from-others.md"), module_relative=False)
    assert outcome.attempted > 8
    assert outcome.failed == 0


@pytest.mark.parametrize(("page", "command"), CALLS, ids=[f"{name}: {command[:50]}" for name, command in CALLS])
def test_every_command_of_the_guide_can_be_called(page: str, command: str) -> None:
    words = shlex.split(command.replace("…", ""), comments=True)[1:]
    parsed = parser(words[0]).parse_args(words)
    assert parsed.run


def test_the_recipes_are_there() -> None:
    assert len(PAGES["recipes.md"]) > 12


# Runs the cells in the shell that a notebook's kernel has.
RUN_CELLS = """
import json, sys
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell
if __name__ == "__main__":
    shell = InteractiveShell()
    for cell in json.loads(Path(sys.argv[1]).read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            shell.run_cell("".join(cell["source"])).raise_error()
"""


def test_the_notebook_runs(tmp_path: Path) -> None:
    pytest.importorskip("IPython", reason="runs a notebook")
    (tmp_path / "cells.py").write_text(RUN_CELLS)
    notebook, variables = PROJECT / "examples" / "notebook.ipynb", os.environ | {"IPYTHONDIR": str(tmp_path)}
    done = warm.run("python", "cells.py", str(notebook), folder=tmp_path, variables=variables)
    assert done.returncode == 0, done.stderr
    assert "The tide table is wrong" in done.stdout
    assert "share_bar" in done.stdout
    assert (tmp_path / "view.html").stat().st_size > 1000


def test_the_site_builds_without_a_broken_link(tmp_path: Path) -> None:
    pytest.importorskip("material", reason="the site needs copydesk[docs]")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the builder's own libraries
        from mkdocs.commands.build import build
        from mkdocs.config import load_config

        build(load_config(str(PROJECT / "mkdocs.yml"), site_dir=str(tmp_path / "site"), strict=True))
    found = json.loads((tmp_path / "site" / "search" / "search_index.json").read_text("utf-8"))
    assert {"guide/recipes/", "guide/from-others/"} <= {entry["location"] for entry in found["docs"]}
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 20
    loads = r"""<(?:script|link|img)[^>]+(?:src|href)="?(https?://[^" >]+)"""
    loaded = {hit for page in pages for hit in re.findall(loads, page.read_text("utf-8"))}
    assert loaded == set(), "a page of the site loads nothing from elsewhere"
