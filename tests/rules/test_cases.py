"""Every row of every table: what it must hit, what it must not hit, and its reason."""

import pytest

from cleaners import Page
from cleaners.document import Mark
from cleaners.options import DEFAULT
from cleaners.plan import document_of
from cleaners.rules.rows import STRUCTURE_TABLES, WORDING_TABLES, Row, StructureRow, WordingRow, load_rows
from cleaners.rules.structure import name_structure
from cleaners.rules.wording import name_wording

WORDING = load_rows(WordingRow, WORDING_TABLES)
STRUCTURE = load_rows(StructureRow, STRUCTURE_TABLES)


def cases(rows: tuple[Row, ...], kind: str) -> list[object]:
    return [pytest.param(row, text, id=f"{row.concept}-{text[:40]}") for row in rows for text in getattr(row, kind)]


def marks_of_text(text: str) -> list[Mark]:
    return [*name_wording(document_of(Page(text, "text")), (), DEFAULT).marks]


def marks_of_html(html: str) -> list[Mark]:
    return [*name_structure(document_of(Page(html)), (), DEFAULT).marks]


def concepts(marks: list[Mark]) -> set[str]:
    return {mark.evidence.split(":")[0] for mark in marks}


@pytest.mark.parametrize(("row", "text"), cases(WORDING, "hit"))
def test_a_wording_row_marks_its_case_under_its_reason(row: WordingRow, text: str) -> None:
    (mark,) = marks_of_text(text)
    assert (mark.reason, mark.action, mark.evidence.split(":")[0]) == (row.reason, row.action, row.concept)


@pytest.mark.parametrize(("row", "text"), cases(WORDING, "hit"))
def test_a_wording_row_reads_markup_as_it_reads_a_dump(row: WordingRow, text: str) -> None:
    if "html" in row.markup:
        escaped = text.replace("&", "&amp;").replace("<", "&lt;")
        document = document_of(Page(f"<body><div>{escaped}</div></body>"))
        assert concepts([*name_wording(document, (), DEFAULT).marks]) == {row.concept}


@pytest.mark.parametrize(("row", "text"), cases(WORDING, "miss"))
def test_no_wording_row_drops_a_near_miss(row: WordingRow, text: str) -> None:
    marks = marks_of_text(text)
    assert row.concept not in concepts(marks)
    assert not [mark for mark in marks if mark.action == "drop"]


@pytest.mark.parametrize(("row", "html"), cases(STRUCTURE, "hit"))
def test_a_structure_row_marks_its_case_under_its_reason(row: StructureRow, html: str) -> None:
    found = [mark for mark in marks_of_html(html) if mark.evidence.split(":")[0] == row.concept]
    assert {(mark.reason, mark.action) for mark in found} == {(row.reason, row.action)}


@pytest.mark.parametrize(("row", "html"), cases(STRUCTURE, "miss"))
def test_no_structure_row_drops_a_near_miss(row: StructureRow, html: str) -> None:
    marks = marks_of_html(html)
    assert row.concept not in concepts(marks)
    assert not [mark for mark in marks if mark.action == "drop"]
