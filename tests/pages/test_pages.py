"""Whole pages of our own: each folder holds a page and the keys of its record that matter.

expected.json may have any key of the record (`flags`: those that the record must have, among others), and these:

about        what is difficult about the page
body_starts, body_ends, present, absent
             pieces of the body's text; white space counts as one space
wrong_today  the keys that are still wrong, each with the reason; the test fails when one is right, so that we remove it
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from cleaners.page import Page
from pipelines.record.build import record_of

FOLDERS: Final = sorted(path.parent for path in Path(__file__).parent.glob("*/expected.json"))


def expectations() -> list[Any]:
    """One case for each key of each page; keys that are still wrong must fail."""
    cases: list[Any] = []
    for folder in FOLDERS:
        expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        wrong = expected.pop("wrong_today", {})
        for key in expected.keys() - {"about", "url"}:
            marks = [pytest.mark.xfail(reason=wrong[key], strict=True)] if key in wrong else []
            cases.append(pytest.param(folder, key, expected[key], marks=marks, id=f"{folder.name}-{key}"))
    return sorted(cases, key=lambda case: str(case.id))


@pytest.fixture(scope="module")
def records() -> dict[Path, dict[str, Any]]:
    """The record of every page."""
    made = {}
    for folder in FOLDERS:
        url = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["url"]
        made[folder] = record_of(Page((folder / "page.html").read_bytes(), url=url)).article.as_dict()
    return made


@pytest.mark.parametrize(("folder", "key", "expected"), expectations())
def test_a_page_gives_the_record_that_its_folder_states(
    folder: Path, key: str, expected: Any, records: dict[Path, dict[str, Any]]
) -> None:
    record = records[folder]
    body = " ".join(record["body"].split())
    match key:
        case "body_starts":
            assert body.startswith(expected)
        case "body_ends":
            assert body.endswith(expected)
        case "present":
            assert [piece for piece in expected if piece not in body] == []
        case "absent":
            assert [piece for piece in expected if piece in body] == []
        case "flags":
            assert set(expected) <= set(record["flags"])
        case _:
            assert record[key] == expected


def test_there_are_pages_of_many_kinds_scripts_and_years() -> None:
    years = {folder.name[:4] for folder in FOLDERS}
    assert len(FOLDERS) >= 30
    assert min(years) == "1998"
    assert max(years) == "2026"
