"""The tree of folders: few entries in each, a line that describes it, and imports that run one way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
MOST_ENTRIES = 15

# From the bottom up: a package or subfolder imports only from those before it.
PACKAGES = ("cleaners", "pipelines", "crawler", "copydesk")
ROOMS = {
    "cleaners": (
        "errors", "words", "page", "tree", "document", "parsing", "site_memory", "options", "rules", "features",
        "classifier", "plan", "training",
    ),
    "pipelines": (
        "dates", "rendering", "evidence", "record", "review", "inputs", "outputs", "selection", "plugins", "workers",
        "items", "training", "engines",
    ),
    "crawler": (
        "urls", "pages", "sources", "frontier", "storage", "fetching", "running", "run", "settings", "spiders",
        "commands",
    ),
    "copydesk": ("own_packages", "extraction", "scrapy", "monitors", "server", "cli", "start"),
}  # fmt: skip


def module_of(path: Path) -> str:
    """The dotted name of a file of this project."""
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for package in PACKAGES for path in sorted((PROJECT / package).rglob("*.py"))}


def rooms_of(package: str) -> set[str]:
    """The folders and modules at the top of a package."""
    entries = [path for path in (PROJECT / package).iterdir() if path.name != "__pycache__"]
    return {path.stem for path in entries if path.is_dir() or path.suffix == ".py"} - {"__init__", "__main__"}


@cache
def imports_of(path: Path) -> frozenset[str]:
    """Every module of this project that a file imports, also inside functions and only for types."""
    return frozenset(_imports_of(path))


def _imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_subfolder_has_its_place_in_the_order(package: str) -> None:
    assert rooms_of(package) == set(ROOMS[package])


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_run_one_way(package: str) -> None:
    order = ROOMS[package]
    backwards = []
    for path in sorted((PROJECT / package).rglob("*.py")):
        parts = path.relative_to(PROJECT / package).with_suffix("").parts
        for name in sorted(imports_of(path)):
            top, *inner = name.split(".")
            if top not in PACKAGES:
                continue
            if PACKAGES.index(top) > PACKAGES.index(package):
                backwards.append(f"{path.relative_to(PROJECT)} imports {name}")
            inside = top == package and parts[0] in order and inner[:1] and inner[0] in order
            if inside and order.index(inner[0]) > order.index(parts[0]):
                backwards.append(f"{path.relative_to(PROJECT)} imports {name}")
    assert backwards == []


def test_no_files_import_each_other_in_a_circle() -> None:
    wants = {name: {other for other in imports_of(path) if other != name} for name, path in MODULES.items()}
    TopologicalSorter(wants).prepare()  # raises CycleError, which names the files of the circle


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_has_few_entries_at_its_top(package: str) -> None:
    entries = [path.name for path in (PROJECT / package).iterdir() if path.name != "__pycache__"]
    assert len(entries) <= MOST_ENTRIES, sorted(entries)


FOLDERS = sorted(path.parent for package in PACKAGES for path in (PROJECT / package).rglob("__init__.py"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_folder_says_in_its_first_line_what_happens_there(folder: Path) -> None:
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    assert said
    assert said.splitlines()[0].endswith((".", ":"))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_with_modules_is_a_package(package: str) -> None:
    bare = {path.parent for path in (PROJECT / package).rglob("*.py")} - set(FOLDERS)
    assert bare == set()
