"""The pages of docs/: all links and files that they name exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PAGES = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md"), *PROJECT.glob("cleaners/**/*.md")])
FOLDERS = ("cleaners", "pipelines", "crawler", "copydesk", "benchmarks", "tools", "tests", "seeds", "docs", "examples")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    if page.name == "CHANGELOG.md":
        return  # it describes the past
    named = re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]+)`", page.read_text("utf-8"))
    assert [name for name in named if not (PROJECT / name).exists()] == []


def test_the_index_links_every_page() -> None:
    index = PROJECT / "docs" / "index.md"
    linked = {(index.parent / link).resolve() for link in re.findall(r"\]\(([\w./-]+\.md)", index.read_text("utf-8"))}
    missing = [page for page in (PROJECT / "docs").rglob("*.md") if page != index and page.resolve() not in linked]
    assert missing == []
